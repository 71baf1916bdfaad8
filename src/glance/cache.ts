import type { Api } from './api.ts';
import { path } from './path.ts';
import { listIn, wordsIn } from './shape.ts';

/** An image that the server keeps a copy of; times in seconds since 1970. */
export interface CachedImage {
  readonly image_id: string;
  readonly last_accessed: number;
  readonly last_modified: number;
  readonly size: number;
  readonly hits: number;
}

/** /v2/cache: the copies that a server keeps beside itself. https://docs.openstack.org/api-ref/image/v2/#cache-manage */
export const cache = (api: Api) => ({
  list: async () => {
    const answer = await api.get('/v2/cache');
    return {
      cached_images: listIn<CachedImage>(answer, 'cached_images'),
      queued_images: wordsIn(answer, 'queued_images'),
    };
  },
  queue: (id: string) => api.put(path`/v2/cache/${id}`),
  remove: (id: string) => api.delete(path`/v2/cache/${id}`),
  clear: (target: 'both' | 'cache' | 'queue') =>
    api.delete('/v2/cache', target === 'both' ? {} : { 'x-image-cache-clear-target': target }),
  /** What is broken or was never finished; 2.18. */
  clean: () => api.post('/v2/cache/clean'),
  /** What has not been asked for longest, until the rest fits the server's limit; 2.18. */
  prune: () => api.post('/v2/cache/prune'),
  /** The servers that have a copy, where they share what they know; 2.18. */
  nodes: (id: string) => api.list(path`/v2/cache/nodes/${id}`),
});
