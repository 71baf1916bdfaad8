import { describe, expect, it } from 'vitest';
import { memoryBytes } from '../../src/disk/file.ts';
import { gateOf, refusalOf } from '../../src/disk/gate.ts';
import { inspect } from '../../src/disk/inspect.ts';
import {
  imagesOf,
  isoImage,
  luksImage,
  qedImage,
  udfImage,
  vhdxImage,
  vmdkDescriptor,
  vmdkImage,
} from '../support/disk-images.ts';
import { putGpt, putMbr, qcow2Image } from '../support/disks.ts';

const MiB = 1024 * 1024;
const blank = Buffer.alloc(MiB);

const changed = (image: Buffer, change: (image: Buffer) => void): Buffer => {
  const copy = Buffer.from(image);
  change(copy);
  return copy;
};

const gpt = changed(blank, (it) => putGpt(it, [{ start: 64, sectors: 64 }]));
const mbr = changed(blank, (it) => putMbr(it, [{ start: 64, sectors: 64, boot: 0x80 }]));

describe('what Glance sees', () => {
  it.each([
    ['nothing', blank, ['raw'], MiB],
    ['a file of no bytes', Buffer.alloc(0), ['raw'], 0],
    ['a GPT', gpt, ['gpt'], MiB],
    ['an MBR', mbr, ['gpt'], MiB],
    ['qcow2', qcow2Image(blank), ['qcow2'], MiB],
    ['the first version of qcow', imagesOf(blank).qcow, ['qcow2'], MiB],
    ['a qcow2 of a few bytes', qcow2Image(blank).subarray(0, 500), ['raw'], 500],
    ['a dynamic VHD', imagesOf(blank)['vhd, dynamic'], ['vhd'], MiB],
    ['a fixed VHD', imagesOf(blank)['vhd, fixed'], ['raw'], MiB + 512],
    ['VHDX', vhdxImage(blank), ['vhdx'], MiB],
    ['VMDK', vmdkImage(blank, 'monolithicSparse'), ['vmdk'], MiB],
    ['VDI', imagesOf(blank).vdi, ['vdi'], MiB],
    ['QED', qedImage(Buffer.alloc(MiB)), ['qed'], 12288],
    ['a CD', isoImage(), ['iso'], 64 * 2048],
    [
      'a CD that is a disk',
      changed(isoImage(), (it) => putMbr(it, [{ start: 1, sectors: 1 }])),
      ['iso', 'gpt'],
      64 * 2048,
    ],
    ['a CD with UDF alone', udfImage(), ['raw'], 64 * 2048],
    ['LUKS', luksImage(1), ['luks'], MiB - 4096],
    ['Parallels', imagesOf(blank)['parallels, extended'], ['raw'], 65536],
  ])('of %s', async (_what, image = blank, formats, size) => {
    const gate = await gateOf(memoryBytes(image));
    expect([gate.formats, gate.size]).toEqual([formats, size]);
  });
});

