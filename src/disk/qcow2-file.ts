import type { Disk } from './format.ts';
import { type Clusters, packedClusters, plainClusters } from './pack.ts';
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
import { whole } from './threads.ts';

/** Bytes of a file and their place in it, valid until the next ones are asked for. */
export interface Placed {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** How a qcow2 is written. */
export interface Qcow2Manner {
  /** Its clusters are compressed with deflate. */
  readonly compress: boolean;
  /** Is shown the bytes of the disk as they are read. */
  see(bytes: Uint8Array): void;
}

/**
 * A qcow2 that is written in one go, whatever its disk does not tell beforehand: each L2 table follows its data, then
 * come the L1 table and the reference counts, and at last the header at the beginning. Compressed clusters follow each
 * other within clusters of the file; they begin a new one where the next is in use.
 */
export async function* qcow2File(disk: Disk, { compress, see }: Qcow2Manner): AsyncGenerator<Placed> {
  refuseTooLarge(disk.size);
  const space = spaceAfterHeader();
  const tables = new Map<number, number>();
  let table: { readonly index: number; readonly bytes: Buffer } | undefined;

  function* endTable(): Generator<Placed> {
    if (table === undefined) return;
    const at = space.take(1);
    tables.set(table.index, at);
    yield { at, bytes: table.bytes };
    table = undefined;
  }

  for await (const clusters of compress ? packedClusters(disk, see) : plainClusters(disk, see)) {
    const index = Math.floor(clusters.first / inTable);
    if (table !== undefined && table.index !== index) yield* endTable();
    for (const it of keptOf(clusters)) {
      table ??= { index, bytes: Buffer.alloc(cluster) };
      yield put(it, tableIn(table.bytes), space);
    }
  }
  yield* endTable();
  yield* restOf(disk.size, tables, space);
}

/** Clusters side by side that are kept as they are, or a single one that is compressed, from an entry of their table on. */
interface Kept {
  readonly entry: number;
  readonly count: number;
  readonly packed: boolean;
  readonly bytes: Uint8Array;
}

/** What is put into the file of some clusters, in their order. */
function keptOf({ first, bytes, sizes, packed }: Clusters): Kept[] {
  const all: Kept[] = [];
  let done = 0;
  for (let index = 0, next = 0; index < sizes.length; index = next) {
    const entry = (first + index) % inTable;
    const size = sizes[index] ?? 0;
    next = index + 1;
    if (size === whole) {
      while (sizes[next] === whole) next += 1;
      const some = bytes.subarray(index * cluster, next * cluster);
      all.push({ entry, count: next - index, packed: false, bytes: some });
    } else if (size > 0) {
      all.push({ entry, count: 1, packed: true, bytes: packed.subarray(done, done + size) });
      done += size;
    }
  }
  return all;
}

/** Gives it its place in the file, and puts that into the table. */
function put({ entry, count, packed, bytes }: Kept, table: DataView, space: Space): Placed {
  const at = packed ? space.takeBytes(bytes.length) : space.take(count);
  if (packed) table.setBigUint64(entry * 8, packedEntry(at, bytes.length));
  else putEntries(table, entry, count, at);
  return { at, bytes };
}

/** Bit 62, how many more sectors of 512 bytes than the first it reaches into, and in the lower 54 bits its place. */
const packedEntry = (at: number, size: number): bigint =>
  (1n << 62n) | (BigInt(Math.floor((at + size - 1) / 512) - Math.floor(at / 512)) << 54n) | BigInt(at);

/** Room in the file, and how many use each of its clusters. */
interface Space {
  /** So many clusters of their own; all places are in bytes. */
  take(clusters: number): number;
  /** Bytes that share clusters with others. */
  takeBytes(bytes: number): number;
  /** How many clusters are in use. */
  clusters(): number;
  /** A block of reference counts. */
  counts(block: number): Buffer;
}

function spaceAfterHeader(): Space {
  const blocks: Buffer[] = [];
  let end = 0;
  let [shared, sharedEnd] = [0, 0];

  const counts = (block: number): Buffer => (blocks[block] ??= Buffer.alloc(cluster));
  /** Of clusters that nobody uses yet; those that pieces share are counted one by one. */
  const useWhole = (from: number, to: number) => {
    for (let first = from / cluster; first * cluster < to; ) {
      const block = Math.floor(first / inBlock);
      const last = Math.min(to / cluster, (block + 1) * inBlock);
      const at = 2 * (first % inBlock);
      counts(block).fill('0001', at, at + 2 * (last - first), 'hex');
      first = last;
    }
  };
  const useParts = (from: number, to: number) => {
    for (let index = Math.floor(from / cluster); index * cluster < to; index += 1) {
      const block = counts(Math.floor(index / inBlock));
      const at = (index % inBlock) * 2;
      block.writeUInt16BE(block.readUInt16BE(at) + 1, at);
    }
  };
  const take = (clusters: number): number => {
    const at = end;
    end += clusters * cluster;
    useWhole(at, end);
    return at;
  };

  take(1);
  return {
    take,
    takeBytes(bytes) {
      if (shared + bytes > sharedEnd) {
        if (sharedEnd !== end) shared = end;
        sharedEnd = Math.ceil((shared + bytes) / cluster) * cluster;
        end = sharedEnd;
      }
      const at = shared;
      shared += bytes;
      useParts(at, shared);
      return at;
    },
    clusters: () => end / cluster,
    counts,
  };
}

/** What is known once all data are there. */
function* restOf(size: number, tables: ReadonlyMap<number, number>, space: Space): Generator<Placed> {
  const l1Bytes = Buffer.alloc(Math.ceil(l1EntriesFor(size) / inTable) * cluster);
  for (const [index, place] of tables) putEntries(tableIn(l1Bytes), index, 1, place);
  const l1 = space.take(l1Bytes.length / cluster);
  yield { at: l1, bytes: l1Bytes };

  const refcounts = refcountsFor(space.clusters());
  const refcountTable = space.take(refcounts.tables);
  const firstBlock = space.take(refcounts.blocks);
  const places = Buffer.alloc(refcounts.tables * cluster);
  for (let block = 0; block < refcounts.blocks; block += 1) {
    const at = firstBlock + block * cluster;
    places.writeBigUInt64BE(BigInt(at), block * 8);
    yield { at, bytes: space.counts(block) };
  }
  yield { at: refcountTable, bytes: places };

  const inClusters = { refcountTable: refcountTable / cluster, l1: l1 / cluster };
  yield { at: 0, bytes: headerFor(size, { ...inClusters, refcountTables: refcounts.tables }) };
}
