import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TglanceError } from '../errors.ts';
import { type Blobs, openBlobs } from './blobs.ts';
import { settleOrphans } from './claims.ts';
import { type People, peopleOf } from './people.ts';
import { places } from './places.ts';
import { privateFolder } from './private.ts';
import { openStore, type Store } from './store.ts';

/** Everything the routes work on. */
export interface Cloud {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly people: People;
  /** ms since 1970 */
  readonly clock: () => number;
  readonly tokenSeconds: number;
  /** Whether images say where their data are, and let it be changed. */
  readonly showsLocations: boolean;
  /** The most that the cache may hold after it was pruned, in bytes. */
  readonly cacheBytes: number;
  /** Where records and data lie. */
  readonly dir: string;
  /** Imports that go on after their request was answered. */
  readonly background: Set<Promise<void>>;
  /** Ends downloads of imports when the server stops. */
  readonly stopping: AbortController;
}

/** Opens the cloud in `dir`, or a new one in a temporary folder that `close` removes. */
export async function openCloud(
  dir: string | undefined,
  options: Pick<Cloud, 'clock' | 'tokenSeconds' | 'showsLocations' | 'cacheBytes'>,
) {
  const home = dir ?? (await mkdtemp(join(tmpdir(), 'tglance-sandbox-')));
  const store = opened(home);
  const cloud: Cloud = {
    store,
    blobs: openBlobs(home, places),
    people: peopleOf(store.secret),
    ...options,
    dir: home,
    background: new Set(),
    stopping: new AbortController(),
  };
  settleOrphans(cloud);
  const close = async () => {
    await Promise.allSettled(cloud.background);
    await store.close();
    if (dir === undefined) await rm(home, { recursive: true, force: true });
  };
  return { cloud, close };
}

function opened(dir: string): Store {
  try {
    privateFolder(dir, 'records.mdb');
    return openStore(dir);
  } catch (error) {
    if (error instanceof TglanceError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new TglanceError(`Cannot open the sandbox in ${dir}: ${why}`, { cause: error });
  }
}

/** Lets something go on after the answer; `close` waits for it. */
export function inBackground({ background }: Cloud, work: Promise<void>): void {
  const tracked = work.finally(() => background.delete(tracked));
  background.add(tracked);
}
