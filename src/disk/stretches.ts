import type { Disk, Extent } from './format.ts';

/** How a disk goes on for `length` bytes from `start`: with bytes that must be read, or with zeros. */
export interface Stretch {
  readonly start: number;
  readonly length: number;
  readonly full: boolean;
}

/** A piece of what is written: bytes, which are valid until the next piece is asked for, or so many zeros. */
export type Piece = { readonly bytes: Uint8Array } | { readonly zeros: number };

/** Bytes that are read at once: many, as each time a thread must be woken, but two buffers of them fit into a small cache. */
const most = 512 * 1024;

/** All of a disk in order, whatever is alike and side by side as one. */
export async function* stretchesOf(disk: Disk): AsyncGenerator<Stretch> {
  let last: Stretch | undefined;
  let count = 0;
  for await (const { start, length, kind } of disk.extents()) {
    const full = kind === 'data' || kind === 'packed';
    if (last?.full === full) last = { ...last, length: last.length + length };
    else {
      if (last !== undefined) yield last;
      last = { start, length, full };
    }
    count += 1;
    if (count % 4096 === 0) await breath();
  }
  if (last !== undefined) yield last;
}

/** Tables in memory are gone through without ever waiting: signals must be heard nevertheless. */
export const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** As many pieces are read, one of them used meanwhile. */
const depth = 2;

/** The bytes and zeros of some stretches of a disk. */
export async function* piecesOf(
  disk: Disk,
  stretches: AsyncIterable<Stretch> | Iterable<Stretch>,
): AsyncGenerator<Piece> {
  const buffers = Array.from({ length: depth }, () => Buffer.from(new SharedArrayBuffer(most)));
  const coming: Promise<Piece>[] = [];
  let count = 0;
  const read = (start: number, length: number): Promise<Piece> => {
    const bytes = buffers[count % depth]?.subarray(0, length) ?? Buffer.alloc(length);
    count += 1;
    const piece = disk.read(bytes, start).then(() => ({ bytes }));
    piece.catch(() => {}); // it is waited for in its turn
    return piece;
  };
  try {
    for await (const { start, length, full } of cutOf(stretches)) {
      const first = coming.length < depth ? undefined : coming.shift();
      if (first !== undefined) yield await first;
      coming.push(full ? read(start, length) : Promise.resolve({ zeros: length }));
    }
    for (let next = coming.shift(); next !== undefined; next = coming.shift()) yield await next;
  } finally {
    await Promise.allSettled(coming); // nobody must read into the buffers any more
  }
}

/** The same, what is to be read in lengths that are read at once. */
async function* cutOf(stretches: AsyncIterable<Stretch> | Iterable<Stretch>): AsyncGenerator<Stretch> {
  for await (const stretch of stretches) {
    const step = stretch.full ? most : stretch.length;
    for (let done = 0; done < stretch.length; done += step) {
      const length = Math.min(step, stretch.length - done);
      yield { ...stretch, start: stretch.start + done, length };
    }
  }
}

/** How many bytes a disk has, by where they come from: more of the file as it is than it takes cannot be zeros. */
export async function weightOf(disk: Disk): Promise<Readonly<Record<'plain' | 'packed', number>>> {
  const sum: Record<Extent['kind'], number> = { data: 0, packed: 0, zero: 0, unallocated: 0 };
  let count = 0;
  for await (const { kind, length } of disk.extents()) {
    sum[kind] += length;
    count += 1;
    if (count % 4096 === 0) await breath();
  }
  return { plain: sum.data, packed: sum.packed };
}
