import { crc32, gzipSync } from 'node:zlib';
import { type Bytes, readAt } from '../../src/disk/bytes.ts';
import { crc32cWithout } from '../../src/disk/crc32c.ts';
import { openDisk } from '../../src/disk/formats.ts';
import { inspect } from '../../src/disk/inspect.ts';
import { requirements, resultOf } from '../../src/guest/check.ts';
import { hygiene } from '../../src/guest/checks/hygiene.ts';
import { openInitramfs } from '../../src/guest/cpio.ts';
import type { Node } from '../../src/guest/file-system.ts';
import { guestOf } from '../../src/guest/guest.ts';
import { imagesOf, isoImage, qedImage, sealedImages, udfImage } from './disk-images.ts';
import { efiSystem, putGpt, putMbr, qcow2Image } from './disks.ts';
import { ext4 } from './ext4.ts';
import { fat } from './fat.ts';
import { cpio, divided } from './guests.ts';
import { isoTree } from './iso-tree.ts';
import { checksum, physicalVolume } from './lvm.ts';
import { alpine, cirros, cirrosInitramfs, debian } from './trees.ts';
import { xfs } from './xfs.ts';

/** A sound image that is to be damaged, and what is done with it then. */
export interface Subject {
  /** What the figures are given for. */
  readonly format: string;
  readonly title: string;
  readonly image: Buffer;
  /** Where there is something in it, in steps of 64 bytes. */
  readonly used: readonly number[];
  readonly sums: readonly Sum[];
  read(file: Bytes): Promise<void>;
}

/** A checksum: four bytes, least significant one first, and what they are to be. */
export interface Sum {
  readonly at: number;
  sum(image: Buffer): number;
}

const MiB = 1024 * 1024;

/** Sound images of every kind, small enough to be damaged many times. */
export function subjects(): Subject[] {
  const disk = Buffer.alloc(MiB + 512);
  disk.fill('The quick brown fox. ', 70_000, 200_000);
  const [gpt, mbr] = [Buffer.alloc(MiB), Buffer.alloc(MiB)];
  putGpt(gpt, [{ start: 64, sectors: 64 }]);
  putMbr(mbr, [{ start: 64, sectors: 64, type: 5 }]);
  putMbr(mbr.subarray(64 * 512), [
    { start: 1, sectors: 8 },
    { start: 16, sectors: 8, type: 5 },
  ]);
  const images = Object.entries({
    ...imagesOf(disk),
    qed: qedImage(disk),
    ...sealedImages(),
    gpt,
    mbr,
    iso: isoImage(),
    udf: udfImage(),
  });
  const root = ext4(debian);
  const guests: readonly (readonly [title: string, image: Buffer, sums?: readonly Sum[]])[] = [
    ['ext4', root],
    ['ext, without checksums', withoutSums(ext4(alpine))],
    ['ext, an initramfs in it', withoutSums(ext4(cirros))],
    ['xfs', xfs(Array.from({ length: 100 }, (_, index) => Buffer.alloc(8, index))), sumsOfXfs],
    ['vfat', fat({ 'etc/os-release': 'ID=x\n', 'EFI/BOOT/BOOTX64.EFI': 'MZ', 'a longer name/file': 'x' })],
    ['vfat, in a partition', divided({ content: fat({ 'EFI/BOOT/a file': 'x' }), type: efiSystem })],
    ['iso9660', isoTree()],
    ['lvm', physicalVolume({ root }), sumsOfLvm],
    ['guest, in a partition of a qcow2', qcow2Image(divided({ content: root }))],
  ];
  const archive = cpio(cirrosInitramfs);
  return [
    ...images.map(([title, image]) => subject(title, image, readDisk, sumsOf[formatOf(title)] ?? [])),
    ...guests.map(([title, image, sums]) => subject(title, image, readGuest, sums)),
    subject('initramfs', archive, readArchive),
    subject('initramfs, compressed', gzipSync(archive), readArchive),
  ];
}

const formatOf = (title: string): string => title.split(/[, ]/)[0] ?? title;

