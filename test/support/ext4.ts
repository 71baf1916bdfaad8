import { crc32c } from '../../src/disk/crc32c.ts';

/** What is to be in a file system: text or bytes of a file, or where a link leads; directories come by themselves. */
export type Files = Readonly<Record<string, string | Buffer | Link>>;

export interface Link {
  readonly link: string;
}

export const link = (to: string): Link => ({ link: to });

interface Entry {
  readonly name: string;
  readonly inode: number;
  readonly type: number;
}

interface Item {
  readonly mode: number;
  readonly flags?: number;
  readonly content: Buffer;
}

const block = 4096;
const inodeSize = 256;
const firstFree = 11;

/**
 * A small ext4 file system of one block group, with checksums and extents, as mkfs.ext4 lays one out; `hashed`: its
 * directories are as the kernel leaves them once they do not fit one block.
 */
export function ext4(
  files: Files,
  { label = '', uuid = 'e4e4e4e4-0000-4000-8000-000000000001', hashed = false } = {},
): Buffer {
  const id = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  const seed = crc32c(0xffffffff, id);
  const items = new Map<number, Item>();
  let free = firstFree;
  const place = (below: Files, number: number, above: number): void => {
    const entries: Entry[] = [
      { name: '.', inode: number, type: 2 },
      { name: '..', inode: above, type: 2 },
    ];
    const groups = new Map<string, Record<string, Files[string]>>();
    for (const [path, content] of Object.entries(below)) {
      const [name = '', ...rest] = path.split('/');
      if (rest.length > 0)
        groups.set(name, { ...groups.get(name), ...(rest[0] && { [rest.join('/')]: content }) });
      else {
        const bytes = typeof content === 'string' ? Buffer.from(content) : content;
        const item = Buffer.isBuffer(bytes)
          ? { mode: 0o100644, content: bytes }
          : { mode: 0o120777, content: Buffer.from(bytes.link) };
        entries.push({ name, inode: free, type: item.mode === 0o100644 ? 1 : 7 });
        items.set(free, item);
        free += 1;
      }
    }
    for (const [name, inside] of groups) {
      const child = free;
      free += 1;
      entries.push({ name, inode: child, type: 2 });
      place(inside, child, number);
    }
    const content = (hashed ? hashedDirectory : directory)(entries, inodeSeed(seed, number));
    items.set(number, { mode: 0o40755, flags: hashed ? 0x1000 : 0, content });
  };
  place(files, 2, 2);
  return layOut(items, free, { id, seed, label });
}

/** The same as it is copied while it is mounted. */
export function inUse(image: Buffer): Buffer {
  const copy = Buffer.from(image);
  const superblock = copy.subarray(1024, 2048);
  superblock.writeUInt32LE(superblock.readUInt32LE(96) | 4, 96);
  superblock.writeUInt32LE(crc32c(0xffffffff, superblock.subarray(0, 1020)), 1020);
  return copy;
}

const inodeSeed = (seed: number, number: number) => crc32c(crc32c(seed, word(number)), word(0));

function word(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
}

function directory(entries: readonly Entry[], seed: number): Buffer {
  const blocks: Buffer[] = [];
  let left = [...entries];
  while (left.length > 0) {
    const raw = Buffer.alloc(block);
    let [at, last] = [0, 0];
    for (const { name, inode, type } of left) {
      const letters = Buffer.from(name);
      const length = (8 + letters.length + 3) & ~3;
      if (at + length > block - 12) break;
      raw.writeUInt32LE(inode, at);
      raw.writeUInt16LE(length, at + 4);
      raw.set([letters.length, type], at + 6);
      raw.set(letters, at + 8);
      left = left.slice(1);
      last = at;
      at += length;
    }
    raw.writeUInt16LE(block - 12 - last, last + 4);
    raw.writeUInt16LE(12, block - 8);
    raw[block - 5] = 0xde;
    raw.writeUInt32LE(crc32c(seed, raw.subarray(0, block - 12)), block - 4);
    blocks.push(raw);
  }
  return Buffer.concat(blocks);
}

