import { imageOf, type Known, type KnownCall, param, permitAdmin } from './calls.ts';
import { type Cloud, inBackground } from './cloud.ts';
import { empty, json } from './exchange.ts';
import type { Image } from './image.ts';
import { refuse } from './refusal.ts';

/** A copy that the server keeps beside itself, or is to make. Times in ms. */
export interface Cached {
  readonly id: string;
  readonly state: 'cached' | 'queued';
  readonly size: number;
  readonly hits: number;
  readonly accessed: number;
  readonly modified: number;
}

/** Data that are read whole go into the cache on their way; from then on they come from there. */
export async function* cached(
  cloud: Cloud,
  image: Image,
  data: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  yield* data;
  cloud.store.change(() => keep(cloud, image.id));
}

/** Within a change. */
function keep({ store, clock }: Cloud, id: string): void {
  const image = store.images.get(id);
  const known = store.cache.get(id);
  if (image === undefined) return;
  const now = clock();
  const copy = { id, state: 'cached', size: image.size ?? 0, hits: 0, accessed: now, modified: now } as const;
  store.cache.put(id, known?.state === 'cached' ? { ...known, hits: known.hits + 1, accessed: now } : copy);
}

/** GET /v2/cache, https://docs.openstack.org/api-ref/image/v2/#cache-manage */
export const listCache: Known = ({ store }, call) => {
  permitAdmin(call, 'cache_list');
  const all = store.cache.all();
  return json(200, {
    cached_images: all
      .filter(({ state }) => state === 'cached')
      .map(({ id, hits, size, accessed, modified }) => ({
        image_id: id,
        hits,
        last_accessed: accessed / 1000,
        last_modified: modified / 1000,
        size,
      })),
    queued_images: all.filter(({ state }) => state === 'queued').map(({ id }) => id),
  });
};

/** PUT /v2/cache/:id */
export const queueCopy: Known = (cloud, call) => {
  const { store } = cloud;
  const { id } = store.change(() => {
    const image = imageOf(cloud, call, missing);
    permitAdmin(call, 'cache_image');
    if (image.status !== 'active') {
      throw refuse(400, 'Only images with status active can be targeted for queueing');
    }
    const now = cloud.clock();
    const wish = { id: image.id, state: 'queued', size: 0, hits: 0, accessed: now, modified: now } as const;
    if (store.cache.get(image.id) === undefined) store.cache.put(image.id, wish);
    return image;
  });
  inBackground(cloud, copyQueued(cloud, id));
  return empty(202);
};

async function copyQueued(cloud: Cloud, id: string): Promise<void> {
  // the answer to the request goes first
  await new Promise((resolve) => setImmediate(resolve));
  cloud.store.change(() => {
    if (cloud.store.cache.get(id)?.state === 'queued') keep(cloud, id);
  });
}

/** DELETE /v2/cache/:id: also of an image that is gone. */
export const removeCached: Known = (cloud, call) => {
  const { store } = cloud;
  store.change(() => {
    const id = param(call, 'id');
    if (store.cache.get(id) === undefined) imageOf(cloud, call, missing);
    permitAdmin(call, 'cache_delete');
    store.cache.remove(id);
  });
  return empty(204);
};

const missing = (id: string) => `Image ${id} not found.`;

/** DELETE /v2/cache */
export const clearCache: Known = ({ store }, call) => {
  permitAdmin(call, 'cache_delete');
  const target = call.headers['x-image-cache-clear-target']?.toLowerCase() ?? '';
  const states = { '': ['cached', 'queued'], cache: ['cached'], queue: ['queued'] }[target];
  if (states === undefined) {
    throw refuse(400, "If provided 'x-image-cache-clear-target' must be 'cache', 'queue' or empty string.");
  }
  store.change(() => {
    for (const { id, state } of store.cache.all()) if (states.includes(state)) store.cache.remove(id);
  });
  return empty(204);
};

/** POST /v2/cache/clean: copies are made in one step, so none is ever broken. */
export const cleanCache: Known = (_cloud, call) => {
  permitAdmin(call, 'cache_clean');
  return { ...empty(200), headers: { 'content-length': '0' } };
};

/** POST /v2/cache/prune */
export const pruneCache: Known = ({ store, cacheBytes }, call) => {
  permitAdmin(call, 'cache_prune');
  const gone = store.change(() => {
    const copies = store.cache.all().filter(({ state }) => state === 'cached');
    const newestFirst = [...copies].sort((one, other) => other.accessed - one.accessed);
    let room = cacheBytes;
    const tooMuch = newestFirst.filter(({ size }) => {
      room -= size;
      return room < 0;
    });
    for (const { id } of tooMuch) store.cache.remove(id);
    return tooMuch;
  });
  return json(200, {
    total_files_pruned: gone.length,
    total_bytes_pruned: gone.reduce((sum, { size }) => sum + size, 0),
  });
};

/** GET /v2/cache/nodes/:id: there is one server, this one. */
export const showNodes: Known = (cloud, call) => {
  permitAdmin(call, 'list_cached_nodes');
  const { id } = imageOf(cloud, call, missing);
  return json(200, cloud.store.cache.get(id)?.state === 'cached' ? [here(call)] : []);
};

const here = ({ origin }: KnownCall) => `${origin}/image`;