const subject = (
  title: string,
  image: Buffer,
  read: Subject['read'],
  sums: readonly Sum[] = [],
): Subject => ({
  format: formatOf(title),
  title,
  image,
  used: Array.from({ length: Math.floor(image.length / 64) }, (_, index) => index * 64).filter((at) =>
    image.subarray(at, at + 64).some((byte) => byte !== 0),
  ),
  sums,
  read,
});

/** As many extents as are looked at: tables that share others have very many. */
const mostExtents = 20_000;

/** Inspects an image, and reads some of the disk in it. */
async function readDisk(file: Bytes): Promise<void> {
  await inspect(file);
  const disk = await openDisk(file);
  for (const at of [0, disk.size / 2, disk.size - 70_000]) {
    const from = Math.max(0, Math.floor(at));
    await readAt(disk, from, Math.min(70_000, disk.size - from));
  }
  let count = 0;
  for await (const { length } of disk.extents()) {
    if (!(length > 0)) throw new Error('an extent without length');
    count += 1;
    if (count > mostExtents) break;
  }
}

/** Runs all checks on the guest of a disk, and reads every file there is. */
async function readGuest(file: Bytes): Promise<void> {
  const { guest, disk } = await guestOf(await openDisk(file));
  if (guest !== undefined) for (const check of [...requirements, ...hygiene]) await resultOf(check, guest);
  for (const { files } of disk.volumes) if (files !== undefined) await walk(await files.root(), 0);
}

const readArchive: Subject['read'] = async (file) => walk(await (await openInitramfs(file)).root(), 0);

async function walk(node: Node, depth: number): Promise<void> {
  if (depth > 12) return;
  if (node.kind !== 'directory') {
    const content = await node.content();
    await readAt(content, 0, Math.min(content.size, 4096));
    return;
  }
  for (const entry of await node.entries()) await walk(await entry.node(), depth + 1);
}

/** As it would be without the feature that everything has a checksum: then what is damaged is believed. */
export function withoutSums(image: Buffer): Buffer {
  const at = 1024 + 100;
  image.writeUInt32LE(image.readUInt32LE(at) & ~0x400, at);
  return image;
}

/** A CRC-32C within a block that covers the rest of it. */
const crc = (from: number, length: number, at: number): Sum => ({
  at: from + at,
  sum: (image) => ~crc32cWithout(0xffffffff, image.subarray(from, from + length), at) >>> 0,
});

const sumsOf: Readonly<Record<string, readonly Sum[]>> = {
  vhdx: [
    crc(64 * 1024, 4096, 4),
    crc(128 * 1024, 4096, 4),
    crc(192 * 1024, 64 * 1024, 4),
    crc(256 * 1024, 64 * 1024, 4),
  ],
  gpt: [
    { at: 512 + 88, sum: (image) => crc32(image.subarray(1024, 1024 + 128 * 128)) },
    {
      at: 512 + 16,
      sum: (image) => {
        const header = Buffer.from(image.subarray(512, 512 + 92));
        header.writeUInt32LE(0, 16);
        return crc32(header);
      },
    },
  ],
};

/** The superblock, two inodes and a tree of three blocks. */
const sumsOfXfs: readonly Sum[] = [
  crc(0, 512, 224),
  crc(32 * 512, 512, 100),
  crc(33 * 512, 512, 100),
  ...[10, 11, 12].map((block) => crc(block * 4096, 4096, 64)),
];

const sumsOfLvm: readonly Sum[] = [
  { at: 512 + 16, sum: (image) => checksum(image.subarray(512 + 20, 1024)) },
  {
    at: 4096 + 56,
    sum: (image) => {
      const from = Math.min(image.length, 4096 + image.readUInt32LE(4096 + 40));
      return checksum(
        image.subarray(from, Math.min(image.length, from + (image.readUInt32LE(4096 + 48) & 0xffff))),
      );
    },
  },
  { at: 4096, sum: (image) => checksum(image.subarray(4096 + 4, 4096 + 512)) },
];
