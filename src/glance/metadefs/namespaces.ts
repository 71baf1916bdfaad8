import type { Api } from '../api.ts';
import { at, reachable } from './at.ts';
import type { Namespace, NamespaceFields } from './types.ts';
import { writable } from './writable.ts';

const all = '/v2/metadefs/namespaces';
const contents = ['properties', 'objects', 'tags', 'resource_type_associations'];

/** /v2/metadefs/namespaces: https://docs.openstack.org/api-ref/image/v2/metadefs-index.html */
export const namespaces = (api: Api) => {
  const show = (name: string, resourceType?: string) =>
    api.get<Namespace>(at`${name}`, resourceType ? [['resource_type', resourceType]] : []);
  return {
    list: (query: Iterable<readonly [string, string]>) => api.pages<Namespace>(all, 'namespaces', query),
    /** With everything in it; the properties as they are called on things of a type where one is given. */
    show,
    /** With contents, if they are given; what `show` gives of another namespace can be used. */
    create: async (namespace: object & { readonly namespace: string }) => {
      const fields = Object.entries(writable(namespace)).map(([key, value]) => [key, sendable(value)]);
      return api.post<Namespace>(all, {
        ...Object.fromEntries(fields),
        namespace: reachable(namespace.namespace),
      });
    },
    /** Changes what the namespace says of itself; `namespace` is its new name. */
    update: async (name: string, changes: NamespaceFields & { namespace?: string }) => {
      const namespace = reachable(changes.namespace ?? name);
      await api.put(at`${name}`, { ...writable(await show(name), contents), ...changes });
      return show(namespace);
    },
    delete: (name: string) => api.delete(at`${name}`),
  };
};

const sendable = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map((item) => (typeof item === 'object' && item !== null ? writable(item) : item))
    : value;
