import { openSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { it } from '../support/cloud.ts';
import { vmdkImage } from '../support/disk-images.ts';
import { putGpt, putMbr, qcow2Image } from '../support/disks.ts';

const MiB = 1024 * 1024;
const disk = Buffer.alloc(6 * MiB);
putGpt(disk, [{ start: 2048, sectors: 2048 }]);
disk.fill('The quick brown fox', 2 * MiB, 4 * MiB);

const create = (...more: string[]) => ['image-create', '--name', 'one', ...more];

describe('data whose format nobody says', () => {
  it.for([
    ['qcow2', qcow2Image(disk)],
    ['vmdk', vmdkImage(disk, 'streamOptimized')],
    ['raw', disk],
  ] as const)('are taken for what they are: %s', async ([disk_format, bytes], { cloud, file }) => {
    const made = await cloud.json(create('--file', file('disk', bytes)));
    expect(made).toMatchObject({ disk_format, container_format: 'bare', min_disk: 1, status: 'active' });
  });

  it('are known by how they begin on standard input', async ({ cloud, file }) => {
    const stdin = openSync(file('disk', qcow2Image(disk)), 'r');
    const made = await cloud.json(create(), { stdin });
    expect(made).toMatchObject({ disk_format: 'qcow2', container_format: 'bare', status: 'active' });
  });

  it('are refused where nothing tells, as glance refuses them', async ({ cloud, file }) => {
    const { err, code } = await cloud.run(create('--file', file('disk', Buffer.alloc(5000, 'x'))));
    expect(err).toContain('Must provide --disk-format, --container-format when using --file.');
    expect(code).toBe(2);
  });

  it('what is said wins', async ({ cloud, file }) => {
    const line = create('--file', file('disk', disk), '--disk-format', 'raw', '--container-format', 'ovf');
    expect(await cloud.json(line)).toMatchObject({ container_format: 'ovf', min_disk: 0 });
  });
});

describe('data that are not what they are said to be', () => {
  it.for([
    ['qcow2', disk, 'Glance would refuse it: the data are gpt, and not qcow2; say --disk-format raw, or'],
    ['raw', qcow2Image(disk), 'its data are qcow2, and not raw; say --disk-format qcow2, or'],
    ['vmdk', qcow2Image(disk), 'say --disk-format qcow2, or'],
  ] as const)(
    'P41: %s are refused before anything is created',
    async ([said, bytes, why], { cloud, file }) => {
      const line = create('--disk-format', said, '--container-format', 'bare', '--file', file('disk', bytes));
      const { err, code } = await cloud.run(line);
      expect(err).toContain(`is no ${said} image: `);
      expect(err).toContain(`${why} --no-inspect sends it nevertheless`);
      expect(code).toBe(7);
      expect(await cloud.json('image-list')).toEqual([]);
      expect(await cloud.json([...line, '--no-inspect'])).toMatchObject({
        disk_format: said,
        status: 'active',
      });
    },
  );

  it('P41: are refused for an image that is there, too, and on standard input', async ({ cloud, file }) => {
    const formats = '--disk-format raw --container-format bare';
    const { id } = await cloud.json(`image-create --name one ${formats}`);
    const path = file('disk', qcow2Image(disk));
    for (const command of ['image-upload', 'image-stage']) {
      expect(await cloud.run([command, String(id), '--file', path])).toMatchObject({ code: 7 });
      expect(await cloud.run([command, String(id)], { stdin: openSync(path, 'r') })).toMatchObject({
        code: 7,
      });
    }
    expect(await cloud.json(`image-show ${id}`)).toMatchObject({ status: 'queued' });
  });

  it('are refused where some of them are missing: nothing could boot from what Glance would take', async ({
    cloud,
    file,
  }) => {
    const line = create('--file', file('disk', qcow2Image(disk).subarray(0, 600_000)));
    const { err, code } = await cloud.run(line);
    expect(err).toMatch(/is not whole: It ends at byte 600000.*--no-inspect sends it nevertheless/);
    expect(code).toBe(7);
    expect(await cloud.json('image-list')).toEqual([]);
    const formats = ['--disk-format', 'qcow2', '--container-format', 'bare', '--no-inspect'];
    expect(await cloud.json([...line, ...formats])).toMatchObject({ status: 'active' });
  });

  it('P41: are refused where they are dangerous', async ({ cloud, file }) => {
    const line = create('--file', file('disk', qcow2Image(disk, { backingFile: '/etc/shadow' })));
    const { err, code } = await cloud.run(line);
    expect(err).toContain("is not safe: What it does not hold is read from the file '/etc/shadow'");
    expect(err).toContain('--allow-unsafe sends it nevertheless');
    expect(code).toBe(7);
    const formats = ['--disk-format', 'qcow2', '--container-format', 'bare'];
    expect(await cloud.run([...line, ...formats, '--allow-unsafe'])).toMatchObject({ code: 0 });
  });
});

describe('a conversion on the way', () => {
  it.for(['raw', 'qcow2'])(
    'to %s sends the disk of the file, of a size known before',
    async (to, { cloud, file, path }) => {
      const source = file('disk', vmdkImage(disk, 'streamOptimized'));
      const made = await cloud.json(create('--file', source, '--convert-to', to));
      expect(made).toMatchObject({
        disk_format: to,
        container_format: 'bare',
        min_disk: 1,
        status: 'active',
      });
      await cloud.run(['image-download', 'one', '--file', path('back')]);
      expect(await cloud.run(['image-compare', 'one', file('raw', disk)])).toMatchObject({ code: 0 });
    },
  );

  it('sends to an image that is there', async ({ cloud, file }) => {
    const { id } = await cloud.json('image-create --name one --disk-format raw --container-format bare');
    const source = file('disk', qcow2Image(disk));
    expect(
      await cloud.run(['image-upload', String(id), '--file', source, '--convert-to', 'raw']),
    ).toMatchObject({ code: 0 });
    expect(await cloud.run(['image-verify', 'one', '--file', file('raw', disk)])).toMatchObject({ code: 0 });
  });

  it('is refused where the record says otherwise, from a pipe, and where Glance would refuse what comes', async ({
    cloud,
    file,
  }) => {
    const source = file('disk', qcow2Image(disk));
    const to = ['--convert-to', 'raw'];
    expect(await cloud.run(create('--disk-format', 'qcow2', '--file', source, ...to))).toMatchObject({
      code: 2,
    });
    expect(await cloud.run(create(...to), { stdin: openSync(source, 'r') })).toMatchObject({ code: 2 });
    const empty = Buffer.alloc(MiB);
    putMbr(empty, []);
    const { err, code } = await cloud.run(create('--file', file('empty', qcow2Image(empty)), ...to));
    expect(err).toContain('as raw: its safety checks fail: mbr (it has a boot sector and no partition)');
    expect(code).toBe(7);
    expect(await cloud.json('image-list')).toEqual([]);
  });
});
