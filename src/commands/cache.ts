import { arg, args, command } from '../define/command.ts';
import { oneOf, otherwise } from '../define/option.ts';
import { type Columns, done, record, rows } from '../define/view.ts';
import { ServiceError, TglanceError } from '../errors.ts';
import type { CachedImage } from '../glance/cache.ts';
import type { Glance } from '../glance/client.ts';
import { orUnsupported } from './capability.ts';
import { each } from './each.ts';
import { type Look, waitFor, waitOptions } from './wait.ts';

const images = args('<IMAGE>', 'Names or IDs of the images', 'image');

/** An image in the cache, or one that waits for its turn: of that no more is known. */
type Entry = Partial<CachedImage> & { readonly image_id: string; readonly state: 'cached' | 'queued' };

const columns: Columns<Entry> = {
  ID: 'image_id',
  State: 'state',
  'Last Accessed (UTC)': ({ last_accessed }) => pythonTime(last_accessed || undefined),
  'Last Modified (UTC)': ({ last_modified }) => pythonTime(last_modified),
  Size: ({ size }) => size ?? 'N/A',
  Hits: ({ hits }) => hits ?? 'N/A',
};

export const list = command({
  about: 'List the images that the server keeps copies of, and those that it is to copy (administrators).',
  columns,
  examples: ['tglance cache-list'],
  run: async (_input, app) => {
    const glance = await app.glance();
    const { cached_images, queued_images } = await managed(glance.cache.list(), glance);
    const entries: Entry[] = [
      ...cached_images.map((image) => ({ ...image, state: 'cached' as const })),
      ...queued_images.map((image_id) => ({ image_id, state: 'queued' as const })),
    ];
    return rows(entries, columns, Object.keys(columns), { exact: true, centred: true });
  },
});

/** Seconds since 1970 as Python's `isoformat()` has them: microseconds only where there are any. */
function pythonTime(seconds: number | undefined): string {
  // what Date cannot hold is no time either
  if (typeof seconds !== 'number' || Math.abs(seconds) > 8e12) return 'N/A';
  const whole = Math.floor(seconds);
  const micros = Math.round((seconds - whole) * 1e6);
  const time = new Date((whole + Math.floor(micros / 1e6)) * 1000).toISOString().slice(0, 19);
  return micros % 1e6 === 0 ? time : `${time}.${String(micros % 1e6).padStart(6, '0')}`;
}

export const queue = command({
  about: 'Have the server copy images into its cache (administrators).',
  args: { images },
  options: waitOptions,
  examples: ['tglance cache-queue cirros --wait'],
  run: async (input, app) => {
    const glance = await app.glance();
    await each(
      input.args.images,
      async (word) => {
        const id = await glance.images.idOf(word);
        await managed(glance.cache.queue(id), glance).catch(
          explaining(
            `You are not permitted to queue the image '${word}' for caching.`,
            `Unable to queue image '${word}' for caching.`,
          ),
        );
        if (input.options.wait) await waitFor(app, input.options.timeout, () => lookAtCache(glance, id));
      },
      app.signal,
    );
    return done('Queued');
  },
});

async function lookAtCache({ cache }: Glance, id: string): Promise<Look<string>> {
  const { cached_images, queued_images } = await cache.list();
  if (cached_images.some(({ image_id }) => image_id === id)) return { done: id };
  if (queued_images.includes(id)) return { still: `Image ${id} is queued for caching` };
  throw new TglanceError(`Image ${id} is neither cached nor queued: the server could not copy it`);
}

export const remove = command({
  about: 'Delete copies of images from the cache, or take images off its queue (administrators).',
  args: { images },
  examples: ['tglance cache-delete cirros'],
  run: async (input, app) => {
    const glance = await app.glance();
    const drop = async (word: string) =>
      managed(glance.cache.remove(await glance.images.idOf(word)), glance).catch(
        explaining(
          `You are not permitted to delete the image '${word}' from cache.`,
          `Unable to delete image '${word}' from cache.`,
        ),
      );
    await each(input.args.images, drop, app.signal);
    return done('Deleted from the cache');
  },
});

export const clear = command({
  about: 'Empty the cache, its queue, or both (administrators).',
  options: {
    target: otherwise(oneOf('--target <TARGET>', 'What to empty', ['both', 'cache', 'queue']), 'both'),
  },
  examples: ['tglance cache-clear --target queue'],
  run: async ({ options: { target } }, app) => {
    const glance = await app.glance();
    await managed(glance.cache.clear(target), glance).catch(
      explaining(
        'You are not permitted to delete image(s) from cache.',
        'Unable to delete image(s) from cache.',
      ),
    );
    return done(target === 'both' ? 'The cache and its queue are empty' : `The ${target} is empty`);
  },
});

export const clean = command({
  about: 'Remove from the cache what is broken or was never finished (administrators).',
  examples: ['tglance cache-clean'],
  run: async (_input, app) => {
    const glance = await app.glance();
    await newlyManaged(glance.cache.clean(), glance);
    return done('The cache holds nothing broken or unfinished');
  },
});

export const prune = command({
  about:
    'Shrink the cache to the size it may have; what was not read for longest goes first (administrators).',
  examples: ['tglance cache-prune'],
  run: async (_input, app) => {
    const glance = await app.glance();
    return record(await newlyManaged(glance.cache.prune(), glance));
  },
});

export const nodes = command({
  about: 'List the servers that have an image in their cache (administrators).',
  args: { image: arg('<IMAGE>', 'Name or ID of the image', 'image') },
  examples: ['tglance cache-nodes cirros'],
  run: async ({ args }, app) => {
    const glance = await app.glance();
    const urls = await newlyManaged(glance.cache.nodes(await glance.images.idOf(args.image)), glance);
    return rows(
      urls.map((url) => ({ url })),
      { URL: 'url' },
      ['URL'],
    );
  },
});

/** An answer of the cache API, which servers without a cache do not have. */
const managed = <T>(answer: Promise<T>, glance: Glance) =>
  orUnsupported(answer, glance, 'v2.14', 'HTTP Glance does not support image caching API (v2.14)');

const newlyManaged = <T>(answer: Promise<T>, glance: Glance) =>
  orUnsupported(
    answer,
    glance,
    'v2.18',
    'HTTP Glance does not support cleaning and pruning its cache (v2.18)',
  );

/** What the service's refusal means for the one thing that was to be done. */
function explaining(forbidden: string, failed: string) {
  return (error: unknown): never => {
    if (!(error instanceof ServiceError) || error.status === 501) throw error;
    const { status, detail, requestId } = error;
    throw new ServiceError(
      status,
      detail,
      status === 403 ? forbidden : `'HTTP ${detail}': ${failed}`,
      requestId,
    );
  };
}
