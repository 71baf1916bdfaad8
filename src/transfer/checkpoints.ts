import { fsync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Known, Note } from './note.ts';
import type { Marks } from './stretch.ts';
import { lengthen } from './system.ts';

/** Bytes, or time (ms), between two moments at which what has come is made to last. */
const distance = 64 * 1024 * 1024;
const interval = 3000;

/** How long the last of these moments may take (ms): somebody has pressed Ctrl-C. */
const moment = 1000;

/** Makes an unfinished file last, piece by piece, and notes how far that is done: a later run can go on from there. */
export function checkpoints(fd: number, note: Note, begun: Known) {
  let known = begun;
  let begunAt = known.bytes;
  let begunOn = Date.now();
  let running: Promise<void> | undefined;
  let failure: unknown;

  const tell = (news: Partial<Known>) => {
    known = { ...known, ...news };
    note.write(known);
  };
  const make = async (bytes: number): Promise<void> => {
    begunAt = bytes;
    begunOn = Date.now();
    lengthen(fd, bytes);
    await sync(fd);
    tell({ bytes });
  };
  tell({});
  return {
    learn: (marks: Marks) => tell({ marks }),
    /** So many bytes at the beginning are complete. */
    reach(bytes: number) {
      if (running !== undefined) return;
      if (bytes - begunAt < distance && Date.now() - begunOn < interval) return;
      running = make(bytes)
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => {
          running = undefined;
        });
    },
    /** Everything begins anew. */
    rewind() {
      begunAt = 0;
      tell({ bytes: 0 });
    },
    /** The last one, if there is time; gives how many bytes a later run will find. */
    async stop(bytes: number): Promise<number> {
      await Promise.race([make(bytes).catch(() => {}), sleep(moment)]);
      return known.bytes;
    },
    /** Rejects if something did not last: the system tells it only once. */
    async finish(): Promise<void> {
      await running;
      if (failure !== undefined) throw failure;
    },
    left: () => known.bytes,
    close: () => note.close(),
  };
}

const sync = promisify(fsync);
