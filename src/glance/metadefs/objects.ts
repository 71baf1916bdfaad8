import type { Api } from '../api.ts';
import { at, reachable } from './at.ts';
import type { MetadefObject } from './types.ts';
import { writable } from './writable.ts';

/** /v2/metadefs/namespaces/NS/objects: https://docs.openstack.org/api-ref/image/v2/metadefs-index.html#metadata-definition-objects */
export const objects = (api: Api) => {
  const show = (namespace: string, name: string) => api.get<MetadefObject>(at`${namespace}/objects/${name}`);
  return {
    list: (namespace: string) => api.pages<MetadefObject>(at`${namespace}/objects`, 'objects', []),
    show,
    create: async (namespace: string, object: MetadefObject) =>
      api.post<MetadefObject>(at`${namespace}/objects`, { ...object, name: reachable(object.name) }),
    /** Changes some fields; `name` is its new name. */
    update: async (namespace: string, name: string, changes: Partial<MetadefObject>) => {
      const next = reachable(changes.name ?? name);
      await api.put(at`${namespace}/objects/${name}`, {
        ...writable(await show(namespace, name)),
        ...changes,
      });
      return show(namespace, next);
    },
    delete: (namespace: string, name: string) => api.delete(at`${namespace}/objects/${name}`),
    deleteAll: (namespace: string) => api.delete(at`${namespace}/objects`),
  };
};
