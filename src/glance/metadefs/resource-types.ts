import type { Api } from '../api.ts';
import { at, reachable } from './at.ts';
import type { Association, ResourceType } from './types.ts';

/** /v2/metadefs/resource_types, and those that a namespace is for: https://docs.openstack.org/api-ref/image/v2/metadefs-index.html#metadata-definition-resource-types */
export const resourceTypes = (api: Api) => ({
  list: () => api.pages<ResourceType>('/v2/metadefs/resource_types', 'resource_types', []),
  ofNamespace: (namespace: string) =>
    api.pages<Association>(at`${namespace}/resource_types`, 'resource_type_associations', []),
  associate: async (namespace: string, association: Association) =>
    api.post<Association>(at`${namespace}/resource_types`, {
      ...association,
      name: reachable(association.name),
    }),
  deassociate: (namespace: string, name: string) => api.delete(at`${namespace}/resource_types/${name}`),
});
