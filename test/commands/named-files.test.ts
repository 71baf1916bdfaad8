import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { it as withCloud } from '../support/cloud.ts';
import { vmdkDescriptor } from '../support/disk-images.ts';
import { putGpt, qcow2Image } from '../support/disks.ts';
import { it } from '../support/folder.ts';
import { tglance } from '../support/tglance.ts';

const MiB = 1024 * 1024;
const size = 3 * MiB;

/** A disk with a partition table, and one with little upon it. */
const below = Buffer.alloc(size);
putGpt(below, [{ start: 2048, sectors: 2048 }]);
below.fill('The quick brown fox', MiB + 1000, 2 * MiB);
const above = Buffer.alloc(size + MiB);
above.fill('jumps over', MiB, MiB + 65536);
above.fill('the lazy dog', size + 65536, size + 2 * 65536);

const both = Buffer.from(above);
below.copy(both, 0);
above.copy(both, MiB, MiB, MiB + 65536);

const over = (backingFile: string, backingFormat?: string, disk = above) =>
  qcow2Image(disk, { backingFile, ...(backingFormat !== undefined && { backingFormat }) });

describe('what a disk names', () => {
  it('P38: is opened only when that is asked for, in the folder of the disk, and told', async ({
    path,
    file,
    folder,
  }) => {
    const [base, image] = [file('base.raw', below), file('disk.qcow2', over('base.raw', 'raw'))];
    const refused = await tglance(`file-convert ${image} ${path('raw')}`);
    expect(refused.err).toBe(
      `${image} is not safe: What it does not hold is read from the file 'base.raw'; --allow-unsafe goes on nevertheless, --backing reads that as well\n`,
    );
    expect(refused.code).toBe(7);
    const { err, code } = await tglance(`file-convert --backing ${image} ${path('raw')}`);
    expect({ err, code }).toEqual({ err: `${image} names ${base}, which is read as well\n`, code: 0 });
    expect(readFileSync(path('raw')).equals(both)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['base.raw', 'disk.qcow2', 'raw']);
  });

  it('is read through all that lies below it, and as a qcow2 is whole', async ({ path, file }) => {
    file('base.raw', below);
    file('middle.qcow2', over('file:base.raw', 'raw'));
    const little = Buffer.alloc(size + MiB);
    little.fill('x', 2 * MiB, 2 * MiB + 10);
    const image = file('disk.qcow2', over('middle.qcow2', 'qcow2', little));
    expect(await tglance(`file-convert --backing ${image} ${path('own.qcow2')}`)).toMatchObject({ code: 0 });
    expect(await tglance(`file-convert ${path('own.qcow2')} ${path('raw')}`)).toMatchObject({ code: 0 });
    const wanted = Buffer.from(both);
    little.copy(wanted, 2 * MiB, 2 * MiB, 2 * MiB + 65536);
    expect(readFileSync(path('raw')).equals(wanted)).toBe(true);
  });

  it('is read by whatever looks into a disk', async ({ path, file }) => {
    file('base.raw', below);
    const image = file('disk.qcow2', over('base.raw', 'raw'));
    const told = async (line: string) => JSON.parse((await tglance(`${line} ${image} -f json`)).out);
    expect(await told('file-inspect')).toMatchObject({ partition_table: null });
    expect(await told('file-inspect --backing')).toMatchObject({ partition_table: 'gpt' });
    const finding = async (line: string) => (await told(`${line} --only ssh-server`))[0].Finding;
    expect(await finding('file-check')).toContain('some of them are in another file, base.raw');
    expect(await finding('file-check --backing')).not.toContain('another file');
    expect((await tglance(`file-ls ${image}`)).err).toContain('another file, base.raw');
    expect((await tglance(`file-ls --backing ${image}`)).err).not.toContain('another file');
    const whole = file('whole', both);
    const hash = async (line: string) => (await tglance(`file-hash ${line} -f value -c Hash`)).out;
    expect(await hash(`--as raw --backing ${image}`)).toBe(await hash(whole));
    expect((await tglance(`file-hash ${image} --as raw`)).code).toBe(7);
    expect(await tglance(`file-hash --backing ${image}`)).toMatchObject({ code: 2 });
    expect(path('disk.qcow2')).toBe(image);
  });

  it('P38: names nothing itself where nobody says its format: its guest may have written that', async ({
    path,
    file,
    folder,
  }) => {
    const secret = file('secret', randomBytes(size));
    file('base', over(secret, 'raw', below));
    const image = file('disk.qcow2', over('base'));
    const { err, code } = await tglance(`file-convert --backing ${image} ${path('raw')}`);
    expect(err).toContain(`some of them are in another file, ${secret}`);
    expect(err).not.toContain(`names ${secret}`);
    expect(code).toBe(7);
    file('base', below);
    expect(await tglance(`file-convert --backing ${image} ${path('raw')}`)).toMatchObject({ code: 0 });
    expect(readFileSync(path('raw')).equals(both)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['base', 'disk.qcow2', 'raw', 'secret']);
  });

  it.for([
    ['json:{"driver":"file","filename":"base.raw"}', 7, 'which is no file'],
    ['nbd://example.org/disk', 7, 'which is no file'],
    ['disk.qcow2', 7, 'which leads back to it'],
    ['gone.raw', 7, 'is not whole here: Cannot read'],
    ['.', 7, 'it is a directory'],
  ] as const)('is refused where it cannot be: %s', async ([name, code, why], { path, file, folder }) => {
    const image = file('disk.qcow2', over(name, 'qcow2'));
    const outcome = await tglance(`file-convert --backing ${image} ${path('raw')}`);
    expect(outcome.err).toContain(why);
    expect(outcome.code).toBe(code);
    expect(readdirSync(folder)).toEqual(['disk.qcow2']);
  });

  it('may be of several parts, as VMware has them', async ({ path, file }) => {
    const extents = [
      `RW ${MiB / 512} FLAT "a.bin" 2`,
      `RW 128 ZERO`,
      `RW ${(size - MiB - 65536) / 512} FLAT "b.bin" 0`,
    ];
    const disk = Buffer.from(below);
    disk.fill(0, MiB, MiB + 65536);
    file('a.bin', Buffer.concat([Buffer.alloc(1024, 'x'), disk.subarray(0, MiB)]));
    file('b.bin', disk.subarray(MiB + 65536));
    const image = file('disk.vmdk', Buffer.from(vmdkDescriptor('twoGbMaxExtentFlat', extents.join('\n'))));
    expect(await tglance(`file-convert ${image} ${path('raw')}`)).toMatchObject({ code: 7 });
    expect(await tglance(`file-convert --backing ${image} ${path('raw')}`)).toMatchObject({ code: 0 });
    expect(readFileSync(path('raw')).equals(disk)).toBe(true);
    file('b.bin', disk.subarray(MiB + 65536 + 512));
    const empty = file('empty.vmdk', Buffer.from(vmdkDescriptor('twoGbMaxExtentFlat', '')));
    expect(await tglance(`file-convert --backing ${empty} ${path('no')}`)).toMatchObject({ code: 7 });
    const cut = await tglance(`file-convert --backing --force ${image} ${path('raw')}`);
    expect(cut).toMatchObject({ code: 7 });
  });
});

