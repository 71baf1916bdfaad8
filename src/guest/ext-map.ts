import { type Bytes, readAt } from '../disk/bytes.ts';
import { crc32c } from '../disk/crc32c.ts';
import { memoryBytes } from '../disk/file.ts';
import { Unread } from '../errors.ts';
import type { Ext, Inode } from './ext.ts';
import { damaged } from './file-system.ts';
import { addRun, type Run, scattered, tableLimit } from './runs.ts';

const extentsFlag = 0x80000;
const inlineFlag = 0x10000000;
/** Where an inode has the map of its blocks, or a short content instead. */
const mapAt = 40;
const mapSize = 60;

/** The bytes of a file or a link's target. */
export async function contentOf(ext: Ext, inode: Inode): Promise<Bytes> {
  const { size, raw, where, mode } = inode;
  if ((inode.flags & inlineFlag) !== 0) {
    const kept = Buffer.concat(inlineData(inode)).subarray(0, size);
    return scattered(memoryBytes(kept), size, [{ at: 0, length: kept.length, from: 0 }], where);
  }
  if (mode >>> 12 === 10 && size < mapSize) return memoryBytes(raw.subarray(mapAt, mapAt + size));
  return scattered(ext.disk, size, await runsOf(ext, inode), where);
}

/** Where the pieces of a file lie. */
async function runsOf(ext: Ext, inode: Inode): Promise<Run[]> {
  const map = inode.raw.subarray(mapAt, mapAt + mapSize);
  const runs: Run[] = [];
  if ((inode.flags & extentsFlag) !== 0)
    await addExtents(ext, inode, map, undefined, runs, tableLimit(inode.where));
  else await addBlocks(ext, inode, map, runs);
  return runs;
}

// https://www.kernel.org/doc/html/latest/filesystems/ext4/dynamic.html#extent-tree
const extentMagic = 0xf30a;
const mostDepth = 5;
const longestWritten = 32768;

async function addExtents(
  ext: Ext,
  inode: Inode,
  node: Buffer,
  above: number | undefined,
  runs: Run[],
  count: () => void,
): Promise<void> {
  const { where } = inode;
  const [entries, most, depth] = [node.readUInt16LE(2), node.readUInt16LE(4), node.readUInt16LE(6)];
  const fits = entries <= most && 12 + most * 12 <= node.length;
  if (node.readUInt16LE(0) !== extentMagic || !fits || depth > mostDepth) {
    throw damaged(where, 'its extents make no sense');
  }
  if (above !== undefined) {
    if (depth !== above - 1) throw damaged(where, 'its tree of extents has levels that do not follow');
    verifyExtents(ext, inode, node, 12 + most * 12);
  }
  for (let at = 12; at < 12 + entries * 12; at += 12) {
    if (depth > 0) {
      const block = node.readUInt32LE(at + 4) + node.readUInt16LE(at + 8) * 2 ** 32;
      count();
      await addExtents(ext, inode, await blockOf(ext, block, where), depth, runs, count);
      continue;
    }
    const length = node.readUInt16LE(at + 4);
    // longer ones are set aside and have never been written
    if (length > longestWritten) continue;
    const block = node.readUInt32LE(at + 8) + node.readUInt16LE(at + 6) * 2 ** 32;
    addBlockRun(ext, where, runs, node.readUInt32LE(at), block, length);
  }
}

function verifyExtents({ sums }: Ext, { seed, where }: Inode, node: Buffer, tail: number): void {
  if (!sums) return;
  if (tail + 4 > node.length || crc32c(seed, node.subarray(0, tail)) !== node.readUInt32LE(tail)) {
    throw damaged(where, 'the checksum of its extents is wrong');
  }
}

/** Twelve blocks, then blocks of block numbers, and blocks of those, and blocks of those. */
async function addBlocks(ext: Ext, { where, size }: Inode, map: Buffer, runs: Run[]): Promise<void> {
  const perBlock = ext.blockSize / 4;
  const end = Math.ceil(size / ext.blockSize);
  const count = tableLimit(where);
  const add = async (block: number, level: number, at: number): Promise<void> => {
    if (block === 0 || at >= end) return;
    if (level === 0) return addBlockRun(ext, where, runs, at, block, 1);
    count();
    const numbers = await blockOf(ext, block, where);
    for (let index = 0; index < perBlock; index += 1) {
      const number = numbers.readUInt32LE(index * 4);
      if (number !== 0) await add(number, level - 1, at + index * perBlock ** (level - 1));
    }
  };
  let at = 0;
  for (let index = 0; index < 15; index += 1) {
    const level = Math.max(0, index - 11);
    await add(map.readUInt32LE(index * 4), level, at);
    at += perBlock ** level;
  }
}

function addBlockRun(ext: Ext, where: string, runs: Run[], at: number, block: number, length: number): void {
  const { blockSize, blocks } = ext;
  if (block === 0 || block + length > blocks) throw damaged(where, `it names block ${block} of ${blocks}`);
  addRun(runs, { at: at * blockSize, length: length * blockSize, from: block * blockSize }, where);
}

function blockOf({ disk, blockSize, blocks }: Ext, block: number, where: string): Promise<Buffer> {
  if (block === 0 || block >= blocks) throw damaged(where, `it names block ${block} of ${blocks}`);
  return readAt(disk, block * blockSize, blockSize);
}

// https://www.kernel.org/doc/html/latest/filesystems/ext4/attributes.html
const attributesMagic = 0xea020000;
const systemIndex = 7;

/** Short content that is in the inode itself: in the place of the map, and what more there is among the attributes. */
export function inlineData({ raw, where }: Inode): [head: Buffer, tail: Buffer] {
  const head = raw.subarray(mapAt, mapAt + mapSize);
  const start = raw.length > 128 ? 128 + raw.readUInt16LE(128) : raw.length;
  if (start + 4 > raw.length || raw.readUInt32LE(start) !== attributesMagic) return [head, Buffer.alloc(0)];
  const attributes = raw.subarray(start + 4);
  for (let at = 0; at + 16 <= attributes.length && attributes.readUInt32LE(at) !== 0; ) {
    const length = attributes.readUInt8(at);
    const name = attributes.toString('latin1', at + 16, at + 16 + length);
    if (attributes.readUInt8(at + 1) === systemIndex && name === 'data') {
      if (attributes.readUInt32LE(at + 4) !== 0) throw new Unread(`${where} has its data in another inode`);
      const [from, size] = [attributes.readUInt16LE(at + 2), attributes.readUInt32LE(at + 8)];
      if (from + size > attributes.length) throw damaged(where, 'its inline data go on beyond it');
      return [head, attributes.subarray(from, from + size)];
    }
    at += (16 + length + 3) & ~3;
  }
  return [head, Buffer.alloc(0)];
}

export const hasInlineData = ({ flags }: Inode): boolean => (flags & inlineFlag) !== 0;
