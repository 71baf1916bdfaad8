import { type Bytes, readAt } from '../disk/bytes.ts';
import { isSound } from '../disk/crc32c.ts';
import { textAt, u64be, uuidAt } from '../disk/fields.ts';
import { memoryBytes } from '../disk/file.ts';
import { Unread } from '../errors.ts';
import { damaged, type FileSystem, kindOf, type Node } from './file-system.ts';
import { addRun, type Run, scattered } from './runs.ts';
import { entriesOf } from './xfs-directory.ts';
import { extentsOf } from './xfs-extents.ts';
import { hasUnfinished } from './xfs-log.ts';

/** What reading an XFS file system needs to know of it. */
export interface Xfs {
  readonly disk: Bytes;
  readonly blockSize: number;
  readonly blocks: number;
  /** Bytes of a block of a directory. */
  readonly directoryBlock: number;
  /** Metadata have checksums, and say what they are and whose. */
  readonly sums: boolean;
  /** Directories say what kind of file an entry is. */
  readonly types: boolean;
  /** Where a block is whose number has the group in its upper bits; the disk's bytes. */
  place(block: number, where: string): number;
  inode(number: number): Promise<Inode>;
}

/** An inode, its checksum verified. */
export interface Inode {
  readonly number: number;
  readonly where: string;
  readonly raw: Buffer;
  readonly mode: number;
  readonly size: number;
  /** 1 the content itself, 2 a list of extents, 3 a tree of them. */
  readonly format: number;
  /** The bytes of the inode that hold that. */
  readonly fork: Buffer;
  readonly extents: number;
}

const name = 'The xfs file system';

const features = { types: 0x1, sparseInodes: 0x2, metaUuid: 0x4, bigTime: 0x8, manyExtents: 0x20 };
const known = Object.values(features).reduce((sum, bit) => sum | bit, 0);
const needsRepair = 0x10;
const typesOfFour = 0x200;

/** The file system that begins at byte 0, or undefined where that is no XFS. */
export async function openXfs(disk: Bytes): Promise<FileSystem | undefined> {
  if (disk.size < 512) return undefined;
  const raw = await readAt(disk, 0, 512);
  if (raw.toString('latin1', 0, 4) !== 'XFSB') return undefined;
  const xfs = await readSuperblock(disk, raw);
  const size = xfs.blocks * xfs.blockSize;
  return {
    kind: 'xfs',
    label: textAt(raw, 108, 12),
    uuid: uuidAt(raw, 32),
    // the log of one that is cut off may be among what is missing
    needsReplay: size <= disk.size && (await hasUnfinished(xfs, raw)),
    foldsCase: false,
    free: u64be(raw, 144) * xfs.blockSize,
    size,
    root: async () => nodeOf(xfs, await xfs.inode(u64be(raw, 56))),
  };
}

async function readSuperblock(disk: Bytes, raw: Buffer): Promise<Xfs> {
  const [blockSize, groupBlocks, groups] = [raw.readUInt32BE(4), raw.readUInt32BE(84), raw.readUInt32BE(88)];
  const [inodeSize, sector] = [raw.readUInt16BE(104), raw.readUInt16BE(102)];
  const [blockLog, inodeLog, perBlockLog, groupLog] = [raw[120], raw[122], raw[123], raw[124]].map(
    (it) => it ?? 0,
  );
  const directoryLog = raw[192] ?? 0;
  const version = raw.readUInt16BE(100) & 0xf;
  if (version !== 4 && version !== 5) throw new Unread(`${name} is of version ${version}`);
  const sound =
    blockLog !== undefined &&
    blockLog >= 9 &&
    blockLog <= 16 &&
    blockSize === 2 ** blockLog &&
    inodeLog !== undefined &&
    inodeLog >= 8 &&
    inodeLog <= 11 &&
    inodeSize === 2 ** inodeLog &&
    perBlockLog === blockLog - inodeLog &&
    groupLog !== undefined &&
    groupLog <= 31 &&
    groupBlocks <= 2 ** groupLog &&
    directoryLog + blockLog <= 16 &&
    groups > 0 &&
    sector >= 512 &&
    sector <= 32768;
  if (!sound) throw damaged(name, 'its superblock has sizes that cannot be');
  const sums = version === 5;
  if (sums && !isSound(await readAt(disk, 0, sector), 224))
    throw damaged(name, 'the checksum of its superblock is wrong');
  const incompatible = sums ? raw.readUInt32BE(216) : 0;
  if ((incompatible & needsRepair) !== 0) throw damaged(name, 'it says itself that it must be repaired');
  if ((incompatible & ~known) !== 0) {
    throw new Unread(`${name} has features that are not read: 0x${(incompatible & ~known).toString(16)}`);
  }
  const blocks = u64be(raw, 8);
  const it: Xfs = {
    disk,
    blockSize,
    blocks,
    directoryBlock: blockSize * 2 ** directoryLog,
    sums,
    types: sums ? (incompatible & features.types) !== 0 : (raw.readUInt32BE(200) & typesOfFour) !== 0,
    place: (block, where) => {
      const group = Math.floor(block / 2 ** groupLog);
      const within = block % 2 ** groupLog;
      if (group >= groups || within >= groupBlocks) throw damaged(where, `there is no block ${block}`);
      return (group * groupBlocks + within) * blockSize;
    },
    inode: async (number) => {
      const where = `Inode ${number} of the xfs file system`;
      const at =
        it.place(Math.floor(number / 2 ** perBlockLog), where) + (number % 2 ** perBlockLog) * inodeSize;
      const inode = await readAt(disk, at, inodeSize);
      return readInode(it, number, where, inode);
    },
  };
  return it;
}

