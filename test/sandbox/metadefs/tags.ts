import { admin, demo, type Line, long, misfit, notShown, ns } from './line.ts';

/** Tags of the namespace that was made. */
export const tags: readonly Line[] = [
  admin(`POST ${ns}/tags`, 201, { json: { tags: [{ name: 'b' }, { name: 'a' }] } }),
  admin(`GET ${ns}/tags`, 200),
  admin(`POST ${ns}/tags`, 201, {
    json: { tags: [{ name: 'c' }] },
    headers: { 'x-openstack-append': 'True' },
  }),
  admin(`GET ${ns}/tags`, 200),
  ...[{ tags: [{ name: 'c' }] }, { tags: [{ name: 'd' }, { name: 'd' }] }].map((json) =>
    admin(`POST ${ns}/tags`, 409, {
      json,
      headers: { 'x-openstack-append': 'yes' },
      words: `A metadata tag with name=${json.tags[0]?.name} already exists in namespace={mine}. (Please note that metadata tag names are case insensitive).`,
    }),
  ),
  admin(`POST ${ns}/tags`, 201, { json: { tags: [] } }),
  admin(`POST ${ns}/tags`, 500, { json: {} }),
  admin(`POST ${ns}/tags`, 400, {
    json: { tags: [{ name: 'x', colour: 1 }] },
    ...misfit('tags', "Additional properties are not allowed ('colour' was unexpected)"),
  }),
  admin(`GET ${ns}/tags`, 200),
  admin(`POST ${ns}/tags/one%20more`, 201),
  admin(`POST ${ns}/tags/${long}`, 400, misfit('tag', `'${long}' is too long`)),
  admin(`POST ${ns}/tags/d`, 400, { json: { a: 1 }, words: 'A body is not expected with this request.' }),
  admin(`POST ${ns}/tags/a`, 409, {
    words:
      'A metadata tag with name=a already exists in namespace={mine}. (Please note that metadata tag names are case insensitive).',
  }),
  admin(`GET ${ns}/tags/one%20more`, 200),
  admin(`GET ${ns}/tags/none`, 404, { words: 'Could not find metadata tag none' }),
  admin(`PUT ${ns}/tags/none`, 404, { json: { name: 'x' }, words: 'Could not find metadata tag none' }),
  admin(`PUT ${ns}/tags/a`, 409, {
    json: { name: 'b' },
    words:
      'A metadata tag with name=b already exists in namespace={mine}. (Please note that metadata tag names are case insensitive).',
  }),
  admin(`PUT ${ns}/tags/a`, 200, { json: { name: 'A' } }),
  admin(`PUT ${ns}/tags/A`, 403, {
    json: { name: 'A', created_at: 'x' },
    words: "Attribute 'created_at' is read-only.",
  }),
  admin(`PUT ${ns}/tags/A`, 400, { json: {}, ...misfit('tag', "'name' is a required property") }),
  admin(`DELETE ${ns}/tags/none`, 404, { words: 'Could not find metadata tag none' }),
  admin(`GET ${ns}/tags?limit=2`, 200),
  admin(`GET ${ns}/tags?limit=2&marker=c`, 200),
  admin(`GET ${ns}/tags?limit=0`, 200),
  admin(`GET ${ns}/tags?limit=-1`, 400, { words: 'limit param must be positive' }),
  admin(`GET ${ns}/tags?marker=none`, 404, { words: 'Could not find metadata tag none' }),
  admin(`GET ${ns}/tags?sort_key=name&sort_dir=asc`, 200),
  admin(`GET ${ns}/tags?sort_key=created_at&sort_dir=asc`, 200),
  admin(`GET ${ns}/tags?sort_key=colour`, 500),
  admin(`GET ${ns}/tags?sort_dir=up`, 400, { words: 'Invalid sort direction: up' }),
  admin(`DELETE ${ns}/tags/A`, 204),
  demo(`GET ${ns}/tags/b`, 404, notShown),
];
