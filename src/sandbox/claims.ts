import { randomUUID } from 'node:crypto';
import { kill, pid } from 'node:process';
import type { Cloud } from './cloud.ts';
import { byName, type Image, withoutProperty, withProperties } from './image.ts';
import { places } from './places.ts';
import type { Claim } from './store.ts';
import { failed } from './tasks.ts';

const run = randomUUID();

/** Notes, within a change, that this process works on the data of image `id`. */
export function claim(cloud: Cloud, id: string, task?: string): Claim {
  const note: Claim = { id, pid, run, nonce: randomUUID(), task };
  cloud.store.claims.put(id, note);
  return note;
}

/** The work ended well; within a change. */
export const release = (cloud: Cloud, note: Claim) => cloud.store.claims.remove(note.id);

/**
 * The work failed, or its process is gone: the image goes back to where data can be sent again, what came in
 * is removed, and the task that did it has failed. A broken upload never becomes active.
 */
export function settle(cloud: Cloud, note: Claim): void {
  const { store, blobs } = cloud;
  store.change(() => {
    blobs.discard(note.nonce);
    // another process may have settled it, and a new upload be under way
    if (store.claims.get(note.id)?.nonce !== note.nonce) return;
    const now = cloud.clock();
    const image = store.images.get(note.id);
    const unused = places.filter((place) => !image?.stores.includes(place));
    blobs.remove(note.id, unused);
    if (image !== undefined) store.images.put(note.id, unfinished(image, now));
    const task = note.task === undefined ? undefined : store.tasks.get(note.task);
    if (task !== undefined) store.tasks.put(task.id, failed(task, now));
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
  const rest = { ...withoutProperty(image, 'os_glance_import_task'), updated_at: now };
  const told = wanted.length === 0 ? rest : withProperties(rest, { [importing]: '', [failedStores]: missed });
  if (image.stores.length + image.locations.length > 0) return told;
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
