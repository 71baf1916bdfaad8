import { DiskError } from '../errors.ts';
import type { Disk } from './format.ts';
import type { Stream } from './streams.ts';
import { type Piece, piecesOf, type Stretch, stretchesOf } from './stretches.ts';

/*
 * qcow2, version 3, as it is written here: clusters of 64 KiB, reference counts of 16 bits, nothing compressed. The
 * header is described in qcow2-header.ts. In the file follow each other
 *
 *   the header · the refcount table · its blocks · the L1 table · L2 tables · data
 *
 * in whole clusters; there is an L2 table for each 512 MiB of the disk that have any data, and a cluster of data for
 * each that is not all zeros, in the order of the disk. https://www.qemu.org/docs/master/interop/qcow2.html
 */
const cluster = 64 * 1024;
const inTable = cluster / 8;
const inBlock = cluster / 2;
/** QEMU reads no L1 table of more entries. */
const largest = 4 * 1024 * 1024 * inTable * cluster;
/** Nobody else uses what an entry names. */
const alone = 1n << 63n;

/**
 * The file that a disk becomes. Its tables stand before its data, so it must be known where these are: a disk that
 * does not tell is read for that, and `look` sees what is read.
 */
export async function qcow2Stream(disk: Disk, look: (chunk: Uint8Array) => void = () => {}): Promise<Stream> {
  if (disk.size > largest) throw new DiskError(`A disk of ${disk.size} bytes is too large for qcow2`);
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
      if (zeros.compare(bytes, at, end, 0, end - at) !== 0) use(index);
    }
  }
}

const zeros = Buffer.alloc(cluster);

/** Where everything stands, in clusters. */
interface Plan {
  readonly refcountTable: number;
  readonly refcountBlocks: number;
  readonly l1: number;
  readonly l1Entries: number;
  readonly l2: number;
  readonly data: number;
  /** All of them. */
  readonly clusters: number;
}

function planOf(size: number, used: Used): Plan {
  const l1Entries = Math.max(1, Math.ceil(size / (inTable * cluster)));
  const l1Clusters = Math.ceil(l1Entries / inTable);
  let dataClusters = 0;
  for (const bits of used.values()) for (const byte of bits) dataClusters += ones(byte);
  const others = 1 + l1Clusters + used.size + dataClusters;
  let [blocks, tables] = [1, 1];
  for (let known = 0; known !== blocks + tables; ) {
    known = blocks + tables;
    blocks = Math.ceil((others + known) / inBlock);
    tables = Math.ceil(blocks / inTable);
  }
  const l1 = 1 + tables + blocks;
  const l2 = l1 + l1Clusters;
  const data = l2 + used.size;
  return {
    refcountTable: 1,
    refcountBlocks: 1 + tables,
    l1,
    l1Entries,
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
  const { refcountBlocks, l1, l1Entries, l2, data, clusters } = plan;
  const bytes = Buffer.alloc(cluster);
  const piece = (): Piece => ({ bytes });

  putHeader(bytes, size, plan);
  yield piece();

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
  for (let first = 0; first < l1Entries; first += inTable) {
    bytes.fill(0);
    for (let index = 0; index < inTable; index += 1) {
      if (!used.has(first + index)) continue;
      bytes.writeBigUInt64BE(entryOf(table), index * 8);
      table += 1;
    }
    yield piece();
  }

  let place = data;
  for (const bits of used.values()) {
    for (let index = 0; index < inTable; index += 1) {
      const there = isSet(bits, index);
      bytes.writeBigUInt64BE(there ? entryOf(place) : 0n, index * 8);
      place += there ? 1 : 0;
    }
    yield piece();
  }
}

const entryOf = (index: number): bigint => alone | BigInt(index * cluster);

const isSet = (bits: Uint8Array, index: number): boolean =>
  ((bits[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;

function putHeader(into: Buffer, size: number, { refcountTable, refcountBlocks, l1, l1Entries }: Plan): void {
  into.fill(0);
  into.writeUInt32BE(0x514649fb, 0);
  into.writeUInt32BE(3, 4);
  into.writeUInt32BE(Math.log2(cluster), 20);
  into.writeBigUInt64BE(BigInt(512 * Math.ceil(size / 512)), 24); // QEMU has no half sectors
  into.writeUInt32BE(l1Entries, 36);
  into.writeBigUInt64BE(BigInt(l1 * cluster), 40);
  into.writeBigUInt64BE(BigInt(refcountTable * cluster), 48);
  into.writeUInt32BE(refcountBlocks - refcountTable, 56);
  into.writeUInt32BE(Math.log2(16), 96);
  into.writeUInt32BE(104, 100);
}

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
