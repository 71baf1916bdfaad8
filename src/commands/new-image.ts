import { randomUUID } from 'node:crypto';
import type { App } from '../define/app.ts';
import { beyond, many, on, several, text } from '../define/option.ts';
import { AnswerError, NetworkError, ServiceError, UsageError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';
import type { Image } from '../glance/types.ts';

/** What is said of an image only when it is created. */
export const newImageOptions = {
  id: text('--id <ID>', 'ID of the new image, a UUID'),
  tags: several('--tags <TAG...>', 'Tags of the new image'),
  ...beyond({
    tag: many(text('--tag <TAG>', 'A tag of the new image; repeatable')),
    keep_failed: on('--keep-failed', 'Keep the record of an image that could not get its data'),
  }),
};

/** Refuses what can only be said of data. */
export function refuseWithoutData(options: { size?: number; store?: string }): void {
  if (options.size !== undefined) {
    throw new UsageError('--size is the size of data: give them with --file or on standard input');
  }
  if (options.store !== undefined) {
    throw new UsageError('--store option should only be provided with --file option or stdin.');
  }
}

/** Refuses data of formats that nobody names. */
export function refuseWithoutFormats(set: ReadonlyMap<string, unknown>, from: string): void {
  const missing = ['disk_format', 'container_format'].filter((key) => !set.has(key));
  if (missing.length > 0) {
    const flags = missing.map((key) => `--${key.replace('_', '-')}`).join(', ');
    throw new UsageError(`Must provide ${flags} when using ${from}.`);
  }
}

/**
 * Creates a record; the ID is known before, so that a request that is repeated cannot make two, and one whose answer is
 * lost leaves none.
 */
export async function createRecord(
  app: App,
  { images }: Glance,
  set: ReadonlyMap<string, unknown>,
  { id, tags, tag }: { id?: string; tags?: readonly string[]; tag?: readonly string[] },
): Promise<Image> {
  const ours = id ?? randomUUID();
  const isFree = id === undefined || (await isUnknown(images, id));
  const all = tags === undefined && tag === undefined ? {} : { tags: [...(tags ?? []), ...(tag ?? [])] };
  const fields = { id: ours, ...all, ...Object.fromEntries(set) };
  try {
    const made = await images.create(fields);
    // some clouds choose themselves; who named one will look for that one
    const fits = typeof made.id === 'string' && (id ?? made.id).toLowerCase() === made.id.toLowerCase();
    if (fits) return made;
    throw new AnswerError(
      `The cloud was asked for image ${ours} and says that it made ${made.id ?? 'one without an ID'}`,
    );
  } catch (error) {
    if (!isFree) throw error;
    // nobody else has chosen this id: an answer to the first of two tries was lost on the way
    if (error instanceof ServiceError && error.status === 409) return images.show(ours);
    // nobody knows whether the record was made
    const isOpen = app.signal.aborted || error instanceof NetworkError;
    if (isOpen) await app.lastly((glance) => glance.images.delete(ours));
    throw error;
  }
}

/** Whether the cloud says that there is no such image; what was there before is nobody's to take or to remove. */
const isUnknown = (images: Glance['images'], id: string): Promise<boolean> =>
  images.show(id).then(
    () => false,
    (error: unknown) => {
      if (error instanceof ServiceError) return error.status === 404;
      throw error;
    },
  );

/** Gives a new record its data; one that stays without them is removed, unless it is to be kept. */
export async function filled<T>(
  app: App,
  created: Image,
  { keep_failed }: { keep_failed?: boolean },
  fill: () => Promise<T>,
): Promise<T> {
  try {
    return await fill();
  } catch (error) {
    if (!keep_failed) await app.lastly(({ images }) => images.delete(created.id));
    throw error;
  }
}
