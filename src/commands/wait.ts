import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../define/app.ts';
import { beyond, on, otherwise, whole } from '../define/option.ts';
import { ServiceError, TglanceError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';
import type { Image, Task } from '../glance/types.ts';

/** How long to stay, for commands whose work goes on in the cloud. */
export const waitOptions = beyond({
  wait: on('--wait', 'Come back only when the cloud has finished, or has failed'),
  timeout: otherwise(whole('--timeout <SECONDS>', 'Longest time to wait with --wait'), 3600),
});

/** What a look at the cloud showed: that it is done, or how far it is. */
export type Look<T> = { readonly done: T } | { readonly still: string };

/** Looks again and again, tells what changes, and gives what is there at the end; `look` throws when it failed. */
export async function waitFor<T>(app: App, seconds: number, look: () => Promise<Look<T>>): Promise<T> {
  const end = performance.now() + seconds * 1000;
  let told = '';
  for (let pause = 250; ; pause = Math.min(pause * 1.5, 5000)) {
    const seen = await look();
    if ('done' in seen) return seen.done;
    if (seen.still !== told) app.stdio.tell(seen.still);
    told = seen.still;
    const left = end - performance.now();
    if (left <= 0) throw new TglanceError(`${told}, after ${seconds} s; it goes on in the cloud`);
    await sleep(Math.min(pause, left), undefined, { signal: app.signal });
  }
}

/**
 * One look at an image whose data are on their way: active, complete and in all of `stores`; or the service's
 * reason for its failure.
 */
export async function lookAtImport(
  { images, imports }: Glance,
  id: string,
  stores: readonly string[] = [],
): Promise<Look<Image>> {
  const image = await images.show(id);
  const newest = (await tasksOf(imports, id)).at(-1);
  const failed = words(image.os_glance_failed_import);
  const importing = words(image.os_glance_importing_to_stores);
  const busy = newest?.status === 'pending' || newest?.status === 'processing' || importing !== '';
  const holds = words(image.stores).split(',');
  if (newest?.status === 'failure' || (failed !== '' && !busy)) {
    const where = failed === '' ? '' : ` into ${failed}`;
    throw new TglanceError(
      `Importing image ${id}${where} failed: ${words(newest?.message) || 'no reason was given'}`,
    );
  }
  if (image.status === 'killed' || image.status === 'deleted') {
    throw new TglanceError(`Image ${id} is ${image.status}`);
  }
  if (image.status === 'active' && !busy && stores.every((store) => holds.includes(store))) {
    return { done: image };
  }
  return {
    still: `Image ${id} is ${image.status}${importing === '' ? '' : `, still to go into ${importing}`}`,
  };
}

/** One look at an image that was deleted: some clouds take their time. */
export async function lookAtDeletion({ images }: Glance, id: string): Promise<Look<undefined>> {
  try {
    const { status } = await images.show(id);
    return { still: `Image ${id} is still there, ${status}` };
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404) return { done: undefined };
    throw error;
  }
}

const words = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Oldest first; older services do not tell. */
async function tasksOf(imports: Glance['imports'], id: string): Promise<readonly Task[]> {
  try {
    const tasks = await imports.tasks(id);
    return tasks.toSorted((one, other) => (words(one.created_at) < words(other.created_at) ? -1 : 1));
  } catch (error) {
    if (error instanceof ServiceError && [403, 404].includes(error.status)) return [];
    throw error;
  }
}
