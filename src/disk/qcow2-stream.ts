import { isZero } from './bytes.ts';
import type { Disk } from './format.ts';
import {
  cluster,
  headerFor,
  inBlock,
  inTable,
  l1EntriesFor,
  putEntries,
  refcountsFor,
  refuseTooLarge,
  tableIn,
} from './qcow2-layout.ts';
import type { Stream } from './streams.ts';
import { type Piece, piecesOf, type Stretch, stretchesOf } from './stretches.ts';

/*
 * A qcow2 that is written from its first byte to its last one, with nothing compressed. In it follow each other
 *
 *   the header · the refcount table · its blocks · the L1 table · L2 tables · data
 *
 * in whole clusters; there is an L2 table for each 512 MiB of the disk that have any data, and a cluster of data for
 * each that is not all zeros, in the order of the disk.
 */

/**
 * The file that a disk becomes. Its tables stand before its data, so it must be known where these are: a disk that
 * does not tell is read for that, and `look` sees what is read.
 */
export async function qcow2Stream(disk: Disk, look: (chunk: Uint8Array) => void = () => {}): Promise<Stream> {
  refuseTooLarge(disk.size);
  const used = await usedClusters(disk, look);
  const plan = planOf(disk.size, used);
  return {
    format: 'qcow2',
    size: plan.clusters * cluster,
    async *pieces() {
      yield* tablesOf(disk.size, used, plan);
      yield* dataOf(disk, used);
    },
  };
}

/** Which clusters of a disk are written: a bit for each, by the L2 table that they are in; no entry, none of them. */
type Used = ReadonlyMap<number, Uint8Array>;

async function usedClusters(disk: Disk, look: (chunk: Uint8Array) => void): Promise<Used> {
  const found = new Map<number, Uint8Array>();
  const use = (index: number) => {
    const table = Math.floor(index / inTable);
    let bits = found.get(table);
    if (bits === undefined) {
      bits = new Uint8Array(inTable / 8);
      found.set(table, bits);
    }
    const [byte, bit] = [(index % inTable) >>> 3, index & 7];
    bits[byte] = (bits[byte] ?? 0) | (1 << bit);
  };
  for await (const stretch of stretchesOf(disk)) {
    const end = stretch.start + stretch.length;
    if (stretch.full && stretch.length === disk.size) await useAllButZeros(disk, stretch, use, look);
    else if (stretch.full) {
      for (let index = Math.floor(stretch.start / cluster); index * cluster < end; index += 1) use(index);
    }
  }
  return found;
}

/** A disk without a map of its data: what is zero must be looked for. */
async function useAllButZeros(
  disk: Disk,
  whole: Stretch,
  use: (index: number) => void,
  look: (chunk: Uint8Array) => void,
): Promise<void> {
  let index = 0;
  for await (const piece of piecesOf(disk, [whole])) {
    if ('zeros' in piece) continue;
    const { bytes } = piece;
    look(bytes);
    for (let at = 0; at < bytes.length; at += cluster, index += 1) {
      const end = Math.min(at + cluster, bytes.length);
      if (!isZero(bytes, at, end)) use(index);
    }
  }
}

/** Where everything stands, in clusters. */
interface Plan {
  readonly refcountTable: number;
  readonly refcountBlocks: number;
  readonly l1: number;
  readonly l2: number;
  readonly data: number;
  /** All of them. */
  readonly clusters: number;
}

function planOf(size: number, used: Used): Plan {
  const l1Clusters = Math.ceil(l1EntriesFor(size) / inTable);
  let dataClusters = 0;
  for (const bits of used.values()) for (const byte of bits) dataClusters += ones(byte);
  const others = 1 + l1Clusters + used.size + dataClusters;
  const { blocks, tables } = refcountsFor(others);
  const l1 = 1 + tables + blocks;
  const l2 = l1 + l1Clusters;
  const data = l2 + used.size;
  return {
    refcountTable: 1,
    refcountBlocks: 1 + tables,
    l1,
    l2,
    data,
    clusters: data + dataClusters,
  };
}

function ones(byte: number): number {
  let count = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** All that stands before the data, one cluster after the other. */
function* tablesOf(size: number, used: Used, plan: Plan): Generator<Piece> {
  const { refcountTable, refcountBlocks, l1, l2, data, clusters } = plan;
  const bytes = Buffer.alloc(cluster);
  const entries = tableIn(bytes);
  const piece = (): Piece => ({ bytes });

  yield { bytes: headerFor(size, { refcountTable, refcountTables: refcountBlocks - refcountTable, l1 }) };

  for (let first = refcountBlocks; first < l1; first += inTable) {
    for (let index = 0; index < inTable; index += 1) {
      const block = first + index;
      bytes.writeBigUInt64BE(block < l1 ? BigInt(block * cluster) : 0n, index * 8);
    }
    yield piece();
  }

  for (let first = 0; first < (l1 - refcountBlocks) * inBlock; first += inBlock) {
    const count = Math.max(0, Math.min(inBlock, clusters - first));
    bytes.fill('0001', 0, count * 2, 'hex').fill(0, count * 2);
    yield piece();
  }

  let table = l2;
  for (let first = 0; first < l1EntriesFor(size); first += inTable) {
    bytes.fill(0);
    for (let index = 0; index < inTable; index += 1) {
      if (!used.has(first + index)) continue;
      putEntries(entries, index, 1, table * cluster);
      table += 1;
    }
    yield piece();
  }

  let place = data;
  for (const bits of used.values()) {
    bytes.fill(0);
    for (let index = 0; index < inTable; index += 1) {
      if (!isSet(bits, index)) continue;
      putEntries(entries, index, 1, place * cluster);
      place += 1;
    }
    yield piece();
  }
}

const isSet = (bits: Uint8Array, index: number): boolean =>
  ((bits[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;

/** The clusters themselves; the last one is filled up where the disk ends within it. */
async function* dataOf(disk: Disk, used: Used): AsyncGenerator<Piece> {
  let end = 0;
  function* runs(): Generator<Stretch> {
    for (const [table, bits] of used) {
      for (let index = 0; index < inTable; index += 1) {
        if (!isSet(bits, index)) continue;
        const from = index;
        while (index + 1 < inTable && isSet(bits, index + 1)) index += 1;
        const start = (table * inTable + from) * cluster;
        end = Math.min(disk.size, (table * inTable + index + 1) * cluster);
        yield { start, length: end - start, full: true };
      }
    }
  }
  yield* piecesOf(disk, runs());
  if (end % cluster !== 0) yield { zeros: cluster - (end % cluster) };
}
