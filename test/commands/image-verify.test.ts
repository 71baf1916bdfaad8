import { describe, expect } from 'vitest';
import { it as inCloud } from '../support/cloud.ts';
import { qcow2Image } from '../support/disks.ts';

const MiB = 1024 * 1024;
const disk = Buffer.alloc(6 * MiB);
disk.fill('The quick brown fox', MiB, 4 * MiB);
const other = Buffer.from(disk);
other.write('jumps', 3 * MiB + 5);

interface Row {
  readonly Check: string;
  readonly Result: string;
}

const it = inCloud.extend<{
  /** Makes an image `one` of a format and these bytes. */
  image: (format: string, bytes: Buffer) => Promise<void>;
  /** Runs a command; gives its code, what it tells, and its rows by their names. */
  told: (...words: string[]) => Promise<{ code: number; err: string; found: Record<string, string> }>;
}>({
  image: async ({ cloud, file }, use) => {
    await use(async (format, bytes) => {
      const line = ['image-create', '--name', 'one', '--container-format', 'bare', '--disk-format', format];
      const { code } = await cloud.run([...line, '--file', file('sent', bytes)]);
      expect(code).toBe(0);
    });
  },
  told: async ({ cloud }, use) => {
    await use(async (...words) => {
      const { out, err, code } = await cloud.run([...words, '-f', 'json']);
      const rows = JSON.parse(out) as Row[];
      return { code, err, found: Object.fromEntries(rows.map(({ Check, Result }) => [Check, Result])) };
    });
  },
});

const same = { size: 'same', checksum: 'same', os_hash_value: 'same' };

describe('image-verify', () => {
  it('ends with 0 for the file that was sent, and with 3 for another', async ({ image, file, told }) => {
    await image('raw', disk);
    expect(await told('image-verify', 'one', '--file', file('disk', disk))).toEqual({
      ...{ code: 0, err: '' },
      found: same,
    });
    expect(await told('image-verify', 'one', '--file', file('other', other))).toMatchObject({
      code: 3,
      found: { ...same, checksum: 'different', os_hash_value: 'different' },
    });
    expect(await told('image-verify', 'one', '--file', file('short', disk.subarray(1)))).toMatchObject({
      code: 3,
      found: { size: 'different' },
    });
  });

  it('compares the disk in a file with a raw image, and says so', async ({ image, file, told }) => {
    await image('raw', disk);
    expect(await told('image-verify', 'one', '--file', file('disk', qcow2Image(disk)))).toEqual({
      code: 0,
      err: 'The file is qcow2 and the image raw: the disk in the file is compared with it\n',
      found: same,
    });
    const differs = await told('image-verify', 'one', '--file', file('other', qcow2Image(other)));
    expect(differs.code).toBe(3);
  });

  it('says that an image without data cannot be told', async ({ cloud, file, told }) => {
    await cloud.run('image-create --name one');
    expect(await told('image-verify', 'one', '--file', file('disk', disk))).toMatchObject({ code: 3 });
  });
});

describe('image-compare', () => {
  it('tells by the hash alone that they are the same, and what the record could say', async ({
    image,
    file,
    told,
  }) => {
    await image('qcow2', qcow2Image(disk));
    expect(await told('image-compare', 'one', file('disk', qcow2Image(disk)))).toEqual({
      code: 0,
      err: '',
      found: {
        ...same,
        disk_format: 'same',
        container_format: 'same',
        virtual_size: 'same',
        min_disk: 'suggested',
      },
    });
  });

  it('finds the first byte that differs', async ({ cloud, image, file }) => {
    await image('raw', disk);
    const { out, err, code } = await cloud.run(['image-compare', 'one', file('other', other)]);
    expect(code).toBe(3);
    expect(out).toContain(`differs from byte ${3 * MiB + 5} on`);
    expect(err).toMatch(/^Read 4(\.\d)? MiB of 6 MiB in \d+ requests\n$/);
  });

  it('compares the disks where the formats differ', async ({ image, file, told }) => {
    await image('qcow2', qcow2Image(disk));
    expect(await told('image-compare', 'one', file('disk', disk))).toMatchObject({
      code: 0,
      found: { disk: 'same', container_format: 'same' },
    });
    expect(await told('image-compare', 'one', file('other', other))).toMatchObject({
      code: 3,
      found: { disk: 'different' },
    });
  });
});
