import { crc32 } from 'node:zlib';

/** One entry of a partition table to be made; sectors of 512 bytes. */
export interface Entry {
  readonly start: number;
  readonly sectors: number;
  readonly type?: number;
  readonly guid?: string;
  readonly name?: string;
  readonly boot?: number;
}

/** Writes the record of an MBR into its 512 bytes. */
export function putMbr(record: Buffer, entries: readonly Entry[]): void {
  record.writeUInt32LE(0xd15c0001, 440);
  for (const [index, { boot = 0, type = 0x83, start, sectors }] of entries.entries()) {
    const at = 446 + index * 16;
    record[at] = boot;
    record[at + 4] = type;
    if (type === 0xee) record[at + 2] = 2;
    record.writeUInt32LE(start, at + 8);
    record.writeUInt32LE(sectors, at + 12);
  }
  record.writeUInt16LE(0xaa55, 510);
}

/** The mixed byte order of Microsoft's UUIDs. */
export function guid(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex');
  for (const [from, to] of [
    [0, 4],
    [4, 6],
    [6, 8],
  ] as const)
    bytes.subarray(from, to).reverse();
  return bytes;
}

/** Types of partitions. */
export const linux = '0fc63daf-8483-4772-8e79-3d69d8477de4';
export const efiSystem = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b';
export const biosBoot = '21686148-6449-6e6f-744e-656564454649';

/** Divides a disk by a GPT, with the MBR that protects it and the copy at the end. */
export function putGpt(disk: Buffer, entries: readonly Entry[], sector = 512): void {
  const last = disk.length / sector - 1;
  putMbr(disk, [{ type: 0xee, start: 1, sectors: last }]);
  const table = Buffer.alloc(128 * 128);
  for (const [index, { start, sectors, guid: type = linux, name = '' }] of entries.entries()) {
    const entry = table.subarray(index * 128);
    guid(type).copy(entry);
    guid(`00000000-0000-4000-8000-00000000000${index + 1}`).copy(entry, 16);
    entry.writeBigUInt64LE(BigInt(start), 32);
    entry.writeBigUInt64LE(BigInt(start + sectors - 1), 40);
    entry.write(name, 56, 'utf16le');
  }
  const length = table.length / sector;
  putHeader(disk, { own: 1, other: last, entries: 2, last, table, sector });
  table.copy(disk, 2 * sector);
  putHeader(disk, { own: last, other: 1, entries: last - length, last, table, sector });
  table.copy(disk, (last - length) * sector);
}

interface Header {
  readonly own: number;
  readonly other: number;
  readonly entries: number;
  readonly last: number;
  readonly table: Buffer;
  readonly sector: number;
}

function putHeader(disk: Buffer, { own, other, entries, last, table, sector }: Header): void {
  const header = disk.subarray(own * sector, own * sector + 92);
  header.write('EFI PART');
  header.writeUInt32LE(0x10000, 8);
  header.writeUInt32LE(92, 12);
  header.writeBigUInt64LE(BigInt(own), 24);
  header.writeBigUInt64LE(BigInt(other), 32);
  header.writeBigUInt64LE(34n, 40);
  header.writeBigUInt64LE(BigInt(last - 34), 48);
  header.writeBigUInt64LE(BigInt(entries), 72);
  header.writeUInt32LE(128, 80);
  header.writeUInt32LE(128, 84);
  header.writeUInt32LE(crc32(table), 88);
  header.writeUInt32LE(crc32(header), 16);
}

/** What a qcow2 file has besides a disk. */
export interface Qcow2Options {
  readonly version?: 2 | 3;
  readonly backingFile?: string;
  readonly backingFormat?: string;
  /** Incompatible features. */
  readonly features?: number;
  readonly encryption?: number;
  readonly snapshots?: number;
}

const cluster = 65536;
const blank = Buffer.alloc(cluster);

/** A qcow2 file of a disk of up to 512 MiB: header, L1, L2, refcounts, then the clusters that are not zero. */
export function qcow2Image(
  disk: Buffer,
  {
    version = 3,
    backingFile = '',
    backingFormat = '',
    features = 0,
    encryption = 0,
    snapshots = 0,
  }: Qcow2Options = {},
): Buffer {
  const [header, l1, l2, counts, block] = Array.from({ length: 5 }, () => Buffer.alloc(cluster)) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  const data: Buffer[] = [];
  for (let at = 0; at < disk.length; at += cluster) {
    const bytes = Buffer.alloc(cluster);
    disk.copy(bytes, 0, at, at + cluster);
    if (bytes.equals(blank)) continue;
    l2.writeBigUInt64BE(used | BigInt((5 + data.length) * cluster), (at / cluster) * 8);
    data.push(bytes);
  }
  header.writeUInt32BE(0x514649fb, 0);
  header.writeUInt32BE(version, 4);
  header.writeUInt32BE(16, 20);
  header.writeBigUInt64BE(BigInt(disk.length), 24);
  header.writeUInt32BE(encryption, 32);
  header.writeUInt32BE(1, 36);
  header.writeBigUInt64BE(BigInt(cluster), 40);
  header.writeBigUInt64BE(BigInt(3 * cluster), 48);
  header.writeUInt32BE(1, 56);
  header.writeUInt32BE(snapshots, 60);
  if (version === 3) {
    header.writeBigUInt64BE(BigInt(features), 72);
    header.writeUInt32BE(4, 96);
    header.writeUInt32BE(104, 100);
  }
  if (backingFile !== '') {
    header.writeBigUInt64BE(1024n, 8);
    header.writeUInt32BE(header.write(backingFile, 1024), 16);
  }
  if (backingFormat !== '') {
    header.writeUInt32BE(0xe2792aca, 104);
    header.writeUInt32BE(header.write(backingFormat, 112), 108);
  }
  l1.writeBigUInt64BE(used | BigInt(2 * cluster), 0);
  counts.writeBigUInt64BE(BigInt(4 * cluster), 0);
  for (let index = 0; index < 5 + data.length; index += 1) block.writeUInt16BE(1, index * 2);
  return Buffer.concat([header, l1, l2, counts, block, ...data]);
}

/** The highest bit of an entry: nobody else uses what it names. */
const used = 1n << 63n;
