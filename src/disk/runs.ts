import { DiskError } from '../errors.ts';
import { extentsOver, readBelow } from './below.ts';
import { type Bytes, readAt, refuseBeyond } from './bytes.ts';
import type { Disk, Extent } from './format.ts';
import { room } from './threads.ts';
import { type Packing, type Shared, type Unit, unpackUnits, type Way } from './unpack.ts';

/** Bytes in the file, bytes to be unpacked, zeros that were written, and what was never written: zeros as well. */
export type Kind = 'data' | 'packed' | 'zero' | 'unallocated';

/** How the disk goes on from some place, for `length` bytes. */
export type Run =
  | { readonly kind: 'zero' | 'unallocated'; readonly length: number }
  | { readonly kind: 'data'; readonly length: number; readonly at: number }
  | Packed;

/** A run within a unit of the disk that is compressed as a whole: `size` bytes in the file, and where in the unit. */
export interface Packed {
  readonly kind: 'packed';
  readonly length: number;
  readonly at: number;
  readonly size: number;
  readonly from: number;
}

/** What a format knows of a disk: how it goes on from any place, and how it is compressed. */
export interface Layout {
  readonly format: string;
  readonly size: number;
  /** May give a run that goes beyond the end of the disk. */
  runAt(at: number): Run | Promise<Run>;
  readonly packing?: Packing;
  /** Where its data are, if not in the file itself. */
  readonly data?: Bytes | undefined;
  /** What the disk is where nothing was written to it, if not zeros. */
  readonly below?: Disk | undefined;
}

/** The disk that a layout describes, its tables and mostly its data in `file`. */
export function diskOf(file: Bytes, layout: Layout): Disk {
  const { format, size, runAt, packing, data = file, below } = layout;
  const unpacked = unpackedFrom(file, layout);

  /** The run as far as the disk goes; one without length would be read for ever. */
  const bounded = (run: Run, at: number): Run => {
    if (!(run.length > 0)) throw new DiskError(`The ${format} file is damaged at byte ${at} of its disk`);
    return run.length <= size - at ? run : { ...run, length: size - at };
  };
  /** The run that was looked at last, which a reader often wants the next part of. */
  let known: { readonly at: number; readonly run: Run } | undefined;
  const keep = (run: Run, at: number): Run => {
    known = { at, run: bounded(run, at) };
    return known.run;
  };
  /** Nobody waits for what is known: of a disk that is compressed, runs are as many as units. */
  const next = (at: number): Run | Promise<Run> => {
    if (known !== undefined && at >= known.at && at < known.at + known.run.length)
      return restOf(known.run, at - known.at);
    const run = runAt(at);
    return run instanceof Promise ? run.then((it) => keep(it, at)) : keep(run, at);
  };

  return {
    format,
    size,
    async read(into, at) {
      refuseBeyond(size, into, at);
      const many = packing !== undefined && inThreads(packing) && isShared(into);
      const units: Unit[] = [];
      for (let done = 0; done < into.length; ) {
        const found = next(at + done);
        const run = found instanceof Promise ? await found : found;
        const some = into.subarray(done, done + run.length);
        if (run.kind === 'data') await data.read(some, run.at);
        else if (run.kind === 'unallocated' && below !== undefined) await readBelow(below, some, at + done);
        else if (many && run.kind === 'packed' && some.length === packing.length && run.at < file.size) {
          units.push({ at: run.at, size: run.size, to: done });
        } else if (run.kind === 'packed') {
          const unit = await unpacked(run);
          if (unit.length < run.from + some.length) throw damagedAt(format, run.at);
          some.set(unit.subarray(run.from, run.from + some.length));
        } else some.fill(0);
        done += some.length;
      }
      if (many && units.length > 0) await unpackUnits(file, packing, units, into);
    },
    extents: () => (below === undefined ? ownExtents() : extentsOver(ownExtents(), below)),
  };

  async function* ownExtents(): AsyncGenerator<Extent> {
    let last: Extent | undefined;
    let left = 64 + 4 * file.size; // a run needs a part of an entry: more of them share their tables in a circle
    for (let at = 0; at < size; ) {
      const found = next(at);
      const run = found instanceof Promise ? await found : found;
      const extent = extentOf(at, run);
      if (last === undefined) last = extent;
      else if (goesOn(last, extent)) last = { ...last, length: last.length + extent.length };
      else {
        yield last;
        last = extent;
      }
      at += run.length;
      left -= 1;
      if (left < 0)
        throw new DiskError(`The ${format} file is damaged: its tables have more than it can hold`);
    }
    if (last !== undefined) yield last;
  }
}

