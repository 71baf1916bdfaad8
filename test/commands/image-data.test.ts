import { createHash, randomBytes } from 'node:crypto';
import { existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { it } from '../support/cloud.ts';

const bytes = randomBytes(3_000_000);
const sha512 = createHash('sha512').update(bytes).digest('hex');
const formats = '--disk-format raw --container-format bare';
type Image = Record<string, unknown> & { id: string };

describe('image-create with data', () => {
  it('sends a file and prints the complete record', async ({ cloud, path }) => {
    writeFileSync(path('disk'), bytes);
    const made = await cloud.json(`image-create --name one ${formats} --file ${path('disk')} --store cheap`);
    expect(made).toMatchObject({
      status: 'active',
      size: bytes.length,
      os_hash_value: sha512,
      stores: 'cheap',
    });
  });

  it('sends what a file on standard input holds', async ({ cloud, path }) => {
    writeFileSync(path('disk'), bytes);
    const stdin = openSync(path('disk'), 'r');
    const made = await cloud.json(`image-create --name one ${formats} --size ${bytes.length}`, { stdin });
    expect(made).toMatchObject({ status: 'active', os_hash_value: sha512 });
  });

  it('takes /dev/null on standard input for no data', async ({ cloud }) => {
    const made = await cloud.json('image-create --name one', { stdin: openSync('/dev/null', 'r') });
    expect(made).toMatchObject({ status: 'queued', size: null });
  });

  it('leaves no record behind when the data could not be sent, unless it is to be kept', async ({
    cloud,
    path,
  }) => {
    writeFileSync(path('disk'), bytes);
    const words = `image-create --name one --disk-format nonsense --container-format bare --file ${path('disk')}`;
    expect((await cloud.run(words)).code).toBe(1);
    const stdin = () => openSync(path('disk'), 'r');
    const short = `image-create --name one ${formats} --size ${bytes.length + 1}`;
    expect((await cloud.run(short, { stdin: stdin() })).code).not.toBe(0);
    expect(await cloud.json('image-list')).toEqual([]);
  });
});

describe('image-upload', () => {
  it('gives a queued image its data', async ({ cloud, path }) => {
    writeFileSync(path('disk'), bytes);
    await cloud.run(`image-create --name one ${formats}`);
    expect(await cloud.run(`image-upload one --file ${path('disk')}`)).toEqual({
      ...{ out: '', err: '', code: 0 },
      bytes: Buffer.alloc(0),
    });
    expect(await cloud.json('image-show one')).toMatchObject({ status: 'active', os_hash_value: sha512 });
  });

  it('sends the exact bytes at a limited rate', async ({ cloud, path }) => {
    writeFileSync(path('disk'), bytes);
    await cloud.run(`image-create --name one ${formats}`);
    const { code } = await cloud.run(`image-upload one --limit-rate 4M --file ${path('disk')}`);
    expect(code).toBe(0);
    expect(await cloud.json('image-show one')).toMatchObject({ status: 'active', os_hash_value: sha512 });
  });

  it('P12: compares the size only where nobody wants more, and says so', async ({ cloud, path }) => {
    writeFileSync(path('disk'), bytes);
    await cloud.run(`image-create --name one ${formats}`);
    const { err, code } = await cloud.run(`image-upload one --no-verify --file ${path('disk')}`);
    expect(code).toBe(0);
    expect(err).toMatch(/^Image [0-9a-f-]+ is not verified, but for its size\n$/);
  });

  it('is refused for an image that has data', async ({ cloud, path }) => {
    writeFileSync(path('disk'), bytes);
    await cloud.run(`image-create --name one ${formats} --file ${path('disk')}`);
    expect((await cloud.run(`image-upload one --file ${path('disk')}`)).code).toBe(5);
  });

  it('without data says how to give them', async ({ cloud }) => {
    const { err, code } = await cloud.run('image-upload one');
    expect(code).toBe(2);
    expect(err).toContain('give --file, or send them to standard input');
  });
});

describe('image-download', () => {
  it.beforeEach(async ({ cloud, path }) => {
    writeFileSync(path('disk'), bytes);
    await cloud.run(`image-create --name one ${formats} --file ${path('disk')}`);
  });

  it('writes the exact file, and says nothing to a script', async ({ cloud, path }) => {
    const { out, err, code } = await cloud.run(`image-download one --file ${path('copy')}`);
    expect({ out, err, code }).toEqual({ out: '', err: '', code: 0 });
    expect(readFileSync(path('copy')).equals(bytes)).toBe(true);
  });

  it('writes the exact bytes to standard output', async ({ cloud }) => {
    expect((await cloud.run('image-download one')).bytes.equals(bytes)).toBe(true);
  });

  it.for([
    ['--progress', 'one'],
    ['one', '--progress'],
    ['--prog', 'one'],
  ])('shows how far it is where that is asked for: %s %s', async (words, { cloud, path }) => {
    const { err } = await cloud.run(['image-download', '--file', path('copy'), ...words]);
    expect(err).toMatch(/^one: 2\.9 MiB of 2\.9 MiB \(100%\)/);
  });

  it('tells a program how far it is, an object per line', async ({ cloud, path }) => {
    const { err, code } = await cloud.run(`image-download one --file ${path('copy')} --progress=json`);
    expect(code).toBe(0);
    const last = err.trimEnd().split('\n').at(-1) ?? '';
    const all = { done: bytes.length, total: bytes.length, rate: expect.any(Number) };
    expect(JSON.parse(last)).toEqual({ image: 'one', stage: 'done', ...all });
  });

  it('P37: refuses a kind of progress that it does not know', async ({ cloud }) => {
    const { err, code } = await cloud.run('image-download one --progress=jsn');
    expect(code).toBe(2);
    expect(err).toContain("'jsn' is not one of json");
  });

  it('P10: is not hashed where nobody wants that, and says so', async ({ cloud, path }) => {
    const { err, code } = await cloud.run(`image-download one --no-verify --file ${path('copy')}`);
    expect(code).toBe(0);
    expect(err).toMatch(/^Image [0-9a-f-]+ is not verified, but for its size\n$/);
    expect(readFileSync(path('copy')).equals(bytes)).toBe(true);
  });

  it('takes the exact bytes at a limited rate', async ({ cloud, path }) => {
    expect((await cloud.run(`image-download one --limit-rate 4M --file ${path('copy')}`)).code).toBe(0);
    expect(readFileSync(path('copy')).equals(bytes)).toBe(true);
  });

  it.for(['0', '-1', 'fast', '5 M', '1X', '1e6', '0x10'])(
    'P37: refuses %j for a rate',
    async (word, { cloud }) => {
      const { err, code } = await cloud.run(['image-download', 'one', '--limit-rate', word]);
      expect(code).toBe(2);
      expect(err).toContain(`'${word}' is no rate`);
    },
  );

  it('to a terminal is refused', async ({ cloud }) => {
    const { bytes, err, code } = await cloud.run('image-download one', { terminal: 80 });
    expect({ sent: bytes.length, code }).toEqual({ sent: 0, code: 2 });
    expect(err).toContain('No redirection or local file specified');
  });

  it('of an image without data says so', async ({ cloud, path }) => {
    const { id } = await cloud.json<Image>('image-create --name none');
    const { err, code } = await cloud.run(`image-download none --file ${path('copy')}`);
    expect({ err, code }).toEqual({ err: `Image ${id} has no data.\n`, code: 1 });
    expect(existsSync(path('copy'))).toBe(false);
  });

  it('P21: checks the target before anything is fetched', async ({ cloud, path }) => {
    const { err, code } = await cloud.run(`image-download one --file ${path('nowhere/copy')}`);
    expect(code).toBe(2);
    expect(err).toContain(path('nowhere/copy'));
  });

  it('P1: leaves the old file alone when there is no such image', async ({ cloud, path, folder }) => {
    writeFileSync(path('copy'), 'old');
    expect((await cloud.run(`image-download nope --file ${path('copy')}`)).code).toBe(4);
    expect(readFileSync(path('copy'), 'utf8')).toBe('old');
    expect(readdirSync(folder).sort()).toEqual(['cloud', 'copy', 'disk']);
  });
});
