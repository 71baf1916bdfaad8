import { admin, demo, type Line, long, misfit, notAllowed, notShown, notThere, ns } from './line.ts';

/** Namespaces made, changed, listed, and kept from others. */
export const namespaces: readonly Line[] = [
  admin('POST /namespaces', 201, { json: { namespace: '{mine}', display_name: 'Mine' } }),
  admin('POST /namespaces', 409, {
    json: { namespace: '{mine}' },
    words: 'The metadata definition namespace={mine} already exists.',
  }),
  admin('POST /namespaces', 400, { json: {}, ...misfit('namespace', "'namespace' is a required property") }),
  admin('POST /namespaces', 400, { words: 'Body expected in request.' }),
  admin('POST /namespaces', 400, {
    json: 'text',
    words: 'Unexpected body type. Expected list/dict.',
  }),
  admin('POST /namespaces', 500, { json: [] }),
  admin('POST /namespaces', 400, {
    json: { namespace: 5 },
    ...misfit('namespace', "5 is not of type 'string'"),
  }),
  admin('POST /namespaces', 400, {
    json: { namespace: long },
    ...misfit('namespace', `'${long}' is too long`),
  }),
  admin('POST /namespaces', 403, {
    json: { namespace: '{other}', self: 'x' },
    words: "Attribute 'self' is read-only.",
  }),
  admin('POST /namespaces', 400, {
    json: { namespace: '{other}', colour: 'red' },
    ...misfit('namespace', "Additional properties are not allowed ('colour' was unexpected)"),
  }),
  admin('POST /namespaces', 400, {
    json: { namespace: '{other}', visibility: 'shared' },
    ...misfit('namespace', "'shared' is not one of ['public', 'private']"),
  }),
  admin('POST /namespaces', 400, {
    json: { namespace: '{other}', owner: null },
    ...misfit('namespace', "None is not of type 'string'"),
  }),
  admin('POST /namespaces', 400, {
    json: { namespace: '{other}', resource_type_associations: ['OS::Nova::Flavor'] },
    ...misfit('namespace', "'OS::Nova::Flavor' is not of type 'object'"),
  }),
  demo('POST /namespaces', 403, { json: { namespace: 'x' }, ...notAllowed('add_metadef_namespace') }),
  admin(`GET ${ns}`, 200),
  admin('GET /namespaces/nowhere', 404, { words: 'Metadata definition namespace=nowhere was not found.' }),
  admin('DELETE /namespaces/nowhere', 404, notThere),
  admin('PUT /namespaces/nowhere', 404, { json: { namespace: 'x' }, ...notThere }),
  admin(`PUT ${ns}`, 400, { json: {}, ...misfit('namespace', "'namespace' is a required property") }),
  admin(`PUT ${ns}`, 200, { json: { namespace: '{mine}', description: 'a', visibility: 'public' } }),
  demo(`GET ${ns}`, 200),
  demo(`PUT ${ns}`, 403, { json: { namespace: 'x' }, ...notAllowed('modify_metadef_namespace') }),
  demo(`DELETE ${ns}`, 403, notAllowed('delete_metadef_namespace')),
  admin(`PUT ${ns}`, 200, { json: { namespace: '{mine}' } }),
  admin(`GET ${ns}`, 200),
  demo(`GET ${ns}`, 404, { words: 'The resource could not be found.' }),
  demo(`PUT ${ns}`, 404, { json: { namespace: 'x' }, ...notShown }),
  demo(`DELETE ${ns}`, 404, notShown),
  demo('GET /namespaces?marker={mine}', 403, {
    words: 'Forbidding request, metadata definition namespace={mine} is not visible.',
  }),
  admin('POST /namespaces', 201, { json: { namespace: '{other}', owner: 'somebody' } }),
  admin(`PUT ${ns}`, 409, {
    json: { namespace: '{other}' },
    words:
      'Invalid update. It would result in a duplicate metadata definition namespace with the same name of {other}',
  }),
  admin('GET /namespaces?limit=2', 200),
  admin('GET /namespaces?limit=1&marker={other}', 200),
  admin('GET /namespaces?limit=0', 200),
  admin('GET /namespaces?limit=-1', 400, { words: 'limit param must be positive' }),
  admin('GET /namespaces?limit=x', 500),
  admin('GET /namespaces?sort_key=colour', 500),
  admin('GET /namespaces?sort_dir=up', 400, { words: 'Invalid sort direction: up' }),
  admin('GET /namespaces?visibility=shared', 400, { words: 'Invalid visibility value: shared' }),
  admin('GET /namespaces?visibility=', 200),
  admin('GET /namespaces?marker=nowhere', 404, {
    words: 'Metadata definition namespace=nowhere was not found.',
  }),
  admin('GET /namespaces?resource_types=nobody,nothing', 200),
  admin(`PATCH ${ns}`, 405),
  admin('DELETE /namespaces', 405),
  admin('DELETE /namespaces/{other}', 204),
];
