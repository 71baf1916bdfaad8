import { admin, type Line, rules } from './line.ts';

/** A namespace that is made with everything in it, and some that are not made. */
export const contents: readonly Line[] = [
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
