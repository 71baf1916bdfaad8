import { DiskError } from '../errors.ts';

/*
 * qcow2, version 3, as it is written here: clusters of 64 KiB, reference counts of 16 bits. The header is described in
 * qcow2-header.ts. https://www.qemu.org/docs/master/interop/qcow2.html
 */

/** Bytes of a cluster, and how many entries a table and a block of reference counts have. */
export const cluster = 64 * 1024;
export const inTable = cluster / 8;
export const inBlock = cluster / 2;

/** Refuses a disk with more entries in its L1 table than QEMU reads. */
export function refuseTooLarge(size: number): void {
  const largest = 4 * 1024 * 1024 * inTable * cluster;
  if (size > largest) throw new DiskError(`A disk of ${size} bytes is too large for qcow2`);
}

export const l1EntriesFor = (size: number): number => Math.max(1, Math.ceil(size / (inTable * cluster)));

/** Clusters of the blocks of reference counts and of their table, for themselves and so many others. */
export function refcountsFor(others: number): { readonly blocks: number; readonly tables: number } {
  let [blocks, tables] = [1, 1];
  for (let known = 0; known !== blocks + tables; ) {
    known = blocks + tables;
    blocks = Math.ceil((others + known) / inBlock);
    tables = Math.ceil(blocks / inTable);
  }
  return { blocks, tables };
}

/** A table of entries. There are millions: a DataView takes them at a third of the time that a Buffer does. */
export const tableIn = ({ buffer, byteOffset, length }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, length);

/** Writes the entries of clusters side by side that nothing else uses, from the one at `index` on; they begin at byte `place`. */
export function putEntries(table: DataView, index: number, count: number, place: number): void {
  for (let at = index * 8; at < (index + count) * 8; at += 8, place += cluster) {
    table.setUint32(at, 0x8000_0000 + Math.floor(place / 2 ** 32));
    table.setUint32(at + 4, place % 2 ** 32);
  }
}

/** Where things are that the header names, in clusters, and how many they are. */
export interface Places {
  readonly refcountTable: number;
  readonly refcountTables: number;
  readonly l1: number;
}

/** The first cluster. */
export function headerFor(size: number, { refcountTable, refcountTables, l1 }: Places): Buffer {
  const into = Buffer.alloc(cluster);
  into.writeUInt32BE(0x514649fb, 0);
  into.writeUInt32BE(3, 4);
  into.writeUInt32BE(Math.log2(cluster), 20);
  into.writeBigUInt64BE(BigInt(512 * Math.ceil(size / 512)), 24); // QEMU has no half sectors
  into.writeUInt32BE(l1EntriesFor(size), 36);
  into.writeBigUInt64BE(BigInt(l1 * cluster), 40);
  into.writeBigUInt64BE(BigInt(refcountTable * cluster), 48);
  into.writeUInt32BE(refcountTables, 56);
  into.writeUInt32BE(Math.log2(16), 96);
  into.writeUInt32BE(104, 100);
  return into;
}
