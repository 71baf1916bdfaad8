import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { memoryBytes } from '../../src/disk/file.ts';
import { openExt } from '../../src/guest/ext.ts';
import { efiSystem, qcow2Image } from '../support/disks.ts';
import { ext4 } from '../support/ext4.ts';
import { fat } from '../support/fat.ts';
import { it } from '../support/folder.ts';
import { divided } from '../support/guests.ts';
import { physicalVolume } from '../support/lvm.ts';
import { tglance } from '../support/tglance.ts';
import { changed, debian } from '../support/trees.ts';
import { xfs } from '../support/xfs.ts';

const block = 4096;
const root = ext4(debian, { label: 'root' });

/** The root with a block of it filled with zeros: the one that has this in it, or the one of this number. */
function without(what: number | string): Buffer {
  const copy = Buffer.from(root);
  const number = typeof what === 'number' ? what : Math.floor(root.indexOf(what) / block);
  return copy.fill(0, number * block, (number + 1) * block);
}

const onDisk = (content: Buffer) => divided({ content });

/** An ext4 so large that it has a copy of its superblock, but for the first one. */
function headless(): Buffer {
  const copyAt = 8193 * 1024;
  const disk = Buffer.alloc(copyAt + 1024);
  root.copy(disk);
  root.copy(disk, copyAt, 1024, 2048);
  disk.writeUInt16LE(1, copyAt + 90);
  return disk.fill(0, 0, block);
}

/** A disk without its GPT and the copy of that; the MBR says that there was one. */
const withoutTable = (disk: Buffer) => disk.fill(0, 512, block).fill(0, disk.length - block);

const cases: readonly (readonly [string, () => Buffer, RegExp])[] = [
  [
    'cut off within the root',
    () => onDisk(root).subarray(0, 3 << 19),
    /Partition 1 is damaged: it goes on beyond/,
  ],
  [
    'cut off behind the root',
    () => divided({ content: root }, { content: Buffer.alloc(1 << 20) }).subarray(0, 2 << 20),
    /Partition 2 is damaged: it goes on beyond/,
  ],
  ['cut off, and not divided', () => root.subarray(0, -block), /goes on beyond the end|its place only/],
  ['cut off, in qcow2', () => qcow2Image(onDisk(root)).subarray(0, 6 << 16), /cut off|damaged/],
  ['without its superblock', headless, /The ext file system is damaged: it has no beginning/],
  [
    'without the superblock of XFS',
    () =>
      xfs([Buffer.alloc(8)])
        .fill(0, 0, 512)
        .fill('XAGF', 512, 516),
    /xfs file system is damaged/,
  ],
  ['without its block groups', () => onDisk(without(1)), /checksum of its block group 0/],
  ['without its first inodes', () => onDisk(without(4)), /Inode 2 .*damaged/],
  ['without inodes in the middle', () => onDisk(without(6)), /Inode \d+ .*damaged/],
  [
    'without the block of a directory',
    () => onDisk(without('multi-user.target.wants')),
    /checksum of a block/,
  ],
  ['without the first of its partition table', () => onDisk(root).fill(0, 512, 1024), /header is missing/],
  ['without any of its partition table', () => withoutTable(onDisk(root)), /GPT.* missing/],
  [
    'with the description of a volume group that is wrong',
    () => onDisk(Buffer.from(physicalVolume({ root })).fill(0x20, block + 700, block + 704)),
    /damaged: the checksum of its description/,
  ],
  [
    'with a volume group that is cut off',
    () => physicalVolume({ root }).subarray(0, -(1 << 20)),
    /goes on beyond the end of the disk/,
  ],
  [
    'with a FAT whose numbers cannot be',
    () => divided({ content: fat({ a: 'b' }).fill(0xff, 19, 21), type: efiSystem }, { content: root }),
    /vfat file system .*damaged|its place only/,
  ],
];

it.for(cases)('an image %s is damaged: it has no verdicts', async ([, made, says], { path }) => {
  writeFileSync(path('disk.img'), made());
  const { out, err, code } = await tglance(['file-check', path('disk.img')]);
  expect({ out, code }).toEqual({ out: '', code: 1 });
  expect(err).toMatch(says);
});

it('a /usr that fstab knows and the disk does not have makes everything unknown', async ({ path }) => {
  const tree = Object.entries(debian).filter(([name]) => !name.startsWith('usr/'));
  const alone = changed(Object.fromEntries(tree), {
    'etc/fstab': 'LABEL=root / ext4 rw 0 1\nLABEL=usr /usr ext4 ro 0 2\n',
    'usr/': '',
  });
  writeFileSync(path('disk.img'), onDisk(ext4(alone, { label: 'root' })));
  const { out, code } = await tglance(['file-check', path('disk.img')]);
  expect(out.match(/\| unknown \| Its \/usr is on LABEL=usr, which is not on this disk/g)).toHaveLength(7);
  expect(code).toBe(4);
});

it('a file whose map leads in a circle ends', async () => {
  // blocks as ext2 has them, each of which names itself, in a file that says it is very long
  const disk = Buffer.from(ext4({ a: 'x' }));
  const first = block;
  disk.writeUInt32LE(0, 1024 + 100);
  const inode = 4 * block + 10 * 256;
  disk.writeUInt32LE(0, inode + 32);
  disk.writeUInt32LE(0x7fff_ffff, inode + 4);
  disk.writeUInt32LE(0x7fff_ffff, inode + 108);
  disk.fill(0, inode + 40, inode + 100).writeUInt32LE(3, inode + 96);
  for (let at = 0; at < block; at += 4) disk.writeUInt32LE(at < block / 2 ? 3 : 0, 3 * first + at);
  const found = await openExt(memoryBytes(disk));
  const [file] = (await (await found?.root())?.entries()) ?? [];
  await expect((await file?.node())?.content()).rejects.toThrow(/damaged: (its map has|it is in) more than/);
});
