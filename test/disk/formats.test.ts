import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readAt } from '../../src/disk/bytes.ts';
import { counted } from '../../src/disk/cached.ts';
import { memoryBytes } from '../../src/disk/file.ts';
import { formatsOf, openDisk } from '../../src/disk/formats.ts';
import { inspect } from '../../src/disk/inspect.ts';
import { DiskError } from '../../src/errors.ts';
import {
  imagesOf,
  isoImage,
  luksImage,
  qcow2Compressed,
  qedImage,
  sealedImages,
  udfImage,
  vhdImage,
  vhdxImage,
  vmdkDescriptor,
  vmdkImage,
} from '../support/disk-images.ts';
import { putMbr, qcow2Image } from '../support/disks.ts';

const MiB = 1024 * 1024;

/** Zeros, text, noise, and an end that no cluster is as large as. */
const disk = Buffer.alloc(5 * MiB + 1536);
disk.fill('The quick brown fox. ', MiB + 300_000, 2 * MiB + 10_000);
randomBytes(300_000).copy(disk, 3 * MiB + 65_000);
disk.fill('end', disk.length - 700);

const nameOf = (title: string) => title.split(',')[0]?.split(' ')[0] ?? '';

describe.each(Object.entries(imagesOf(disk)))('%s', (title, image) => {
  const file = memoryBytes(image);

  it('is recognised as nothing else', async () => {
    expect((await formatsOf(file)).map(({ name }) => name)).toEqual([nameOf(title)]);
  });

  it('P40: has the disk that was put into it, however it is read', async () => {
    const opened = await openDisk(file);
    expect(opened.size).toBe(disk.length);
    expect((await readAt(opened, 0, disk.length)).equals(disk)).toBe(true);
    for (let at = 0; at < disk.length; at += 77_777) {
      const length = Math.min(100_000, disk.length - at);
      expect((await readAt(opened, at, length)).equals(disk.subarray(at, at + length))).toBe(true);
    }
  });

  it('tells where it has data, leaving out nothing', async () => {
    let end = 0;
    for await (const { start, length, kind } of (await openDisk(file)).extents()) {
      expect(start).toBe(end);
      end += length;
      const zeros = disk.subarray(start, start + length).every((byte) => byte === 0);
      if (kind === 'zero' || kind === 'unallocated') expect(zeros).toBe(true);
    }
    expect(end).toBe(disk.length);
  });

  it('P39: is harmless', async () => {
    const { size, dangers, problems, notes } = await inspect(file);
    expect({ size, dangers, problems }).toEqual({ size: disk.length, dangers: [], problems: [] });
    expect(notes.length).toBeLessThan(2);
  });

  it('P38: is inspected without reading more than a MiB', async () => {
    const seen = counted(file);
    const { bytesRead } = await inspect(seen);
    expect(bytesRead).toBe(seen.bytesRead());
    expect(bytesRead).toBeLessThan(MiB);
  });

  it('is not read beyond its end', async () => {
    const opened = await openDisk(file);
    await expect(opened.read(Buffer.alloc(2), disk.length - 1)).rejects.toThrow(DiskError);
  });
});

describe('P39: every danger has a reason', () => {
  const dangersOf = async (image: Buffer) => (await inspect(memoryBytes(image))).dangers;

  it.each([
    ['a backing file', qcow2Image(disk, { backingFile: '/etc/passwd' }), 'backing_file', "'/etc/passwd'"],
    ['an external data file', qcow2Image(disk, { features: 4 }), 'data_file', 'Its data are in the file'],
    ['an unknown feature', qcow2Image(disk, { features: 0x40 }), 'unknown_features', '(bits 6)'],
    ['QED', qedImage(disk), 'banned', 'do not take at all'],
    ['a parent of a VHD', vhdImage(disk, 4), 'parent', "'..\\base.vhd'"],
    ['a parent of a VHDX', vhdxImage(disk, { parent: true }), 'parent', 'its parent'],
    [
      'a VMDK of several files',
      Buffer.from(vmdkDescriptor('twoGbMaxExtentFlat', 'RW 1 FLAT "disk-f001.vmdk" 0')),
      'descriptor',
      "of the kind 'twoGbMaxExtentFlat'",
    ],
    [
      'a VMDK that names a path',
      Buffer.from(vmdkDescriptor('monolithicSparse', 'RW 1 SPARSE "/etc/passwd"')),
      'descriptor',
      "'/etc/passwd'",
    ],
  ])('%s', async (_what, image = Buffer.alloc(0), check, reason) => {
    expect(await dangersOf(image)).toContainEqual({ check, reason: expect.stringContaining(reason) });
  });

  it('a file that looks like several formats', async () => {
    const image = qcow2Image(disk);
    isoImage().copy(image, 32768, 32768, 36864);
    expect(await dangersOf(image)).toEqual([
      { check: 'several_formats', reason: 'It looks like several formats at once: qcow2, iso' },
    ]);
  });

  it('a CD within a fixed VHD is none', async () => {
    const image = Buffer.concat([
      isoImage(),
      imagesOf(Buffer.alloc(MiB))['vhd, fixed']?.subarray(MiB) ?? Buffer.alloc(0),
    ]);
    expect(await dangersOf(image)).toEqual([]);
  });
});

