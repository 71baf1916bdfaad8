import type { Disk, Extent } from './format.ts';

/** How a disk goes on for `length` bytes from `start`: with bytes that must be read, or with zeros. */
export interface Stretch {
  readonly start: number;
  readonly length: number;
  readonly full: boolean;
}

/** A piece of what is written: bytes, which are valid until the next piece is asked for, or so many zeros. */
export type Piece = { readonly bytes: Uint8Array } | { readonly zeros: number };

/** Bytes that are read at once. */
const most = 2 * 1024 * 1024;

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

/** The bytes and zeros of some stretches of a disk; one piece is read while the one before is being used. */
export async function* piecesOf(
  disk: Disk,
  stretches: AsyncIterable<Stretch> | Iterable<Stretch>,
): AsyncGenerator<Piece> {
  let [buffer, other] = [Buffer.allocUnsafeSlow(most), Buffer.allocUnsafeSlow(most)];
  let coming: Promise<Piece> | undefined;
  try {
    for await (const { start, length, full } of stretches) {
      if (!full) {
        if (coming !== undefined) yield await coming;
        coming = undefined;
        yield { zeros: length };
        continue;
      }
      for (let done = 0; done < length; done += most) {
        const bytes = buffer.subarray(0, Math.min(most, length - done));
        const next = disk.read(bytes, start + done).then(() => ({ bytes }));
        next.catch(() => {}); // it is waited for below
        if (coming !== undefined) yield await coming;
        coming = next;
        [buffer, other] = [other, buffer];
      }
    }
    if (coming !== undefined) yield await coming;
  } finally {
    await coming?.catch(() => {}); // nobody must read into the buffers any more
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
