import { isZero } from './bytes.ts';
import type { Disk } from './format.ts';
import { cluster, inTable } from './qcow2-layout.ts';
import { type Piece, piecesOf, type Stretch, stretchesOf } from './stretches.ts';
import { mostThreads, whole, withThread } from './threads.ts';

/** Some clusters of a disk, valid until the next ones are asked for; the last one may be cut off where the disk ends. */
export interface Clusters {
  /** The first of them, counted from the beginning of the disk; all are of one L2 table. */
  readonly first: number;
  readonly bytes: Uint8Array;
  /** Of each, 0 if it is all zeros, `whole` if it is kept as it is, or how many of the `packed` bytes are it. */
  readonly sizes: readonly number[];
  /** Those that are compressed, one after the other. */
  readonly packed: Uint8Array;
}

/** The clusters of a disk that may have data, as they are; `see` is shown the bytes of the disk. */
export async function* plainClusters(disk: Disk, see: (bytes: Uint8Array) => void): AsyncGenerator<Clusters> {
  for await (const { at, bytes } of filledOf(disk)) {
    see(bytes);
    yield { first: at / cluster, bytes, sizes: sizesOf(bytes), packed: nothing };
  }
}

function sizesOf(bytes: Uint8Array): number[] {
  const sizes: number[] = [];
  for (let from = 0; from < bytes.length; from += cluster) {
    sizes.push(isZero(bytes, from, Math.min(from + cluster, bytes.length)) ? 0 : whole);
  }
  return sizes;
}

const nothing = new Uint8Array();

/** The same, compressed in other threads where that makes them smaller. */
export async function* packedClusters(
  disk: Disk,
  see: (bytes: Uint8Array) => void,
): AsyncGenerator<Clusters> {
  const jobs = Array.from({ length: mostThreads + 1 }, job);
  const coming: Promise<Clusters>[] = [];
  let count = 0;
  try {
    for await (const { at, bytes } of filledOf(disk)) {
      see(bytes);
      const first = coming.length < jobs.length ? undefined : coming.shift();
      if (first !== undefined) yield await first;
      const clusters = (jobs[count % jobs.length] ?? job())(at, bytes);
      clusters.catch(() => {}); // it is waited for in its turn
      coming.push(clusters);
      count += 1;
    }
    for (let next = coming.shift(); next !== undefined; next = coming.shift()) yield await next;
  } finally {
    await Promise.allSettled(coming);
  }
}

/** Memory for one piece after the other, and for what it is compressed to. */
function job(): (at: number, piece: Uint8Array) => Promise<Clusters> {
  let from = Buffer.from(new SharedArrayBuffer(0));
  let into = from;
  return async (at, piece) => {
    const count = Math.ceil(piece.length / cluster);
    if (from.length < count * cluster) {
      from = Buffer.from(new SharedArrayBuffer(count * cluster));
      into = Buffer.from(new SharedArrayBuffer(count * cluster));
    }
    from.set(piece);
    from.fill(0, piece.length, count * cluster);
    const units = Array.from(
      { length: count },
      (_, index) => [index * cluster, (index + 1) * cluster, 0] as const,
    );
    const memory = { from: from.buffer as SharedArrayBuffer, into: into.buffer as SharedArrayBuffer };
    const sizes = await withThread(({ run }) =>
      run({ way: 'deflateRaw', length: cluster, units, ...memory }),
    );
    return { first: at / cluster, bytes: from.subarray(0, count * cluster), sizes, packed: into };
  };
}

/** What must be read of a disk, in pieces that begin with a cluster and do not reach into another L2 table. */
async function* filledOf(disk: Disk): AsyncGenerator<{ readonly at: number; readonly bytes: Uint8Array }> {
  let at = 0;
  for await (const piece of piecesOf(disk, wholeClusters(disk))) {
    if ('bytes' in piece) yield { at, bytes: piece.bytes };
    at += lengthOf(piece);
  }
}

const lengthOf = (piece: Piece): number => ('bytes' in piece ? piece.bytes.length : piece.zeros);

async function* wholeClusters(disk: Disk): AsyncGenerator<Stretch> {
  const reach = inTable * cluster;
  let at = 0;
  for await (const { start, length, full } of stretchesOf(disk)) {
    const end = Math.min(disk.size, Math.ceil((start + length) / cluster) * cluster);
    if (!full || end <= at) continue;
    const from = Math.max(at, Math.floor(start / cluster) * cluster);
    if (from > at) yield { start: at, length: from - at, full: false };
    for (at = from; at < end; ) {
      const next = Math.min(end, (Math.floor(at / reach) + 1) * reach);
      yield { start: at, length: next - at, full: true };
      at = next;
    }
  }
}
