/** One request below /v2/metadefs, and what the real Glance answers: its status, and its words where it refuses. */
export interface Line {
  readonly who: 'admin' | 'demo';
  /** Method and path; `{…}` stands for names that belong to this run alone. */
  readonly ask: string;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly words?: string;
}

/** The namespaces that the conversation makes; both are gone at its end. */
export const names = ['mine', 'renamed', 'full', 'other'] as const;

type More = Pick<Line, 'json' | 'headers' | 'words'>;
const admin = (ask: string, status: number, more: More = {}): Line => ({
  who: 'admin',
  ask,
  status,
  ...more,
});
const demo = (ask: string, status: number, more: More = {}): Line => ({ who: 'demo', ask, status, ...more });

const ns = '/namespaces/{mine}';
const rules = { title: 'P', type: 'string' };
const notShown = { words: 'Namespace {mine} not found' };
const notThere = { words: 'Namespace nowhere not found' };
const notAllowed = (action: string) => ({ words: `You are not authorized to complete ${action} action.` });
const kept = (what: string) => ({ words: `Metadata definition ${what} is protected and cannot be deleted.` });
const misfit = (schema: string, problem: string) => ({
  words: `Provided object does not match schema '${schema}': ${problem}`,
});
const long = 'x'.repeat(81);

