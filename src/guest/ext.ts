import { type Bytes, readAt } from '../disk/bytes.ts';
import { crc32c, crc32cWithout } from '../disk/crc32c.ts';
import { textAt, uuidAt } from '../disk/fields.ts';
import { Unread } from '../errors.ts';
import { entriesOf } from './ext-directory.ts';
import { contentOf } from './ext-map.ts';
import { damaged, type FileSystem, kindOf, type Node } from './file-system.ts';

/** What reading an ext2, ext3 or ext4 file system needs to know of it. */
export interface Ext {
  readonly disk: Bytes;
  readonly kind: string;
  readonly blockSize: number;
  readonly blocks: number;
  readonly inodes: number;
  /** Whether metadata have checksums, and what all of these begin with. */
  readonly sums: boolean;
  readonly seed: number;
  /** Directories are counted with 64 bits. */
  readonly largeDirectories: boolean;
  inode(number: number): Promise<Inode>;
}

/** An inode, its checksum verified. */
export interface Inode {
  readonly number: number;
  readonly where: string;
  readonly raw: Buffer;
  readonly mode: number;
  readonly size: number;
  readonly flags: number;
  /** What the checksums of all its own blocks begin with. */
  readonly seed: number;
}

// https://www.kernel.org/doc/html/latest/filesystems/ext4/globals.html#super-block
const superblockAt = 1024;
const magic = 0xef53;
const incompatible = {
  recover: 0x4,
  metaGroups: 0x10,
  extents: 0x40,
  wide: 0x80,
  multiMount: 0x100,
  flexGroups: 0x200,
  valueInodes: 0x400,
  ownSeed: 0x2000,
  largeDirectories: 0x4000,
  inlineData: 0x8000,
  encrypted: 0x10000,
  foldsCase: 0x20000,
};
const fileTypes = 0x2;
const known = Object.values(incompatible).reduce((sum, bit) => sum | bit, fileTypes);
const sparseSupers = 0x1;
const metadataSums = 0x400;
const hasJournal = 0x4;
const fewSupers = 0x200;
const encryptedInode = 0x800;

/** The file system that begins at byte 0, or undefined where that is none of the family. */
export async function openExt(disk: Bytes): Promise<FileSystem | undefined> {
  if (disk.size < superblockAt * 2) return undefined;
  const raw = await readAt(disk, superblockAt, 1024);
  if (raw.readUInt16LE(56) !== magic) return undefined;
  const ext = readSuperblock(disk, raw);
  const free = raw.readUInt32LE(12) + (ext.wide ? raw.readUInt32LE(344) * 2 ** 32 : 0);
  return {
    kind: ext.kind,
    label: textAt(raw, 120, 16),
    uuid: uuidAt(raw, 104),
    needsReplay: (raw.readUInt32LE(96) & incompatible.recover) !== 0,
    foldsCase: false,
    free: free * ext.blockSize,
    size: ext.blocks * ext.blockSize,
    root: async () => nodeOf(ext, await ext.inode(2)),
  };
}

interface Groups extends Ext {
  readonly wide: boolean;
}

