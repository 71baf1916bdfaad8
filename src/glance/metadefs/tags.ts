import type { Api } from '../api.ts';
import { listIn } from '../shape.ts';
import { at, reachable } from './at.ts';
import type { Tag } from './types.ts';

/** /v2/metadefs/namespaces/NS/tags: https://docs.openstack.org/api-ref/image/v2/metadefs-index.html#metadata-definition-tags */
export const tags = (api: Api) => {
  const show = (namespace: string, name: string) => api.get<Tag>(at`${namespace}/tags/${name}`);
  return {
    list: (namespace: string) => api.pages<Tag>(at`${namespace}/tags`, 'tags', []),
    show,
    create: (namespace: string, name: string) => api.post<Tag>(at`${namespace}/tags/${name}`),
    /** Gives a namespace these tags in place of those it has, or in addition to them. */
    createSeveral: async (namespace: string, names: readonly string[], append: boolean) => {
      const headers = append ? { 'x-openstack-append': 'True' } : {};
      const body = { tags: names.map((name) => ({ name: reachable(name) })) };
      return listIn<Tag>(await api.post(at`${namespace}/tags`, body, { headers }), 'tags');
    },
    rename: async (namespace: string, name: string, next: string) => {
      await api.put(at`${namespace}/tags/${name}`, { name: reachable(next) });
      return show(namespace, next);
    },
    delete: (namespace: string, name: string) => api.delete(at`${namespace}/tags/${name}`),
    deleteAll: (namespace: string) => api.delete(at`${namespace}/tags`),
  };
};
