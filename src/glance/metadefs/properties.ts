import type { Api } from '../api.ts';
import { at, reachable } from './at.ts';
import type { Property } from './types.ts';

/** /v2/metadefs/namespaces/NS/properties: https://docs.openstack.org/api-ref/image/v2/metadefs-index.html#metadata-definition-properties */
export const properties = (api: Api) => {
  const show = async (namespace: string, name: string): Promise<Property> => ({
    ...(await api.get<Property>(at`${namespace}/properties/${name}`)),
    name,
  });
  return {
    list: async (namespace: string): Promise<Property[]> => {
      const { properties } = await api.get<{ properties?: Readonly<Record<string, Property>> }>(
        at`${namespace}/properties`,
      );
      return Object.entries(properties ?? {}).map(([name, property]) => ({ ...property, name }));
    },
    show,
    create: async (namespace: string, property: Property) =>
      api.post<Property>(at`${namespace}/properties`, { ...property, name: reachable(property.name) }),
    /** Changes some fields; `name` is its new name. */
    update: async (namespace: string, name: string, changes: Partial<Property>) => {
      const next = reachable(changes.name ?? name);
      const old = await show(namespace, name);
      return api.put<Property>(at`${namespace}/properties/${name}`, { ...old, ...changes, name: next });
    },
    delete: (namespace: string, name: string) => api.delete(at`${namespace}/properties/${name}`),
    deleteAll: (namespace: string) => api.delete(at`${namespace}/properties`),
  };
};