function readSuperblock(disk: Bytes, raw: Buffer): Groups {
  const [compat, incompat, readOnly] = [raw.readUInt32LE(92), raw.readUInt32LE(96), raw.readUInt32LE(100)];
  const kind =
    (incompat & ~(fileTypes | incompatible.recover)) !== 0 || (readOnly & ~0x7) !== 0 ? 'ext4' : '';
  const name = kind || ((compat & hasJournal) !== 0 ? 'ext3' : 'ext2');
  const sums = (readOnly & metadataSums) !== 0;
  if (sums && crc32c(0xffffffff, raw.subarray(0, 1020)) !== raw.readUInt32LE(1020)) {
    throw damaged(`The ${name} file system`, 'the checksum of its superblock is wrong');
  }
  if ((incompat & ~known) !== 0) {
    throw new Unread(
      `The ${name} file system has features that are not read: 0x${(incompat & ~known).toString(16)}`,
    );
  }
  const wide = (incompat & incompatible.wide) !== 0;
  const logBlock = raw.readUInt32LE(24);
  const inodeSize = raw.readUInt32LE(76) === 0 ? 128 : raw.readUInt16LE(88);
  const [perGroup, inodesPerGroup] = [raw.readUInt32LE(32), raw.readUInt32LE(40)];
  const descriptorSize = wide ? raw.readUInt16LE(254) : 32;
  const sound =
    logBlock <= 6 &&
    inodeSize >= 128 &&
    inodeSize <= 1024 << logBlock &&
    perGroup > 0 &&
    inodesPerGroup > 0 &&
    descriptorSize >= (wide ? 64 : 32) &&
    descriptorSize <= 1024;
  if (!sound) throw damaged(`The ${name} file system`, 'its superblock has sizes that cannot be');
  const blockSize = 1024 << logBlock;
  const blocks = raw.readUInt32LE(4) + (wide ? raw.readUInt32LE(336) * 2 ** 32 : 0);
  const first = raw.readUInt32LE(20);
  const superBlock = Math.floor(superblockAt / blockSize);
  const perBlock = Math.floor(blockSize / descriptorSize);
  const seed =
    (incompat & incompatible.ownSeed) !== 0
      ? raw.readUInt32LE(624)
      : crc32c(0xffffffff, raw.subarray(104, 120));
  const firstMeta =
    (incompat & incompatible.metaGroups) !== 0 ? raw.readUInt32LE(260) : Number.POSITIVE_INFINITY;
  const hasSuper = (group: number) => {
    if ((compat & fewSupers) !== 0)
      return group === 0 || group === raw.readUInt32LE(588) || group === raw.readUInt32LE(592);
    return (readOnly & sparseSupers) === 0 || group <= 1 || [3, 5, 7].some((base) => isPower(group, base));
  };
  const descriptorAt = (group: number): number => {
    const meta = Math.floor(group / perBlock);
    // small blocks in clusters begin at 0, where the superblock is in block 1 all the same
    const start = meta === 0 ? superBlock : first + meta * perBlock * perGroup;
    const block = meta < firstMeta ? superBlock + 1 + meta : start + (hasSuper(meta * perBlock) ? 1 : 0);
    return block * blockSize + (group % perBlock) * descriptorSize;
  };
  const it: Groups = {
    disk,
    kind: name,
    wide,
    blockSize,
    blocks,
    inodes: raw.readUInt32LE(0),
    sums,
    seed,
    largeDirectories: (incompat & incompatible.largeDirectories) !== 0,
    inode: async (number) => {
      const where = `Inode ${number} of the ${name} file system`;
      if (number < 1 || number > it.inodes) throw damaged(where, `there are only ${it.inodes}`);
      const group = Math.floor((number - 1) / inodesPerGroup);
      const descriptor = await readAt(disk, descriptorAt(group), descriptorSize);
      verifyDescriptor(it, group, descriptor);
      const table = descriptor.readUInt32LE(8) + (wide ? descriptor.readUInt32LE(40) * 2 ** 32 : 0);
      const at = table * blockSize + ((number - 1) % inodesPerGroup) * inodeSize;
      return readInode(it, number, where, await readAt(disk, at, inodeSize));
    },
  };
  return it;
}

function isPower(number: number, base: number): boolean {
  let power = base;
  while (power < number) power *= base;
  return power === number;
}

function verifyDescriptor({ sums, seed, kind }: Ext, group: number, raw: Buffer): void {
  if (!sums) return;
  const sum = crc32cWithout(crc32c(seed, word(group)), raw, 30, 2) & 0xffff;
  if (sum !== raw.readUInt16LE(30)) {
    throw damaged(`The ${kind} file system`, `the checksum of its block group ${group} is wrong`);
  }
}

/** A number as the checksums take it. */
function word(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
}

function readInode(ext: Ext, number: number, where: string, raw: Buffer): Inode {
  const seed = crc32c(crc32c(ext.seed, word(number)), raw.subarray(100, 104));
  const mode = raw.readUInt16LE(0);
  if (ext.sums) verifyInode(raw, seed, where);
  const directory = mode >>> 12 === 4;
  const high = directory && !ext.largeDirectories ? 0 : raw.readUInt32LE(108);
  return {
    number,
    where,
    raw,
    mode,
    size: raw.readUInt32LE(4) + high * 2 ** 32,
    flags: raw.readUInt32LE(32),
    seed,
  };
}

/** The sum is in two halves, the second of which only larger inodes have. */
function verifyInode(raw: Buffer, seed: number, where: string): void {
  const both = raw.length > 128 && raw.readUInt16LE(128) >= 4;
  const cleared = Buffer.from(raw);
  cleared.writeUInt16LE(0, 124);
  if (both) cleared.writeUInt16LE(0, 130);
  const sum = crc32c(seed, cleared);
  const stored = raw.readUInt16LE(124) + (both ? raw.readUInt16LE(130) * 65536 : 0);
  if (stored !== (both ? sum : sum & 0xffff)) throw damaged(where, 'its checksum is wrong');
}

function nodeOf(ext: Ext, inode: Inode): Node {
  const { raw, mode, where, flags, size } = inode;
  const refuseEncrypted = () => {
    if ((flags & encryptedInode) !== 0) throw new Unread(`${where} is encrypted`);
  };
  return {
    kind: kindOf(mode, where),
    mode: mode & 0o7777,
    uid: raw.readUInt16LE(2) + raw.readUInt16LE(120) * 65536,
    gid: raw.readUInt16LE(24) + raw.readUInt16LE(122) * 65536,
    size,
    mtime: changedAt(raw),
    content: async () => {
      refuseEncrypted();
      return contentOf(ext, inode);
    },
    entries: async () => {
      refuseEncrypted();
      const found = await entriesOf(ext, inode);
      return found.map(({ name, inode: number }) => ({
        name,
        node: async () => nodeOf(ext, await ext.inode(number)),
      }));
    },
  };
}

/** Seconds are signed, and two more bits count what does not fit. */
function changedAt(raw: Buffer): number {
  const more = raw.length > 128 && raw.readUInt16LE(128) >= 12 ? raw.readUInt32LE(136) & 3 : 0;
  return raw.readInt32LE(16) + more * 2 ** 32;
}