/** The same bytes as a disk of which nothing is known but that all of it is there. */
export const plainDisk = (format: string, bytes: Bytes): Disk =>
  diskOf(bytes, {
    format,
    size: bytes.size,
    runAt: async (at) => ({ kind: 'data', length: bytes.size - at, at }),
  });

/**
 * The run that begins with the first of some units side by side, as far as they go on alike; `runOf` gives the run
 * of a unit, and the disk's place is `skip` bytes into the first one.
 */
export function joined(count: number, runOf: (index: number) => Run, skip: number): Run {
  const first = runOf(0);
  let length = first.length;
  for (let index = 1; index < count; index += 1) {
    const run = runOf(index);
    if (run.kind !== first.kind || run.kind === 'packed') break;
    if (run.kind === 'data' && first.kind === 'data' && run.at !== first.at + length) break;
    length += run.length;
  }
  return restOf({ ...first, length }, skip);
}

/** A run from `skip` bytes of it on. */
function restOf(run: Run, skip: number): Run {
  const length = run.length - skip;
  if (run.kind === 'data') return { ...run, length, at: run.at + skip };
  if (run.kind === 'packed') return { ...run, length, from: run.from + skip };
  return { ...run, length };
}

/** How a disk goes on anywhere between two places of it. */
export interface Page {
  readonly from: number;
  readonly to: number;
  runAt(at: number): Run;
}

/**
 * Runs of the page that was looked at last, or of another one; `pageAt` gives the page of a place, from so many bytes
 * of the map. Who goes on from page to page gets larger and larger ones.
 */
export function pagewise(pageAt: (at: number, bytes: number) => Promise<Page>): Layout['runAt'] {
  let last: Page | undefined;
  let bytes = page;
  return (at) => {
    if (last !== undefined && at >= last.from && at < last.to) return last.runAt(at);
    bytes = at === last?.to ? Math.min(2 * bytes, largestPage) : page;
    return pageAt(at, bytes).then((it) => {
      last = it;
      return it.runAt(at);
    });
  };
}

const page = 4096;
const largestPage = 16 * page;

/** Entries of a table from the one at `index` on, as many as are in so many bytes; there is at least this one. */
export async function entriesFrom(
  file: Bytes,
  table: { readonly at: number; readonly entries: number; readonly width: number },
  index: number,
  bytes = page,
): Promise<Buffer> {
  if (index >= table.entries)
    throw new DiskError(`Its table has ${table.entries} entries and not ${index + 1}`);
  const most = Math.floor(bytes / table.width) - (index % Math.floor(bytes / table.width));
  const count = Math.min(most, table.entries - index);
  return readAt(file, table.at + index * table.width, count * table.width);
}

const extentOf = (start: number, run: Run): Extent => ({
  start,
  length: run.length,
  kind: run.kind,
  ...('at' in run && { offset: run.at }),
});

const goesOn = (last: Extent, { kind, offset }: Extent): boolean => {
  if (last.kind !== kind || kind === 'packed') return false;
  return last.offset === undefined || last.offset + last.length === offset;
};

const inThreads = (packing: Packing): packing is Packing & { readonly way: Way } =>
  packing.way !== undefined && 2 * packing.length < room;

/** Whoever reads into memory that threads see reads a lot; others may want the same units again. */
const isShared = (into: Uint8Array): into is Shared => into.buffer instanceof SharedArrayBuffer;

/** As many bytes of unpacked units as are kept, though always one. */
const kept = 4 * 1024 * 1024;

function unpackedFrom(file: Bytes, { format, packing }: Layout): (run: Packed) => Promise<Uint8Array> {
  const units = new Map<number, Uint8Array>();
  let held = 0;
  return async ({ at, size }) => {
    const found = units.get(at);
    if (found !== undefined) return found;
    if (packing === undefined || at >= file.size) throw damagedAt(format, at);
    const unit = packing.unpack(packing.cut(await readAt(file, at, Math.min(size, file.size - at))));
    held += unit.length;
    units.set(at, unit);
    for (const [oldest, { length }] of units) {
      if (held <= kept || units.size === 1) break;
      units.delete(oldest);
      held -= length;
    }
    return unit;
  };
}

const damagedAt = (format: string, at: number) =>
  new DiskError(`The ${format} file is damaged at byte ${at}`);
