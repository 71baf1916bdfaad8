import { type Bytes, refuseBeyond } from '../disk/bytes.ts';
import { damaged } from './file-system.ts';

/** A piece of a file that lies in one piece on its disk; all in bytes. */
export interface Run {
  /** Where in the file it begins. */
  readonly at: number;
  readonly length: number;
  /** Where on the disk it begins. */
  readonly from: number;
}

/** More pieces than this are no file of a guest. */
export const mostRuns = 100_000;

/** A file of `size` bytes whose pieces lie on a disk, zeros where it has none; `where` names it when it is damaged. */
export function scattered(disk: Bytes, size: number, pieces: readonly Run[], where: string): Bytes {
  const runs = pieces.toSorted((a, b) => a.at - b.at);
  let end = 0;
  for (const { at, length, from } of runs) {
    if (at < end) throw damaged(where, `two of its pieces claim byte ${at}`);
    if (from + length > disk.size) throw damaged(where, `it goes on beyond the end of the disk`);
    end = at + length;
  }
  return {
    size,
    read: async (into, at) => {
      refuseBeyond(size, into, at);
      into.fill(0);
      const last = at + into.length;
      for (let next = firstAfter(runs, at); next < runs.length; next += 1) {
        const run = runs[next];
        if (run === undefined || run.at >= last) break;
        const start = Math.max(run.at, at);
        const stop = Math.min(run.at + run.length, last);
        await disk.read(into.subarray(start - at, stop - at), run.from + start - run.at);
      }
    },
  };
}

/** More tables of pieces than this have no file of a guest, but those have it that name each other. */
const mostTables = 20_000;

/** Something to call for each table that is read to find the pieces of a file; it refuses one too many. */
export function tableLimit(where: string): () => void {
  let left = mostTables;
  return () => {
    left -= 1;
    if (left < 0) throw damaged(where, `its pieces are in more than ${mostTables} tables`);
  };
}

/** The index of the first run that ends behind `at`. */
function firstAfter(runs: readonly Run[], at: number): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const run = runs[middle];
    if (run !== undefined && run.at + run.length <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds a piece, to the one before it where both lie side by side; refuses more than a file can have. */
export function addRun(runs: Run[], run: Run, where: string): void {
  const last = runs.at(-1);
  const joins =
    last !== undefined && last.at + last.length === run.at && last.from + last.length === run.from;
  if (joins) runs[runs.length - 1] = { ...last, length: last.length + run.length };
  else if (runs.push(run) > mostRuns) throw damaged(where, `it is in more than ${mostRuns} pieces`);
}
