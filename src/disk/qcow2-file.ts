import type { Disk } from './format.ts';
import { type Clusters, packedClusters, plainClusters } from './pack.ts';
import {
  cluster,
  headerFor,
  inBlock,
  inTable,
  l1EntriesFor,
  putEntry,
  refcountsFor,
  refuseTooLarge,
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
    if (clusters.sizes.every((size) => size === 0)) continue;
    table ??= { index, bytes: Buffer.alloc(cluster) };
    yield* dataOf(clusters, table.bytes, space);
  }
  yield* endTable();
  yield* restOf(disk.size, tables, space);
}

/** Puts clusters into the file, and their places into their table. */
function* dataOf({ first, bytes, sizes, packed }: Clusters, table: Buffer, space: Space): Generator<Placed> {
  let done = 0;
  for (let index = 0; index < sizes.length; ) {
    const entry = (first + index) % inTable;
    const size = sizes[index] ?? 0;
    let next = index + 1;
    if (size === whole) {
      while (sizes[next] === whole) next += 1;
      const at = space.take(next - index);
      for (let each = 0; each < next - index; each += 1) putEntry(table, entry + each, at + each * cluster);
      yield { at, bytes: bytes.subarray(index * cluster, next * cluster) };
    } else if (size > 0) {
      const at = space.takeBytes(size);
      table.writeBigUInt64BE(packedEntry(at, size), entry * 8);
      yield { at, bytes: packed.subarray(done, done + size) };
      done += size;
    }
    index = next;
  }
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
  for (const [index, place] of tables) putEntry(l1Bytes, index, place);
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
