import { readAt } from '../disk/bytes.ts';
import { isSound } from '../disk/crc32c.ts';
import { u64be } from '../disk/fields.ts';
import { damaged } from './file-system.ts';
import { mostRuns, tableLimit } from './runs.ts';
import type { Inode, Xfs } from './xfs.ts';

/** A piece of a file; all in blocks. */
export interface Extent {
  readonly at: number;
  readonly block: number;
  readonly length: number;
}

/** The pieces of a file that has been written to, in its order. */
export async function extentsOf(xfs: Xfs, inode: Inode): Promise<Extent[]> {
  const { format, fork, extents, where } = inode;
  if (format === 3) return ofTree(xfs, inode);
  if (format !== 2) throw damaged(where, `its data are in the unknown form ${format}`);
  if (extents * recordSize > fork.length) throw damaged(where, 'it has more extents than room for them');
  return readRecords(fork, 0, extents);
}

const recordSize = 16;

/** Records of one bit (never written to), 54 bits of place in the file, 52 of block and 21 of length. */
function readRecords(raw: Buffer, start: number, count: number): Extent[] {
  const found: Extent[] = [];
  for (let at = start; at < start + count * recordSize; at += recordSize) {
    const [high, low] = [raw.readBigUInt64BE(at), raw.readBigUInt64BE(at + 8)];
    if (high >> 63n === 1n) continue;
    found.push({
      at: Number((high >> 9n) & ((1n << 54n) - 1n)),
      block: Number(((high & 0x1ffn) << 43n) | (low >> 21n)),
      length: Number(low & 0x1fffffn),
    });
  }
  return found;
}

const mostLevels = 9;

async function ofTree(xfs: Xfs, inode: Inode): Promise<Extent[]> {
  const { fork, where } = inode;
  const [level, count] = [fork.readUInt16BE(0), fork.readUInt16BE(2)];
  const room = Math.floor((fork.length - 4) / recordSize);
  if (level < 1 || level > mostLevels || count > room)
    throw damaged(where, 'its tree of extents makes no sense');
  const found: Extent[] = [];
  const limit = tableLimit(where);
  for (const block of pointers(fork, 4, room, count))
    await addNode(xfs, inode, block, level - 1, found, limit);
  return found;
}

/** The block numbers of a node, which stand behind the room for as many keys. */
const pointers = (raw: Buffer, start: number, room: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => u64be(raw, start + room * 8 + index * 8));

async function addNode(
  xfs: Xfs,
  inode: Inode,
  block: number,
  level: number,
  found: Extent[],
  limit: () => void,
): Promise<void> {
  limit();
  const { where, number } = inode;
  const raw = await readAt(xfs.disk, xfs.place(block, where), xfs.blockSize);
  const header = xfs.sums ? 72 : 24;
  const room = Math.floor((raw.length - header) / recordSize);
  const count = raw.readUInt16BE(6);
  const right =
    raw.toString('latin1', 0, 4) === (xfs.sums ? 'BMA3' : 'BMAP') &&
    raw.readUInt16BE(4) === level &&
    count <= room;
  if (!right) throw damaged(where, 'its tree of extents makes no sense');
  if (xfs.sums && (!isSound(raw, 64) || raw.readBigUInt64BE(56) !== BigInt(number))) {
    throw damaged(where, 'the checksum of its extents is wrong');
  }
  if (level === 0) {
    for (const extent of readRecords(raw, header, count)) found.push(extent);
    if (found.length > mostRuns) throw damaged(where, `it is in more than ${mostRuns} pieces`);
    return;
  }
  for (const child of pointers(raw, header, room, count))
    await addNode(xfs, inode, child, level - 1, found, limit);
}