describe('what it refuses, whatever the image is said to be', () => {
  it.each([
    ['a backing file', qcow2Image(blank, { backingFile: 'base' }), 'qcow2', 'backing_file'],
    ['an external data file', qcow2Image(blank, { features: 4 }), 'qcow2', 'data_file'],
    ['extended L2 entries', qcow2Image(blank, { features: 16 }), 'qcow2', 'unknown_features'],
    ['the first version of qcow', imagesOf(blank).qcow, 'qcow2', 'unknown_features'],
    ['QED', qedImage(Buffer.alloc(MiB)), 'qed', 'banned'],
    ['LUKS 2', luksImage(2), 'luks', 'version'],
    ['a boot sector without a partition', changed(blank, (it) => putMbr(it, [])), 'gpt', 'mbr'],
    [
      'a GPT beside other partitions',
      changed(gpt, (it) =>
        putMbr(it, [
          { type: 0xee, start: 1, sectors: 63 },
          { start: 64, sectors: 64 },
        ]),
      ),
      'gpt',
      'mbr',
    ],
    ['an MBR with a wrong flag', changed(mbr, (it) => it.fill(7, 446, 447)), 'gpt', 'mbr'],
    [
      'a VMDK whose footer differs',
      changed(vmdkImage(blank, 'streamOptimized'), (it) =>
        it.fill(3, it.length - 1024 + 28, it.length - 1024 + 29),
      ),
      'vmdk',
      'footer',
    ],
    [
      'a VMDK of several files',
      Buffer.from(vmdkDescriptor('monolithicFlat', 'RW 1 FLAT "disk-flat.vmdk" 0')),
      'vmdk',
      'descriptor',
    ],
  ])('%s', async (_what, image = blank, format, check) => {
    const gate = await gateOf(memoryBytes(image));
    expect(gate.failures.map((it) => it.check)).toEqual([check]);
    expect(refusalOf(gate, format)).toContain(`its safety checks fail: ${check}`);
    expect(refusalOf(gate, 'raw')).toContain(check);
    expect(refusalOf(gate, 'raw', 'ovf')).toBeUndefined();
  });
});

describe('whether it takes the format that the image is said to have', () => {
  it.each([
    ['qcow2 as itself', qcow2Image(blank), 'qcow2', undefined],
    ['qcow2 as raw', qcow2Image(blank), 'raw', undefined],
    ['qcow2 as VMDK', qcow2Image(blank), 'vmdk', 'the data are qcow2, and not vmdk'],
    ['a fixed VHD as itself', imagesOf(blank)['vhd, fixed'], 'vhd', 'the data are raw, and not vhd'],
    ['a raw disk as qcow2', gpt, 'qcow2', 'the data are gpt, and not qcow2'],
    ['a raw disk as raw', gpt, 'raw', undefined],
    ['what it does not know as ploop', imagesOf(blank)['parallels, old'], 'ploop', undefined],
    ['a table of partitions as ploop', gpt, 'ploop', 'the data are gpt, and not ploop'],
  ])('%s', async (_what, image = blank, format, refusal) => {
    expect(refusalOf(await gateOf(memoryBytes(image)), format)).toBe(refusal);
  });

  it('several formats at once are refused, except a CD that is a disk', async () => {
    const hybrid = changed(isoImage(), (it) => putMbr(it, [{ start: 1, sectors: 1 }]));
    expect(refusalOf(await gateOf(memoryBytes(hybrid)), 'iso')).toBeUndefined();
    const both = changed(qcow2Image(blank), (it) => putMbr(it, [{ start: 1, sectors: 1 }]));
    expect(refusalOf(await gateOf(memoryBytes(both)), 'qcow2')).toBe(
      'it sees several formats at once: qcow2, gpt',
    );
  });
});

describe('what is suggested is what Glance takes', () => {
  it.each(Object.entries(imagesOf(gpt)))('%s', async (_title, image) => {
    const { gate, suggestion } = await inspect(memoryBytes(image));
    const { diskFormat, containerFormat, minDisk } = suggestion;
    if (diskFormat !== undefined) expect(refusalOf(gate, diskFormat, containerFormat)).toBeUndefined();
    expect(minDisk).toBe(1);
  });

  it('a fixed VHD as raw, and why not as what it is', async () => {
    const { suggestion } = await inspect(memoryBytes(imagesOf(gpt)['vhd, fixed'] ?? blank));
    expect(suggestion).toMatchObject({ diskFormat: 'raw', refusal: 'the data are gpt, and not vhd' });
  });

  it('nothing for the first version of qcow', async () => {
    const { suggestion } = await inspect(memoryBytes(imagesOf(gpt).qcow ?? blank));
    expect(suggestion.diskFormat).toBeUndefined();
    expect(suggestion.refusal).toContain('unknown_features');
  });
});
