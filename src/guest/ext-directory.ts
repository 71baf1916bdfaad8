import { readAt } from '../disk/bytes.ts';
import { crc32c } from '../disk/crc32c.ts';
import type { Ext, Inode } from './ext.ts';
import { contentOf, hasInlineData, inlineData } from './ext-map.ts';
import { damaged, refuseHuge } from './file-system.ts';

interface Name {
  readonly name: string;
  readonly inode: number;
}

/** The names in a directory and what they are names of. */
export async function entriesOf(ext: Ext, inode: Inode): Promise<Name[]> {
  const { where, size } = inode;
  const names: Name[] = [];
  if (hasInlineData(inode)) {
    const [head, tail] = inlineData(inode);
    // the first four bytes are the directory above
    addNames(ext, inode, head.subarray(4), names);
    addNames(ext, inode, tail, names);
    return names;
  }
  refuseHuge(size, where);
  if (size % ext.blockSize !== 0) throw damaged(where, `a directory of ${size} bytes`);
  const content = await contentOf(ext, inode);
  for (let at = 0; at < size; at += ext.blockSize) {
    const block = await readAt(content, at, ext.blockSize);
    const sum = verify(ext, inode, block);
    addNames(ext, inode, block.subarray(0, block.length - sum), names);
  }
  return names;
}

/** The records of one block, which also those of a hashed directory keep to: its tree hides in unused records. */
function addNames({ inodes, blockSize }: Ext, { where }: Inode, block: Buffer, names: Name[]): void {
  for (let at = 0; at < block.length; ) {
    if (at + 8 > block.length)
      throw damaged(where, 'a directory with an entry that goes on beyond its block');
    const length = recordLength(block.readUInt16LE(at + 4), blockSize);
    const [number, letters] = [block.readUInt32LE(at), block.readUInt8(at + 6)];
    if (length < 8 || length % 4 !== 0 || at + length > block.length) {
      throw damaged(where, 'a directory with an entry of a wrong length');
    }
    if (number !== 0) {
      const name = block.toString('utf8', at + 8, at + 8 + letters);
      if (number > inodes || letters === 0 || 8 + letters > length || /[/\0]/.test(name)) {
        throw damaged(where, 'a directory with an entry that cannot be');
      }
      if (name !== '.' && name !== '..') names.push({ name, inode: number });
    }
    at += length;
  }
}

/** As it is stored, but for the one length that sixteen bits cannot hold. */
const recordLength = (stored: number, blockSize: number): number =>
  blockSize === 65536 && (stored === 65535 || stored === 0) ? blockSize : stored;

const tailSize = 12;
const tailType = 0xde;

/** Verifies the checksum of a directory block, and gives the bytes at its end that are no entries. */
function verify({ sums, blockSize }: Ext, { seed, where }: Inode, block: Buffer): number {
  if (!sums) return 0;
  const wrong = () => damaged(where, 'the checksum of a block of its directory is wrong');
  const pairs = pairsAt(block, blockSize);
  if (pairs !== undefined) {
    if (!hashSum(seed, block, pairs)) throw wrong();
    return 0;
  }
  const tail = block.length - tailSize;
  const right =
    block.readUInt32LE(tail) === 0 &&
    block.readUInt16LE(tail + 4) === tailSize &&
    block[tail + 7] === tailType &&
    crc32c(seed, block.subarray(0, tail)) === block.readUInt32LE(block.length - 4);
  if (!right) throw wrong();
  return tailSize;
}

/** Where a block of the hash tree counts its pairs; its end may look like that of the leaf that it was before. */
function pairsAt(block: Buffer, blockSize: number): number | undefined {
  const first = recordLength(block.readUInt16LE(4), blockSize);
  if (first === blockSize) return 8;
  const above = recordLength(block.readUInt16LE(16), blockSize);
  return first === 12 && above === blockSize - 12 ? 32 : undefined;
}

/** Whether the checksum of a block of the hash tree is right; its pairs are counted at `at`. */
function hashSum(seed: number, block: Buffer, at: number): boolean {
  const [limit, count] = [block.readUInt16LE(at), block.readUInt16LE(at + 2)];
  const tail = at + limit * 8;
  if (count > limit || tail + 8 > block.length) return false;
  const sum = crc32c(seed, block.subarray(0, at + count * 8));
  return (
    crc32c(crc32c(sum, block.subarray(tail, tail + 4)), new Uint8Array(4)) === block.readUInt32LE(tail + 4)
  );
}
