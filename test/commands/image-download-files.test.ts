import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { Interrupted } from '../../src/cli/io.ts';
import { it, type TestCloud } from '../support/cloud.ts';
import { imageCloud, ranged, recordOf } from '../support/image.ts';
import { cut } from '../support/wire.ts';

const formats = ['--disk-format', 'raw', '--container-format', 'bare'];

/** Makes an image of this name and gives its ID. */
async function make(cloud: TestCloud, path: (name: string) => string, name: string, data: Uint8Array) {
  writeFileSync(path('data'), data);
  const words = ['image-create', `--name=${name}`, ...formats, '--file', path('data')];
  return (await cloud.json<{ id: string }>(words)).id;
}

const [one, two] = [randomBytes(300_000), randomBytes(200_000)];

describe('a directory', () => {
  it.beforeEach(({ path }) => {
    mkdirSync(path('images'));
  });

  it('gets a file of each image, by its name, and a list tells them', async ({ cloud, path }) => {
    const first = await make(cloud, path, 'one', one);
    const second = await make(cloud, path, 'two 2.0', two);
    const files = await cloud.json(['image-download', 'one', second, '--file', `${path('images')}/`]);
    expect(files).toEqual([
      { id: first, file: path('images/one'), size: one.length, by: 'sha512' },
      { id: second, file: path('images/two 2.0'), size: two.length, by: 'sha512' },
    ]);
    expect(readFileSync(path('images/one')).equals(one)).toBe(true);
    expect(readFileSync(path('images/two 2.0')).equals(two)).toBe(true);
    expect(readdirSync(path('images'))).toHaveLength(2);
  });

  it.for([
    ['../../etc/passwd', '_.._etc_passwd'],
    ['.profile', 'profile'],
    ['a\u001b[2Jb\u202ec', 'a_[2Jb_c'],
    ['-rf', '_rf'],
    ['con.img', '_con.img'],
  ])(
    'P32: gets no file but in it, whatever an image is called: %j',
    async ([name, file], { cloud, path }) => {
      const id = await make(cloud, path, String(name), one);
      const { code } = await cloud.run(['image-download', id, '--file', path('images')]);
      expect(code).toBe(0);
      expect(readdirSync(path('images'))).toEqual([file]);
    },
  );

  it.for([
    ['a file', (path: string) => writeFileSync(path, 'old')],
    ['a link that leads nowhere', (path: string) => symlinkSync('nowhere', path)],
  ] as const)('P32: never loses %s that is there', async ([, put], { cloud, path }) => {
    await make(cloud, path, 'one', one);
    await make(cloud, path, 'two', two);
    put(path('images/one'));
    const { out, err, code } = await cloud.run(`image-download one two --file ${path('images')}`);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain(`Cannot write ${path('images/one')}: it exists already`);
    expect(readFileSync(path('images/two')).equals(two)).toBe(true);
    expect(readdirSync(path('images')).sort()).toEqual(['one', 'two']);
  });

  it('P32: gets one file of two images with the same name', async ({ cloud, path }) => {
    const ids = [await make(cloud, path, 'one', one), await make(cloud, path, 'one', one)];
    const { err, code } = await cloud.run(['image-download', ...ids, '--file', path('images')]);
    expect(code).toBe(2);
    expect(err).toContain(`Cannot write ${path('images/one')}: it is for another of these images`);
    expect(readdirSync(path('images'))).toEqual(['one']);
  });

  it('gets the others when some fail, and the failures are told', async ({ cloud, path }) => {
    await make(cloud, path, 'one', one);
    const { err, code } = await cloud.run(`image-download nope one neither --file ${path('images')}`);
    expect(code).toBe(1);
    expect(err).toMatch(/nope.*\n.*neither/);
    expect(readdirSync(path('images'))).toEqual(['one']);
  });

  it('P2: is gone on with, where some images are complete', async ({ cloud, path }) => {
    await make(cloud, path, 'one', one);
    await make(cloud, path, 'two', two);
    writeFileSync(path('images/one'), one);
    const words = `image-download one two --resume --file ${path('images')}`;
    expect(await cloud.json(words)).toMatchObject([{ by: 'sha512' }, { by: 'sha512' }]);
    expect((await cloud.run(words)).code).toBe(0);
    const spoilt = Buffer.from(one);
    spoilt[7] = (spoilt[7] ?? 0) ^ 1;
    writeFileSync(path('images/one'), spoilt);
    expect((await cloud.run(words)).code).toBe(2);
    expect(readFileSync(path('images/one')).equals(spoilt)).toBe(true);
  });

  it('P22: holds nothing when somebody presses Ctrl-C', async ({ cloud, path }) => {
    for (const name of ['one', 'two']) await make(cloud, path, name, one);
    const stop = new AbortController();
    const words = `image-download one two --limit-rate 1k --file ${path('images')}`;
    const running = cloud.run(words, { signal: stop.signal });
    while (readdirSync(path('images')).length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort(new Interrupted('SIGINT', 2));
    expect(await running).toMatchObject({ out: '', err: '', code: 130 });
    expect(readdirSync(path('images'))).toEqual([]);
  });

  it('P37: is what several images want', async ({ cloud, path }) => {
    for (const words of ['image-download one two', `image-download one two --file ${path('file')}`]) {
      const { err, code } = await cloud.run(words);
      expect(code).toBe(2);
      expect(err).toContain('Several images want a directory for their files: --file DIRECTORY');
    }
  });
});

it.for([
  ['loop', 'too many symbolic links encountered (ELOOP)'],
  ['x'.repeat(256), 'name too long (ENAMETOOLONG)'],
  ['nowhere/', 'there is no such directory'],
  ['nowhere/a', 'no such file or directory (ENOENT)'],
] as const)('P21: %.10s is refused before anything is asked for', async ([name, why], { path, folder }) => {
  symlinkSync('loop', path('loop'));
  const cloud = await imageCloud(ranged(one), recordOf(one));
  const { out, err, code } = await cloud.run(['image-download', 'one', '--file', `${folder}/${name}`]);
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(err).toContain(`Cannot write ${folder}/${name}: ${why}`);
  expect(cloud.requests()).toBe(0);
});

it('the empty word for --file was called an illegal operation on a directory', async () => {
  const cloud = await imageCloud(ranged(one), recordOf(one));
  const { err, code } = await cloud.run(['image-download', 'one', '--file', '']);
  expect(code).toBe(2);
  expect(err).toContain("Cannot write '': the name of the file is empty");
  expect(cloud.requests()).toBe(0);
});

describe('--parallel', () => {
  const large = Buffer.concat([
    randomBytes(1_000_000),
    Buffer.alloc(70 * 1024 * 1024),
    randomBytes(1_000_000),
  ]);
  const record = recordOf(large);

  it.for(['2', 'auto'])('%s fetches spans, which go on when they break', async (lanes, { path }) => {
    const cloud = await imageCloud(cut(30_000_000, ranged(large)), record);
    const { err, code } = await cloud.run(`image-download one --parallel ${lanes} --file ${path('copy')}`);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(readFileSync(path('copy')).equals(large)).toBe(true);
    expect(statSync(path('copy')).blocks * 512).toBeLessThan(4_000_000);
    const ranges = cloud.ranges();
    expect(ranges[0]).toBe(lanes === 'auto' ? 'bytes=0-67108863' : 'bytes=0-37748735');
    expect(ranges.slice(1).every((range) => /^bytes=[1-9]\d*-\d+$/.test(range))).toBe(true);
    expect(ranges.length).toBeGreaterThan(2);
  });

  it('is one connection where a server knows no ranges', async ({ path }) => {
    const knowsNone = ranged(large);
    const cloud = await imageCloud((call) => knowsNone({ ...call, headers: {} }), record);
    const { code } = await cloud.run(`image-download one --parallel 4 --file ${path('copy')}`);
    expect(code).toBe(0);
    expect(readFileSync(path('copy')).equals(large)).toBe(true);
    expect(cloud.ranges()).toHaveLength(1);
  });

  it.for([
    ['0', "'0' connections are too few"],
    ['17', "'17' connections are too many"],
    ['two', "'two' is not a whole number"],
  ] as const)('P37: refuses %s', async ([word, why]) => {
    const { err, code } = await (await imageCloud(ranged(large), record)).run(
      `image-download one --parallel ${word} --file copy`,
    );
    expect(code).toBe(2);
    expect(err).toContain(why);
  });
});

it('leaves holes where an image has long runs of zeros, unless it shall not', async ({ path }) => {
  const data = randomBytes(1000);
  const hollow = Buffer.concat([data, Buffer.alloc(5_000_000), data]);
  const cloud = await imageCloud(cut(2_000_000, ranged(hollow)), recordOf(hollow));
  for (const [when, full] of [
    ['auto', false],
    ['always', false],
    ['never', true],
  ] as const) {
    await cloud.run(`image-download one --file ${path(when)} --sparse ${when}`);
    expect(readFileSync(path(when)).equals(hollow)).toBe(true);
    expect(statSync(path(when)).blocks * 512 > 1_000_000).toBe(full);
  }
});

describe('--decompress', () => {
  const data = Buffer.concat([one, Buffer.alloc(1_000_000)]);
  const packed = gzipSync(data);

  it('unpacks what gzip has packed, also when the connection breaks', async ({ path }) => {
    const cloud = await imageCloud(cut(100_000, ranged(packed)), recordOf(packed));
    const { err, code } = await cloud.run(`image-download one --decompress --file ${path('copy')}`);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(readFileSync(path('copy')).equals(data)).toBe(true);
    expect((await cloud.run('image-download one --decompress')).bytes.equals(data)).toBe(true);
  });

  it('P10: verifies what came', async ({ folder, path }) => {
    const cloud = await imageCloud(ranged(gzipSync(two)), recordOf(packed));
    expect((await cloud.run(`image-download one --decompress --file ${path('copy')}`)).code).toBe(7);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('P37: is refused where bytes have a place of their own', async ({ path }) => {
    const cloud = await imageCloud(ranged(packed), recordOf(packed));
    for (const other of ['--resume', '--parallel 2']) {
      const { err, code } = await cloud.run(`image-download one --decompress ${other} --file ${path('a')}`);
      expect(code).toBe(2);
      expect(err).toContain(`--decompress and ${other.split(' ')[0]} cannot be used together`);
    }
  });
});
