import { admin, type Line, misfit, notThere, ns } from './line.ts';

/** What the namespace that was made is for. */
export const resourceTypes: readonly Line[] = [
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