/** One whose first block became the root of its hash tree, and kept the end that it had as a leaf. */
function hashedDirectory([here, above, ...entries]: readonly Entry[], seed: number): Buffer {
  const root = Buffer.alloc(block);
  for (const [entry, at, length] of [
    [here, 0, 12],
    [above, 12, block - 12],
  ] as const) {
    root.writeUInt32LE(entry?.inode ?? 0, at);
    root.writeUInt16LE(length, at + 4);
    root.set([at === 0 ? 1 : 2, 2], at + 6);
    root.write(at === 0 ? '.' : '..', at + 8);
  }
  root.set([1, 8], 28);
  root.writeUInt16LE((block - 32 - 8) / 8, 32);
  root.writeUInt16LE(1, 34);
  root.writeUInt32LE(1, 36);
  root.writeUInt16LE(12, block - 8);
  root[block - 5] = 0xde;
  const sum = crc32c(crc32c(seed, root.subarray(0, 40)), root.subarray(block - 8, block - 4));
  root.writeUInt32LE(crc32c(sum, word(0)), block - 4);
  return Buffer.concat([root, directory(entries, seed)]);
}

function layOut(items: ReadonlyMap<number, Item>, inodes: number, { id, seed, label }: Super): Buffer {
  const count = Math.ceil((inodes * inodeSize) / block) * (block / inodeSize);
  const table = Buffer.alloc(count * inodeSize);
  const tableAt = 4;
  let next = tableAt + table.length / block;
  const data: Buffer[] = [];
  for (const [number, { mode, flags = 0, content }] of items) {
    const raw = table.subarray((number - 1) * inodeSize, number * inodeSize);
    raw.writeUInt16LE(mode, 0);
    raw.writeUInt32LE(content.length, 4);
    raw.writeUInt32LE(1_700_000_000, 16);
    raw.writeUInt16LE(1, 26);
    raw.writeUInt16LE(32, 128);
    if (mode >>> 12 === 10 && content.length < 60) raw.set(content, 40);
    else {
      const blocks = Math.ceil(content.length / block);
      raw.writeUInt32LE((blocks * block) / 512, 28);
      raw.writeUInt32LE(0x80000 | flags, 32);
      raw.writeUInt16LE(0xf30a, 40);
      raw.writeUInt16LE(blocks === 0 ? 0 : 1, 42);
      raw.writeUInt16LE(4, 44);
      raw.writeUInt16LE(blocks, 56);
      raw.writeUInt32LE(next, 60);
      next += blocks;
      data.push(content, Buffer.alloc(blocks * block - content.length));
    }
    const sum = crc32c(inodeSeed(seed, number), raw);
    raw.writeUInt16LE(sum & 0xffff, 124);
    raw.writeUInt16LE(sum >>> 16, 130);
  }
  const head = Buffer.alloc(tableAt * block);
  const superblock = head.subarray(1024, 2048);
  const numbers = {
    0: count,
    4: next,
    12: 100,
    24: 2,
    28: 2,
    32: 32768,
    36: 32768,
    40: count,
    76: 1,
    84: 11,
    96: 0x42,
    100: 0x400,
  };
  for (const [at, value] of Object.entries(numbers)) superblock.writeUInt32LE(value, Number(at));
  superblock.writeUInt16LE(0xef53, 56);
  superblock.writeUInt16LE(1, 58);
  superblock.writeUInt16LE(inodeSize, 88);
  superblock.set(id, 104);
  superblock.write(label, 120);
  superblock[373] = 1;
  superblock.writeUInt32LE(crc32c(0xffffffff, superblock.subarray(0, 1020)), 1020);
  const group = head.subarray(block, block + 32);
  group.writeUInt32LE(2, 0);
  group.writeUInt32LE(3, 4);
  group.writeUInt32LE(tableAt, 8);
  group.writeUInt16LE(crc32c(crc32c(seed, word(0)), group) & 0xffff, 30);
  return Buffer.concat([head, table, ...data]);
}

interface Super {
  readonly id: Buffer;
  readonly seed: number;
  readonly label: string;
}