describe('what is missing or damaged is told', () => {
  const found = async (image: Buffer) => {
    const { problems, notes } = await inspect(memoryBytes(image));
    return [...problems, ...notes];
  };

  it.each([
    ['a qcow2 that was not closed', qcow2Image(disk, { features: 1 }), 'It was not closed'],
    ['a qcow2 that is corrupt', qcow2Image(disk, { features: 2 }), 'It is marked as corrupt'],
    ['a qcow2 that is encrypted', qcow2Image(disk, { encryption: 2 }), 'Its data are encrypted'],
    ['a qcow2 with snapshots', qcow2Image(disk, { snapshots: 1 }), 'Its internal snapshots go along'],
    ['a qcow2 that was cut off', qcow2Image(disk).subarray(0, 600_000), 'before some of its data'],
    ['a dynamic VHD that was cut off', vhdImage(disk).subarray(0, MiB), 'Its footer is missing'],
    ['a VHDX with a log', vhdxImage(disk, { log: true }), 'It was not closed'],
    ['a VDI that was cut off', imagesOf(disk).vdi?.subarray(0, MiB) ?? disk, 'it was cut off'],
    ['a CD that was cut off', isoImage().subarray(0, 100_000), 'it was cut off'],
    ['a LUKS image', luksImage(1), 'Its data are encrypted'],
  ])('%s', async (_what, image, words) => {
    expect(await found(image)).toEqual(expect.arrayContaining([expect.stringContaining(words)]));
  });

  it.each([
    'qcow2, compressed',
    'qcow2, compressed by zstd',
    'vmdk, monolithicSparse',
    'vhdx',
    'parallels, old',
    'parallels, extended',
  ])('%s that was cut off in its last data is told to be', async (title) => {
    const image = imagesOf(disk)[title] ?? Buffer.alloc(0);
    const last = image.lastIndexOf('end');
    const size = title.startsWith('qcow2') ? image.length - 512 : last - 200;
    const { problems } = await inspect(memoryBytes(image.subarray(0, size)));
    expect(problems).toEqual([
      `It ends at byte ${size}, before some of its data: it was cut off, or is damaged`,
    ]);
  });

  it('a compressed cluster may end within the last sector that its map names', async () => {
    const image = qcow2Compressed(disk);
    expect(image.length % 512).not.toBe(0);
    expect(await found(image)).toEqual([]);
  });

  it('a stream of VMware that was cut off has no footer', async () => {
    const image = vmdkImage(disk, 'streamOptimized');
    await expect(inspect(memoryBytes(image.subarray(0, image.length - 512)))).rejects.toThrow(
      'The VMDK file has no footer: it was cut off',
    );
  });
});

describe('what is not to be read is refused with its reason', () => {
  it.each([
    ...Object.entries(sealedImages()),
    ['qcow2 with a backing file', qcow2Image(disk, { backingFile: 'base' })] as const,
    ['qcow2, encrypted', qcow2Image(disk, { encryption: 1 })] as const,
    ['vhdx with a parent', vhdxImage(disk, { parent: true })] as const,
  ])('%s', async (title, image) => {
    const file = memoryBytes(image);
    expect((await formatsOf(file)).map(({ name }) => name)).toEqual([nameOf(title)]);
    await expect(openDisk(file)).rejects.toThrow(DiskError);
  });
});

it('P40: a QED, which no cloud takes, has the disk that was put into it', async () => {
  const opened = await openDisk(memoryBytes(qedImage(disk)));
  expect((await readAt(opened, 0, disk.length)).equals(disk)).toBe(true);
});

describe('CDs', () => {
  it('are told apart from disks that are CDs as well', async () => {
    const hybrid = isoImage();
    putMbr(hybrid, [{ start: 0, sectors: 64 * 4, type: 0x17, boot: 0x80 }]);
    const [plain, both] = [await inspect(memoryBytes(isoImage())), await inspect(memoryBytes(hybrid))];
    const details = { file_systems: ['iso9660'], volume: 'A VOLUME', volume_size: 64 * 2048, bootable: true };
    expect(plain.details).toEqual({ ...details, hybrid: false });
    expect(both.details).toEqual({ ...details, hybrid: true });
    expect(both.dangers).toEqual([]);
  });

  it('are recognised by UDF alone', async () => {
    const { format, details } = await inspect(memoryBytes(udfImage()));
    expect(format).toBe('iso');
    expect(details).toEqual({ file_systems: ['udf'], bootable: false, hybrid: false });
  });
});

it('LUKS tells how it is encrypted', async () => {
  const [first, second] = [
    await inspect(memoryBytes(luksImage(1))),
    await inspect(memoryBytes(luksImage(2))),
  ];
  const uuid = 'fa5ed1a1-0000-4000-8000-000000000001';
  expect(first.details).toEqual({
    version: 1,
    cipher: 'aes-xts-plain64',
    hash: 'sha256',
    key_bits: 512,
    key_slots: 1,
    uuid,
  });
  expect(first.size).toBe(MiB - 4096);
  expect(second.details).toEqual({
    version: 2,
    cipher: 'aes-xts-plain64',
    key_slots: 1,
    label: 'a label',
    uuid,
  });
  expect(second.size).toBe(MiB - 32768);
});

it('a file that claims a huge disk is told so at once', async () => {
  const image = qcow2Image(Buffer.alloc(65536));
  image.writeBigUInt64BE(2n ** 50n, 24);
  image.writeUInt32BE(2 ** 21, 36);
  const { notes, problems } = await inspect(memoryBytes(image));
  expect(notes).toEqual([`Its disk has ${2 ** 50} bytes, which hardly any cloud has room for`]);
  expect(problems).toEqual([expect.stringContaining('before the end of its L1 table')]);
});
