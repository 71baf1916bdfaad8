import { crc32cWithout } from '../../src/disk/crc32c.ts';

const block = 4096;
const inodeSize = 512;
const perBlock = block / inodeSize;
const blocks = 256;
const inodeBlock = 4;
const rootInode = inodeBlock * perBlock;

/**
 * A small XFS of version 5 with one file, `scattered`, of one block in every second one of the disk, which takes a tree
 * of extents of two levels; nothing lies where its hole of ten blocks is.
 */
export function xfs(pieces: readonly Buffer[]): Buffer {
  const disk = Buffer.alloc(blocks * block);
  putSuperblock(disk.subarray(0, 512));
  const file = rootInode + 1;
  const entry = Buffer.concat([
    Buffer.from([9, 0, 0]),
    Buffer.from('scattered'),
    Buffer.from([1, 0, 0, 0, file]),
  ]);
  const root = Buffer.concat([Buffer.from([1, 0, 0, 0, 0, rootInode]), entry]);
  putInode(disk, rootInode, { mode: 0o40755, format: 1, size: root.length, extents: 0, fork: root });
  const firstData = 20;
  const records = pieces.map((content, index) => {
    const at = firstData + index * 2;
    content.copy(disk, at * block);
    return extent(index < 5 ? index : index + 10, at);
  });
  const half = Math.ceil(records.length / 2);
  const [left, right] = [records.slice(0, half), records.slice(half)];
  putNode(disk, 10, file, 0, Buffer.concat(left), left.length);
  putNode(disk, 11, file, 0, Buffer.concat(right), right.length);
  const room = Math.floor((block - 72) / 16);
  const node = Buffer.alloc(block - 72);
  node.writeBigUInt64BE(10n, room * 8);
  node.writeBigUInt64BE(11n, room * 8 + 8);
  putNode(disk, 12, file, 1, node, 2);
  const fork = Buffer.alloc(inodeSize - 176);
  fork.writeUInt16BE(2, 0);
  fork.writeUInt16BE(1, 2);
  fork.writeBigUInt64BE(12n, 4 + Math.floor((fork.length - 4) / 16) * 8);
  const size = (pieces.length + 10) * block;
  putInode(disk, file, { mode: 0o100644, format: 3, size, extents: pieces.length, fork });
  return disk;
}

function sum(raw: Buffer, at: number): void {
  raw.writeUInt32LE((crc32cWithout(0xffffffff, raw, at) ^ 0xffffffff) >>> 0, at);
}

function putSuperblock(raw: Buffer): void {
  raw.write('XFSB');
  raw.writeUInt32BE(block, 4);
  raw.writeBigUInt64BE(BigInt(blocks), 8);
  raw.writeBigUInt64BE(BigInt(rootInode), 56);
  raw.writeUInt32BE(blocks, 84);
  raw.writeUInt32BE(1, 88);
  raw.writeUInt16BE(5, 100);
  raw.writeUInt16BE(512, 102);
  raw.writeUInt16BE(inodeSize, 104);
  raw.set([12, 9, 9, 3, 8], 120);
  raw.writeUInt32BE(1, 216);
  sum(raw, 224);
}

interface Inode {
  readonly mode: number;
  readonly format: number;
  readonly size: number;
  readonly extents: number;
  readonly fork: Buffer;
}

function putInode(disk: Buffer, number: number, { mode, format, size, extents, fork }: Inode): void {
  const raw = disk.subarray(number * inodeSize, (number + 1) * inodeSize);
  raw.write('IN');
  raw.writeUInt16BE(mode, 2);
  raw.set([3, format], 4);
  raw.writeUInt32BE(1_700_000_000, 40);
  raw.writeBigUInt64BE(BigInt(size), 56);
  raw.writeUInt32BE(extents, 76);
  raw.writeBigUInt64BE(BigInt(number), 152);
  fork.copy(raw, 176);
  sum(raw, 100);
}

function extent(at: number, from: number): Buffer {
  const raw = Buffer.alloc(16);
  raw.writeBigUInt64BE(BigInt(at) << 9n, 0);
  raw.writeBigUInt64BE((BigInt(from) << 21n) | 1n, 8);
  return raw;
}

function putNode(
  disk: Buffer,
  at: number,
  owner: number,
  level: number,
  content: Buffer,
  count: number,
): void {
  const raw = disk.subarray(at * block, (at + 1) * block);
  raw.write('BMA3');
  raw.writeUInt16BE(level, 4);
  raw.writeUInt16BE(count, 6);
  raw.writeBigUInt64BE(BigInt(owner), 56);
  content.copy(raw, 72);
  sum(raw, 64);
}
