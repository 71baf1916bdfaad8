import { randomUUID } from 'node:crypto';
import { kill, pid } from 'node:process';
import type { Cloud } from './cloud.ts';
import { byName, type Image, touched, withoutProperty, withProperties } from './image.ts';
import { places } from './places.ts';
import type { Claim } from './store.ts';
import { failed } from './task.ts';

const run = randomUUID();

/** Notes, within a change, that this process works on the data of image `id`. */
export function claim(cloud: Cloud, id: string, task?: string): Claim {
  const note: Claim = { id, pid, run, nonce: randomUUID(), task };
  cloud.store.claims.put(id, note);
  return note;
}

/** Whether the claim still stands, within a change: someone may have deleted the image meanwhile. */
export const holds = (cloud: Cloud, note: Claim) => cloud.store.claims.get(note.id)?.nonce === note.nonce;

/** The work ended well; within a change. */
export const release = (cloud: Cloud, note: Claim) => cloud.store.claims.remove(note.id);

/**
 * The work failed, or its process is gone: the image goes back to where data can be sent again, what came in
 * is removed, and the task that did it has failed. A broken upload never becomes active.
 */
export function settle(cloud: Cloud, note: Claim, message = 'Task failed due to Internal Error'): void {
  const { store, blobs } = cloud;
  store.change(() => {
    blobs.discard(note.nonce);
    if (!holds(cloud, note)) return;
    const image = store.images.get(note.id);
    const kept = image?.stores ?? [];
    blobs.remove(
      note.id,
      places.filter((place) => !kept.includes(place)),
    );
    if (image !== undefined) store.images.put(note.id, unfinished(image, cloud.clock()));
    const task = note.task === undefined ? undefined : store.tasks.get(note.task);
    if (task !== undefined) store.tasks.put(task.id, failed(task, message, cloud.clock()));
    release(cloud, note);
  });
}

/** Settles what processes left behind that are no more. */
export function settleOrphans(cloud: Cloud): void {
  for (const note of cloud.store.claims.all()) if (!isAlive(note)) settle(cloud, note);
}

const importing = 'os_glance_importing_to_stores';
const failedStores = 'os_glance_failed_import';

function unfinished(image: Image, now: number): Image {
  const wanted = byName(image.properties, importing)?.split(',') ?? [];
  const missed = wanted.filter((id) => !image.stores.includes(id)).join(',');
  const rest = touched(withoutProperty(image, 'os_glance_import_task'), now);
  const told = wanted.length === 0 ? rest : withProperties(rest, { [importing]: '', [failedStores]: missed });
  if (image.status === 'active') return told;
  return { ...told, status: 'queued', size: null, virtual_size: null, staged: undefined };
}

function isAlive(note: Claim): boolean {
  if (note.pid === pid) return note.run === run;
  try {
    return kill(note.pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
