import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { it as inCloud } from '../support/cloud.ts';
import { qcow2Image } from '../support/disks.ts';
import { ext4 } from '../support/ext4.ts';
import { divided } from '../support/guests.ts';
import { imageCloud, ranged, recordOf } from '../support/image.ts';
import { changed, debian } from '../support/trees.ts';
import { cut, inTurn, reply } from '../support/wire.ts';

/** A disk of 64 MiB with a guest at its beginning, and noise that nobody has a reason to read behind it. */
function disk(change = {}): Buffer {
  const root = divided({ content: ext4(changed(debian, change), { label: 'root' }) });
  const all = Buffer.alloc(64 * 1024 * 1024, 'noise');
  root.copy(all);
  return all;
}

const udev = { 'etc/udev/rules.d/70-net.rules': 'ATTR{address}=="52:54:00:9a:3b:c7", NAME="eth0"\n' };
const create = 'image-create --disk-format raw --container-format bare --name one --file';
const json = ({ out }: { out: string }) => JSON.parse(out);

const it = inCloud.extend<{ image: (bytes: Buffer) => Promise<string> }>({
  image: async ({ cloud, path }, use) => {
    await use(async (bytes) => {
      writeFileSync(path('disk'), bytes);
      expect(await cloud.run([...create.split(' '), path('disk')])).toMatchObject({ code: 0 });
      return path('disk');
    });
  },
});

describe('image-check', () => {
  it('gives the verdicts that file-check gives, of little of the image', async ({ cloud, image }) => {
    const file = await image(disk(udev));
    const [here, there] = [
      await cloud.run(['file-check', file, '-f', 'json']),
      await cloud.run('image-check one -f json'),
    ];
    expect(json(there)).toEqual(json(here));
    expect([there.code, here.code]).toEqual([3, 3]);
    expect(there.err).toContain('What to do: tglance image-check --explain one\n');
    expect(there.err).toMatch(/Read \d+(\.\d)? (KiB|MiB) of 64 MiB in \d+ requests\n$/);
    const [, read, unit] = /Read ([\d.]+) (KiB|MiB)/.exec(there.err) ?? [];
    expect(unit === 'KiB' || Number(read) < 4).toBe(true);
  });

  it('checks a file where there is one of that name', async ({ cloud, image }) => {
    const file = await image(disk());
    expect(await cloud.run(['image-check', file])).toMatchObject({ code: 0 });
  });
});

describe('image-inspect', () => {
  it('P38: tells what is in the cloud as it does of a file', async ({ cloud, image }) => {
    const file = await image(disk());
    const here = json(await cloud.run(['file-inspect', file, '-f', 'json']));
    const { err, out } = await cloud.run('image-inspect one -f json');
    const { id, name, disk_format, ...there } = JSON.parse(out);
    expect({ name, disk_format }).toEqual({ name: 'one', disk_format: 'raw' });
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    const { file: _file, allocated_size: _size, ...rest } = here;
    expect(there).toEqual({ ...rest, bytes_read: expect.any(Number) });
    expect(there.bytes_read).toBeLessThan(2 * 1024 * 1024);
    expect(err).toContain('of 64 MiB in ');
  });

  it('says that an image has no data yet', async ({ cloud }) => {
    await cloud.run('image-create --name empty');
    const { err, code } = await cloud.run('image-inspect empty');
    expect(err).toContain('is queued: it has no data to be read');
    expect(code).toBe(2);
  });
});

describe('an image that is read by ranges', () => {
  const data = qcow2Image(disk().subarray(0, 4 * 1024 * 1024));
  const record = { ...recordOf(data), disk_format: 'raw' };

  it('is asked for in blocks of 64 KiB, each of them once', async () => {
    const cloud = await imageCloud(ranged(data), record);
    expect(await cloud.run('image-inspect one')).toMatchObject({ code: 0 });
    const ranges = cloud.ranges();
    expect(new Set(ranges).size).toBe(ranges.length);
    for (const range of ranges) {
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
      expect([Number(from) % 65536, Number(to) - Number(from) < 65536]).toEqual([0, true]);
    }
  });

  it('is asked for again where a connection breaks', async () => {
    const cloud = await imageCloud(inTurn(cut(30_000, ranged(data)), ranged(data)), record);
    expect(await cloud.run('image-inspect one')).toMatchObject({ code: 0 });
  });

  it('is refused where the cloud gives it only as a whole', async () => {
    const cloud = await imageCloud(reply(200, data), record);
    const { err, code } = await cloud.run('image-inspect one');
    expect(err).toContain('only as a whole: fetch it with image-download first');
    expect(code).toBe(6);
    expect(cloud.ranges()).toHaveLength(1);
  });

  it('is refused where it becomes another one meanwhile', async () => {
    const version = (etag: string) => ranged(data, { etag });
    const cloud = await imageCloud(inTurn(version('"1"'), version('"1"'), version('"2"')), record);
    const { err, code } = await cloud.run('image-inspect one');
    expect(err).toContain('changed while it was being read');
    expect(code).toBe(7);
  });
});
