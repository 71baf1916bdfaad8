import { describe, expect, it } from 'vitest';
import { memoryBytes } from '../../src/disk/file.ts';
import { partitionsOf } from '../../src/disk/partitions.ts';
import { efiSystem, linux, putGpt, putMbr } from '../support/disks.ts';

const MiB = 1024 * 1024;
const read = (disk: Buffer) => partitionsOf(memoryBytes(disk));

describe('GPT', () => {
  const made = (sector = 512) => {
    const disk = Buffer.alloc(4 * MiB);
    putGpt(
      disk,
      [
        { start: MiB / sector, sectors: MiB / sector, guid: efiSystem, name: 'EFI' },
        { start: (2 * MiB) / sector, sectors: MiB / sector, name: 'Würzel' },
      ],
      sector,
    );
    return disk;
  };
  const root = {
    number: 2,
    start: 2 * MiB,
    size: MiB,
    type: linux,
    name: 'Würzel',
    id: '00000000-0000-4000-8000-000000000002',
    logical: false,
    bootable: false,
  };

  it.each([512, 4096])('is read with sectors of %i bytes', async (sector) => {
    const { scheme, partitions, problems } = await read(made(sector));
    expect({ scheme, problems }).toEqual({ scheme: 'gpt', problems: [] });
    expect(partitions).toEqual([expect.objectContaining({ number: 1, type: efiSystem, start: MiB }), root]);
  });

  it.each([512, 4096])(
    'is read from its copy where its header is gone, sectors of %i bytes',
    async (sector) => {
      const disk = made(sector);
      disk.fill(0, sector, sector + 92);
      const { partitions, problems } = await read(disk);
      expect(partitions[1]).toEqual(root);
      expect(problems).toEqual([
        'The partition table (GPT) is damaged: its header is missing; its copy was read',
      ]);
    },
  );

  it('is read from its copy where an entry is damaged', async () => {
    const disk = made();
    disk.fill(0xff, 1024, 1040);
    const { partitions, problems } = await read(disk);
    expect(partitions[1]).toEqual(root);
    expect(problems[0]).toContain('the checksum of its entries is wrong');
  });

  it('says what is wrong where both are damaged', async () => {
    const disk = made();
    for (const at of [512, disk.length - 512]) disk.fill(0xff, at + 80, at + 84);
    const { scheme, partitions, problems } = await read(disk);
    expect({ scheme, partitions }).toEqual({ scheme: 'gpt', partitions: [] });
    expect(problems).toEqual([
      'The partition table (GPT) is damaged: the checksum of its header is wrong',
      'So is its copy: the checksum of its header is wrong',
    ]);
  });

  it('of a disk that was enlarged has its copy elsewhere', async () => {
    const { partitions, problems, enlarged } = await read(Buffer.concat([made(), Buffer.alloc(MiB)]));
    expect(partitions).toHaveLength(2);
    expect({ problems, enlarged }).toEqual({ problems: [], enlarged: true });
  });

  it('whose copy was cut off with the end of its disk is no disk that was enlarged', async () => {
    const whole = made();
    for (const size of [whole.length - 512, whole.length - 20 * 512]) {
      const { partitions, problems, enlarged } = await read(whole.subarray(0, size));
      expect(partitions).toHaveLength(2);
      const copyAt = whole.length - 512;
      expect({ problems, enlarged }).toEqual({
        problems: [
          `The disk ends before byte ${copyAt}, where the copy of its partition table (GPT) is: it was cut off`,
        ],
        enlarged: undefined,
      });
    }
  });

  it('of a disk that was cut off has a partition beyond the end', async () => {
    const { problems } = await read(made().subarray(0, 2.5 * MiB));
    expect(problems).toContain('Partition 2 goes beyond the end of the disk');
  });
});

describe('MBR', () => {
  const disk = () => Buffer.alloc(4 * MiB);

  it('is read with the chain of its logical partitions', async () => {
    const it = disk();
    putMbr(it, [
      { start: 2048, sectors: 2048, boot: 0x80 },
      { start: 4096, sectors: 4096, type: 5 },
    ]);
    putMbr(it.subarray(2 * MiB), [
      { start: 63, sectors: 100 },
      { start: 2048, sectors: 2048, type: 5 },
    ]);
    putMbr(it.subarray(3 * MiB), [{ start: 63, sectors: 200, type: 0x82 }]);
    const { scheme, partitions, problems } = await read(it);
    expect({ scheme, problems }).toEqual({ scheme: 'mbr', problems: [] });
    expect(
      partitions.map(({ number, start, size, type, id, logical }) => [
        number,
        start,
        size,
        type,
        id,
        logical,
      ]),
    ).toEqual([
      [1, MiB, MiB, '0x83', 'd15c0001-01', false],
      [2, 2 * MiB, 2 * MiB, '0x05', 'd15c0001-02', false],
      [5, 2 * MiB + 63 * 512, 100 * 512, '0x83', 'd15c0001-05', true],
      [6, 3 * MiB + 63 * 512, 200 * 512, '0x82', 'd15c0001-06', true],
    ]);
  });

  it('is none where a boot loader alone stands in its place', async () => {
    const it = disk();
    putMbr(it, [
      { start: 2048, sectors: 2048, boot: 0x80 },
      { start: 0, sectors: 0, type: 0, boot: 0xeb },
    ]);
    expect(await read(it)).toMatchObject({ scheme: 'none', partitions: [], problems: [] });
  });

  it('whose chain goes in a circle is read once', async () => {
    const it = disk();
    putMbr(it, [{ start: 4096, sectors: 4096, type: 5 }]);
    putMbr(it.subarray(2 * MiB), [
      { start: 63, sectors: 100 },
      { start: 1, sectors: 100, type: 5 },
    ]);
    putMbr(it.subarray(2 * MiB + 512), [
      { start: 63, sectors: 100 },
      { start: 1, sectors: 100, type: 5 },
    ]);
    const { partitions, problems } = await read(it);
    expect(partitions).toHaveLength(3);
    expect(problems).toContain('The chain of logical partitions is broken after 2');
  });

  it('tells partitions that overlap', async () => {
    const it = disk();
    putMbr(it, [
      { start: 2048, sectors: 2048 },
      { start: 3000, sectors: 10 },
    ]);
    expect((await read(it)).problems).toEqual(['Partitions 1 and 2 overlap']);
  });

  it('without a partition is the first sector of something else', async () => {
    const it = disk();
    putMbr(it, []);
    expect((await read(it)).scheme).toBe('none');
  });

  it('is not what FAT and NTFS begin with', async () => {
    const [fat, ntfs] = [disk(), disk()];
    putMbr(fat, [{ start: 1, sectors: 1 }]);
    putMbr(ntfs, [{ start: 1, sectors: 1 }]);
    fat.set([2, 0, 0, 0, 0, 0xf8], 16);
    ntfs.write('NTFS    ', 3);
    expect([(await read(fat)).scheme, (await read(ntfs)).scheme]).toEqual(['none', 'none']);
  });
});

it('no table is none, however short the disk is', async () => {
  for (const size of [0, 1, 511, 512, 513, MiB]) {
    expect(await read(Buffer.alloc(size))).toEqual({
      scheme: 'none',
      partitions: [],
      problems: [],
      bootCode: false,
    });
  }
});
