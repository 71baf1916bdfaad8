import { admin, demo, kept, type Line, notAllowed, ns, rules } from './line.ts';

/** A namespace that is protected, or somebody else's to change; it is gone at the end. */
export const protectedOnes: readonly Line[] = [
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