describe('an image of a disk and what it names', () => {
  withCloud('is sent whole when it is converted, and else not at all', async ({ cloud, file }) => {
    file('base.raw', below);
    const image = file('disk.qcow2', over('base.raw', 'raw'));
    const line = ['image-create', '--name', 'one', '--file', image];
    const alone = await cloud.run([...line, '--backing']);
    expect(alone).toMatchObject({
      code: 2,
      err: expect.stringContaining('--backing wants --convert-to: a file is sent as it is'),
    });
    const packed = await cloud.run([...line, '--backing', '--decompress', '--convert-to', 'raw']);
    expect(packed).toMatchObject({ code: 2, err: expect.stringContaining('not for --decompress') });
    const unsafe = await cloud.run([...line, '--disk-format', 'qcow2']);
    expect(unsafe).toMatchObject({ code: 7, err: expect.not.stringContaining('--backing') });
    const refused = await cloud.run([...line, '--convert-to', 'raw']);
    expect(refused).toMatchObject({ code: 7, err: expect.stringContaining('--backing reads that as well') });
    expect(await cloud.json('image-list')).toEqual([]);
    const made = await cloud.json([...line, '--convert-to', 'raw', '--backing']);
    expect(made).toMatchObject({ disk_format: 'raw', size: both.length, status: 'active' });
    expect(await cloud.run(['image-verify', 'one', '--file', image, '--backing'])).toMatchObject({ code: 0 });
    expect(await cloud.run(['image-compare', 'one', image, '--backing'])).toMatchObject({ code: 0 });
  });
});
