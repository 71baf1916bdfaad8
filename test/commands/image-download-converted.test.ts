import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { Interrupted } from '../../src/cli/io.ts';
import { vmdkImage } from '../support/disk-images.ts';
import { putGpt, qcow2Image } from '../support/disks.ts';
import { it } from '../support/folder.ts';
import { imageCloud, ranged, recordOf } from '../support/image.ts';
import { tglance } from '../support/tglance.ts';
import { cut } from '../support/wire.ts';

const MiB = 1024 * 1024;
const disk = Buffer.alloc(12 * MiB);
putGpt(disk, [{ start: 2048, sectors: 2048 }]);
randomBytes(3 * MiB).copy(disk, 2 * MiB);
const image = qcow2Image(disk);

/** A cloud with one image of these bytes, and the words that download it as another format. */
async function holding(bytes: Buffer, record: object = recordOf(bytes)) {
  const cloud = await imageCloud(ranged(bytes), record);
  const get = (file: string, to: string, ...more: string[]) =>
    cloud.run(['image-download', 'one', '--file', file, '--convert-to', to, ...more]);
  return { cloud, get };
}

describe('--convert-to', () => {
  it.for([
    ['qcow2', image],
    ['vmdk', vmdkImage(disk, 'streamOptimized')],
    ['raw', disk],
  ] as const)(
    'writes the disk in %s, with its holes, and nothing else',
    async ([, bytes], { folder, path }) => {
      const { get } = await holding(bytes);
      expect(await get(path('raw'), 'raw')).toMatchObject({ out: '', err: '', code: 0 });
      expect(readFileSync(path('raw')).equals(disk)).toBe(true);
      expect(statSync(path('raw')).blocks * 512).toBeLessThan(5 * MiB);
      expect(await get(path('disk.qcow2'), 'qcow2', '--progress=json')).toMatchObject({ out: '', code: 0 });
      expect(await tglance(`file-convert ${path('disk.qcow2')} ${path('back')}`)).toMatchObject({ code: 0 });
      expect(readFileSync(path('back')).equals(disk)).toBe(true);
      expect(readdirSync(folder).sort()).toEqual(['back', 'disk.qcow2', 'raw']);
    },
  );

  it('leaves data that are of the format already as they are', async ({ path }) => {
    const { get } = await holding(image);
    await get(path('same'), 'qcow2');
    expect(readFileSync(path('same')).equals(image)).toBe(true);
  });

  it('works with what comes in several ways', async ({ folder, path }) => {
    const cloud = await imageCloud(cut(3 * MiB, ranged(image)), recordOf(image));
    for (const way of [['--parallel', '2'], ['--resume'], ['--sparse', 'never'], ['--no-verify']]) {
      const line = ['image-download', 'one', '--file', path('raw'), '--convert-to', 'raw', ...way];
      expect((await cloud.run(line)).code).toBe(0);
      expect([way, readFileSync(path('raw')).equals(disk)]).toEqual([way, true]);
    }
    const packed = await holding(gzipSync(image));
    expect(await packed.get(path('raw'), 'raw', '--decompress')).toMatchObject({ code: 0 });
    expect(readFileSync(path('raw')).equals(disk)).toBe(true);
    expect(readdirSync(folder)).toEqual(['raw']);
  });

  it('writes into a directory, never over a file', async ({ path }) => {
    mkdirSync(path('images'));
    const { get } = await holding(image);
    expect(await get(path('images'), 'raw')).toMatchObject({ code: 0 });
    expect(readFileSync(path('images/one')).equals(disk)).toBe(true);
    expect(await get(path('images'), 'raw', '--resume')).toMatchObject({ code: 2 });
    expect(readdirSync(path('images'))).toEqual(['one']);
  });

  it('P1: gives the name to nothing that is not verified', async ({ folder, path }) => {
    writeFileSync(path('raw'), 'precious');
    const { get } = await holding(image, recordOf(Buffer.from(image).fill(1, 1000, 1001)));
    expect(await get(path('raw'), 'raw')).toMatchObject({ code: 7 });
    expect(readFileSync(path('raw'), 'utf8')).toBe('precious');
    expect(readdirSync(folder)).toEqual(['raw']);
  });

  it('P1: gives the name to nothing that is damaged where it is', async ({ folder, path }) => {
    const { get } = await holding(image.subarray(0, image.length - 65536));
    const { err, code } = await get(path('raw'), 'raw');
    expect(err).toMatch(/^[^\n]+\n$/);
    expect(code).toBe(7);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('P41: refuses what is dangerous, and never reads what it names', async ({ folder, path }) => {
    const { get } = await holding(qcow2Image(disk, { backingFile: '/etc/passwd' }));
    const { err, code } = await get(path('raw'), 'raw');
    expect(err).toContain(`${path('raw')} is not safe: `);
    expect(err).toContain('--allow-unsafe goes on nevertheless');
    expect(code).toBe(7);
    expect(await get(path('raw'), 'raw', '--allow-unsafe')).toMatchObject({ code: 7 });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.for([
    ['nothing', []],
    ['what has come, if that is wanted, and goes on from there', ['--resume']],
  ] as const)('P22: keeps %s when it is interrupted', async ([, more], { folder, path }) => {
    const large = Buffer.alloc(80 * MiB);
    large.write('at the end', large.length - 512);
    const { cloud, get } = await holding(qcow2Image(large));
    const stop = new AbortController();
    // the second file beside the first is what the disk is written into
    const watching = setInterval(() => {
      const parts = readdirSync(folder).filter((name) => name.endsWith('.part'));
      if (parts.length > 1) stop.abort(new Interrupted('SIGINT', 2));
    }, 1);
    const line = ['image-download', 'one', '--file', path('raw'), '--convert-to', 'raw', ...more];
    const { code } = await cloud.run([...line, '--sparse', 'never'], { signal: stop.signal });
    clearInterval(watching);
    expect(code).toBe(130);
    const endings = readdirSync(folder).map((name) => name.replace(/^.*\./, ''));
    expect(endings.sort()).toEqual(more.length === 0 ? [] : ['note', 'part']);
    const before = cloud.ranges().length;
    expect(await get(path('raw'), 'raw', ...more)).toMatchObject({ code: 0 });
    expect(cloud.ranges().length - before).toBe(1 - more.length);
    expect(readFileSync(path('raw')).equals(large)).toBe(true);
    expect(readdirSync(folder)).toEqual(['raw']);
  });

  it('P37: is refused where the data cannot be read back, and --allow-unsafe without it', async ({
    path,
  }) => {
    const { cloud } = await holding(image);
    const { err, code } = await cloud.run('image-download one --convert-to raw');
    expect(err).toContain('--convert-to wants a regular file, not standard output');
    expect(code).toBe(2);
    const { code: other } = await cloud.run(`image-download one --allow-unsafe --file ${path('a')}`);
    expect(other).toBe(2);
  });
});