const namespaces: readonly Line[] = [
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

const properties: readonly Line[] = [
  admin(`POST ${ns}/properties`, 201, {
    json: { name: 'p1', ...rules, default: 5, enum: ['a', null], operators: ['<or>'], readonly: true },
  }),
  admin(`POST ${ns}/properties`, 201, { json: { name: 'p2', ...rules, minimum: 1.7, maximum: -2.7 } }),
  admin(`POST ${ns}/properties`, 201, {
    json: { name: 'p3', ...rules, default: true, items: { type: 'string', enum: ['a'] }, minItems: 1 },
  }),
  admin(`POST ${ns}/properties`, 201, { json: { name: 'p4', ...rules, default: ['a'] } }),
  admin(`POST ${ns}/properties`, 409, {
    json: { name: 'p1', ...rules },
    words: 'A metadata definition property with name=p1 already exists in namespace={mine}.',
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { ...rules },
    ...misfit('property', "'name' is a required property"),
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { name: 'x', title: 'X', type: 'text' },
    ...misfit(
      'property',
      "'text' is not one of ['array', 'boolean', 'integer', 'number', 'object', 'string', None]",
    ),
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { name: 'x', ...rules, colour: 1 },
    ...misfit('property', "Additional properties are not allowed ('colour' was unexpected)"),
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { name: 'x', ...rules, minItems: -1 },
    ...misfit('property', '-1 is less than the minimum of 0'),
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { name: 'x', ...rules, minLength: 1.5 },
    ...misfit('property', "1.5 is not of type 'integer'"),
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { name: 'x', ...rules, required: [] },
    ...misfit('property', '[] is too short'),
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { name: 'x', ...rules, required: ['a', 'a'] },
    ...misfit('property', "['a', 'a'] has non-unique elements"),
  }),
  admin(`POST ${ns}/properties`, 400, {
    json: { name: 'x', ...rules, default: 'é' },
    words:
      'Error decoding your request. Either the URL or the request body contained characters that could not be decoded by Glance',
  }),
  admin(`POST ${ns}/properties`, 500, { json: { name: 'x', ...rules, enum: [1] } }),
  admin(`POST ${ns}/properties`, 500, { json: { name: 'x', ...rules, required: ['a'] } }),
  admin(`POST ${ns}/properties`, 500, { json: { name: 'x', ...rules, items: {} } }),
  admin(`POST ${ns}/properties`, 403, {
    json: { name: 'x', ...rules, created_at: 'x' },
    words: "Attribute 'created_at' is read-only.",
  }),
  admin(`GET ${ns}/properties`, 200),
  admin(`GET ${ns}/properties/p1`, 200),
  admin(`GET ${ns}/properties/none`, 404, { words: 'Could not find property none' }),
  admin(`DELETE ${ns}/properties/none`, 404, { words: 'Could not find property none' }),
  admin(`PUT ${ns}/properties/none`, 404, {
    json: { name: 'x', ...rules },
    words: 'Could not find property none',
  }),
  admin(`PUT ${ns}/properties/p1`, 409, {
    json: { name: 'p2', ...rules },
    words:
      'Invalid update. It would result in a duplicate metadata definition property with the same name=p1 in namespace={mine}.',
  }),
  admin(`PUT ${ns}/properties/p1`, 200, { json: { name: 'p0', ...rules } }),
  admin(`DELETE ${ns}/properties/p2`, 204),
  admin(`GET ${ns}/properties`, 200),
  admin('GET /namespaces/nowhere/properties', 404, notThere),
  admin('GET /namespaces/nowhere/properties/p', 404, notThere),
  admin('POST /namespaces/nowhere/properties', 404, { json: { name: 'x', ...rules }, ...notThere }),
  demo(`GET ${ns}/properties`, 404, notShown),
];

const objects: readonly Line[] = [
  admin(`POST ${ns}/objects`, 201, {
    json: { name: 'o1', description: 'd', required: ['p'], properties: { p: { ...rules, default: 1 } } },
  }),
  admin(`POST ${ns}/objects`, 201, { json: { name: 'o2' } }),
  admin(`POST ${ns}/objects`, 409, {
    json: { name: 'o1' },
    words: 'A metadata definition object with name=o1 already exists in namespace={mine}.',
  }),
  admin(`POST ${ns}/objects`, 400, {
    json: { name: 'x', properties: { p: { title: 'P' } } },
    ...misfit('object', "'type' is a required property"),
  }),
  admin(`POST ${ns}/objects`, 400, {
    json: { name: 'x', properties: { p: { ...rules, colour: 1 } } },
    ...misfit('property', "Additional properties are not allowed ('colour' was unexpected)"),
  }),
  admin(`POST ${ns}/objects`, 400, {
    json: { name: 'x', required: ['a', 'a'] },
    ...misfit('object', "['a', 'a'] has non-unique elements"),
  }),
  admin(`POST ${ns}/objects`, 400, { json: { name: long }, ...misfit('object', `'${long}' is too long`) }),
  admin(`POST ${ns}/objects`, 403, {
    json: { name: 'x', self: 'x' },
    words: "Attribute 'self' is read-only.",
  }),
  admin(`POST ${ns}/objects`, 500, { json: { name: 'x', properties: { p: { ...rules, required: ['a'] } } } }),
  admin(`GET ${ns}/objects`, 200),
  admin(`GET ${ns}/objects?limit=1`, 200),
  admin(`GET ${ns}/objects?limit=0`, 400, { words: 'limit param must be positive' }),
  admin(`GET ${ns}/objects?limit=x`, 400, { words: 'limit param must be an integer' }),
  admin(`GET ${ns}/objects?sort_dir=up`, 400, { words: 'Invalid sort direction: up' }),
  admin(`GET ${ns}/objects/o2`, 200),
  admin(`GET ${ns}/objects/none`, 404, { words: 'Could not find metadata object none' }),
  admin(`DELETE ${ns}/objects/none`, 404, { words: 'Could not find metadata object none' }),
  admin(`PUT ${ns}/objects/none`, 404, { json: { name: 'x' }, words: 'Could not find metadata object none' }),
  admin(`PUT ${ns}/objects/o2`, 409, {
    json: { name: 'o1' },
    words:
      'Invalid update. It would result in a duplicate metadata definition object with the same name=o2 in namespace={mine}.',
  }),
  admin(`PUT ${ns}/objects/o2`, 500, { json: { name: 'o2', properties: { p: { ...rules, colour: 1 } } } }),
  admin(`PUT ${ns}/objects/o2`, 200, { json: { name: 'o4', required: ['a,b', 'c'] } }),
  admin(`GET ${ns}/objects/o4`, 200),
  admin('GET /namespaces/nowhere/objects', 404, {
    words: 'Metadata definition namespace=nowhere was not found.',
  }),
  admin('POST /namespaces/nowhere/objects', 404, {
    json: { name: 'x' },
    words: 'Metadata definition namespace=nowhere was not found.',
  }),
  demo(`GET ${ns}/objects`, 404, notShown),
  demo(`POST ${ns}/objects`, 404, { json: { name: 'x' }, ...notShown }),
];

const tags: readonly Line[] = [
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

const resourceTypes: readonly Line[] = [
  admin(`GET ${ns}/resource_types`, 200),
  admin(`POST ${ns}/resource_types`, 201, {
    json: { name: 'OS::Glance::Image', prefix: 'hw_', properties_target: 'image' },
  }),
  admin(`POST ${ns}/resource_types`, 201, { json: { name: 'OS::Nova::Server' } }),
  admin(`POST ${ns}/resource_types`, 409, {
    json: { name: 'OS::Glance::Image' },
    words:
      'The metadata definition resource-type association of resource-type=OS::Glance::Image to namespace={mine} already exists.',
  }),
  admin(`POST ${ns}/resource_types`, 400, {
    json: {},
    ...misfit('resource_type_association', "'name' is a required property"),
  }),
  admin(`POST ${ns}/resource_types`, 403, {
    json: { name: 'x', created_at: 'x' },
    words: "Attribute 'created_at' is read-only.",
  }),
  admin(`GET ${ns}/resource_types`, 200),
  admin('GET /namespaces?resource_types=OS::Nova::Server&limit=1', 200),
  admin(`GET ${ns}?resource_type=OS::Glance::Image`, 200),
  admin(`GET ${ns}?resource_type=nothing`, 200),
  admin(`GET ${ns}/properties/hw_p0?resource_type=OS::Glance::Image`, 200),
  admin(`GET ${ns}/properties/p0?resource_type=OS::Glance::Image`, 404, {
    words: "Property p0 does not start with the expected resource type association prefix of 'hw_'.",
  }),
  admin(`GET ${ns}/properties/p0?resource_type=OS::Nova::Server`, 404, {
    words: "Property p0 does not start with the expected resource type association prefix of 'None'.",
  }),
  admin(`GET ${ns}/properties/p0?resource_type=nothing`, 404, {
    words: 'The metadata definition resource-type with name=nothing, was not found.',
  }),
  admin(`GET ${ns}/resource_types/OS::Nova::Server`, 405),
  admin(`DELETE ${ns}/resource_types/OS::Nova::Server`, 204),
  admin(`DELETE ${ns}/resource_types/OS::Nova::Server`, 404, {
    words: 'Failed to find resource type OS::Nova::Server to delete',
  }),
  admin(`GET ${ns}/properties/p0?resource_type=OS::Nova::Server`, 404, {
    words:
      'The metadata definition resource-type association of resource-type=OS::Nova::Server to namespace={mine}, was not found.',
  }),
  admin('GET /namespaces/nowhere/resource_types', 404, notThere),
  admin('POST /namespaces/nowhere/resource_types', 404, { json: { name: 'x' }, ...notThere }),
];

const protectedOnes: readonly Line[] = [
  admin(`PUT ${ns}`, 200, { json: { namespace: '{renamed}', protected: true, visibility: 'public' } }),
  ...['', '/objects', '/properties', '/tags'].map((part) =>
    admin(`DELETE /namespaces/{renamed}${part}`, 403, kept('namespace {renamed}')),
  ),
  admin('DELETE /namespaces/{renamed}/objects/o1', 403, kept('object o1')),
  admin('DELETE /namespaces/{renamed}/properties/p0', 403, kept('property p0')),
  admin('DELETE /namespaces/{renamed}/tags/b', 403, kept('tag b')),
  admin(
    'DELETE /namespaces/{renamed}/resource_types/OS::Glance::Image',
    403,
    kept('resource-type-association OS::Glance::Image'),
  ),
  admin('POST /namespaces/{renamed}/tags/late', 201),
  demo('GET /namespaces/{renamed}', 200),
  ...(
    [
      ['POST', 'objects', { name: 'x' }, 'add_metadef_object'],
      ['PUT', 'objects/o1', { name: 'x' }, 'modify_metadef_object'],
      ['DELETE', 'objects/o1', undefined, 'delete_metadef_object'],
      ['DELETE', 'objects', undefined, 'delete_metadef_namespace'],
      ['POST', 'properties', { name: 'x', ...rules }, 'add_metadef_property'],
      ['PUT', 'properties/p0', { name: 'x', ...rules }, 'modify_metadef_property'],
      ['DELETE', 'properties/p0', undefined, 'remove_metadef_property'],
      ['DELETE', 'properties', undefined, 'delete_metadef_namespace'],
      ['POST', 'tags', { tags: [] }, 'add_metadef_tags'],
      ['POST', 'tags/x', undefined, 'add_metadef_tag'],
      ['PUT', 'tags/b', { name: 'x' }, 'modify_metadef_tag'],
      ['DELETE', 'tags/b', undefined, 'delete_metadef_tag'],
      ['DELETE', 'tags', undefined, 'delete_metadef_namespace'],
      ['POST', 'resource_types', { name: 'x' }, 'add_metadef_resource_type_association'],
      ['DELETE', 'resource_types/x', undefined, 'remove_metadef_resource_type_association'],
    ] as const
  ).map(([method, path, json, action]) =>
    demo(`${method} /namespaces/{renamed}/${path}`, 403, {
      ...(json !== undefined && { json }),
      ...notAllowed(action),
    }),
  ),
  admin('PUT /namespaces/{renamed}', 200, { json: { namespace: '{renamed}' } }),
  ...['objects', 'properties', 'tags'].map((part) => admin(`DELETE /namespaces/{renamed}/${part}`, 204)),
  admin('GET /namespaces/{renamed}', 200),
  admin('DELETE /namespaces/{renamed}', 204),
];

const contents: readonly Line[] = [
  admin('POST /namespaces', 201, {
    json: {
      namespace: '{full}',
      owner: 'somebody',
      resource_type_associations: [{ name: 'OS::Nova::Flavor', prefix: 'x:' }],
      properties: {
        p: { ...rules, name: 'inner', default: 1 },
        q: { title: 'Q', type: 'integer', maximum: 5 },
      },
      objects: [{ name: 'o', required: ['a'], properties: { a: { ...rules, default: 1 } } }],
      tags: [{ name: 't1' }, { name: 't2' }],
    },
  }),
  admin('GET /namespaces/{full}', 200),
  admin('GET /namespaces/{full}?resource_type=OS::Nova::Flavor', 200),
  admin('GET /namespaces/{full}/properties', 200),
  admin('GET /namespaces/{full}/properties/p', 200),
  admin('GET /namespaces/{full}/tags', 200),
  admin('POST /namespaces', 409, {
    json: { namespace: '{other}', tags: [{ name: 't' }, { name: 't' }] },
    words:
      'A metadata tag with name=t already exists in namespace={other}. (Please note that metadata tag names are case insensitive).',
  }),
  admin('POST /namespaces', 500, { json: { namespace: '{other}', tags: [{}] } }),
  admin('POST /namespaces', 500, {
    json: { namespace: '{other}', properties: { p: { ...rules, colour: 1 } } },
  }),
  admin('GET /namespaces/{other}', 404),
  admin('DELETE /namespaces/{full}', 204),
];

/** Everything that may be said of metadata definitions, in an order in which it makes sense. */
export const conversation: readonly Line[] = [
  ...namespaces,
  ...properties,
  ...objects,
  ...tags,
  ...resourceTypes,
  ...protectedOnes,
  ...contents,
];