const inodeMagic = 'IN';
const manyExtents = 0x10n;

// https://docs.kernel.org/filesystems/xfs/xfs-on-disk-format.html; On-disk Inode
function readInode({ sums }: Xfs, number: number, where: string, raw: Buffer): Inode {
  if (raw.toString('latin1', 0, 2) !== inodeMagic) throw damaged(where, 'there is no inode');
  if (sums && !isSound(raw, 100)) throw damaged(where, 'its checksum is wrong');
  if (sums && raw.readBigUInt64BE(152) !== BigInt(number))
    throw damaged(where, 'another inode is in its place');
  const core = raw[4] === 3 ? 176 : 100;
  const forkSize = (raw[82] ?? 0) * 8 || raw.length - core;
  if (core + forkSize > raw.length) throw damaged(where, 'its data go on beyond it');
  const many = raw[4] === 3 && (raw.readBigUInt64BE(120) & manyExtents) !== 0n;
  return {
    number,
    where,
    raw,
    mode: raw.readUInt16BE(2),
    size: u64be(raw, 56),
    format: raw[5] ?? 0,
    fork: raw.subarray(core, core + forkSize),
    extents: many ? u64be(raw, 24) : raw.readUInt32BE(76),
  };
}

function nodeOf(xfs: Xfs, inode: Inode): Node {
  const { raw, mode, where, size } = inode;
  const kind = kindOf(mode, where);
  return {
    kind,
    mode: mode & 0o7777,
    uid: raw.readUInt32BE(8),
    gid: raw.readUInt32BE(12),
    size,
    mtime: changedAt(raw),
    content: () => contentOf(xfs, inode, kind === 'link'),
    entries: async () => {
      const found = await entriesOf(xfs, inode);
      return found.map(({ name, inode: number }) => ({
        name,
        node: async () => nodeOf(xfs, await xfs.inode(number)),
      }));
    },
  };
}

const bigTime = 0x8n;

/** Signed seconds, or nanoseconds since December 1901. */
function changedAt(raw: Buffer): number {
  const big = raw[4] === 3 && (raw.readBigUInt64BE(120) & bigTime) !== 0n;
  return big ? Number(raw.readBigUInt64BE(40) / 1_000_000_000n) - 2 ** 31 : raw.readInt32BE(40);
}

async function contentOf(xfs: Xfs, inode: Inode, link: boolean): Promise<Bytes> {
  const { size, format, fork, where } = inode;
  if (format === 1) {
    if (size > fork.length) throw damaged(where, 'it is longer than what it has inline');
    return memoryBytes(fork.subarray(0, size));
  }
  const runs: Run[] = [];
  for (const { at, block, length } of await extentsOf(xfs, inode)) {
    const from = xfs.place(block, where);
    addRun(runs, { at: at * xfs.blockSize, length: length * xfs.blockSize, from }, where);
  }
  return link && xfs.sums ? target(xfs, inode, runs) : scattered(xfs.disk, size, runs, where);
}

const linkHeader = 56;
const longestLink = 4096;

/** A long link's target, each block of which has a header. */
async function target(
  { disk, blockSize }: Xfs,
  { size, where }: Inode,
  runs: readonly Run[],
): Promise<Bytes> {
  if (size > longestLink) throw damaged(where, `a link of ${size} bytes`);
  const pieces: Buffer[] = [];
  let left = size;
  for (const run of runs) {
    for (let at = 0; at < run.length && left > 0; at += blockSize) {
      const block = await readAt(disk, run.from + at, blockSize);
      if (block.toString('latin1', 0, 4) !== 'XSLM' || !isSound(block, 12)) {
        throw damaged(where, 'the checksum of its target is wrong');
      }
      const piece = block.subarray(linkHeader, linkHeader + Math.min(left, blockSize - linkHeader));
      pieces.push(piece);
      left -= piece.length;
    }
  }
  if (left > 0) throw damaged(where, 'its target is cut off');
  return memoryBytes(Buffer.concat(pieces));
}
