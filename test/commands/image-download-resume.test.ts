import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { Interrupted } from '../../src/cli/io.ts';
import { it } from '../support/folder.ts';
import { imageCloud, ranged, recordOf } from '../support/image.ts';
import { cut, inTurn, reply } from '../support/wire.ts';

const data = randomBytes(1_000_000);
const others = randomBytes(data.length);
const record = recordOf(data);
const whole = ranged(data);

describe('--resume', () => {
  const refused = () => inTurn(cut(400_000, whole), reply(403, 'not now'));

  it('P2: keeps what has come, says how to go on, and goes on from there', async ({ folder, path }) => {
    writeFileSync(path('copy'), 'old');
    const words = `image-download one --resume --file ${path('copy')}`;
    const { err, code } = await (await imageCloud(refused(), record)).run(words);
    expect(code).toBe(3);
    const [, kept] =
      /^(\d+) bytes are kept for .*copy; the same command goes on from there\n/.exec(err) ?? [];
    expect(Number(kept)).toBeGreaterThan(300_000);
    expect(readFileSync(path('copy'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toHaveLength(3);

    const cloud = await imageCloud(whole, record);
    expect(await cloud.run(words)).toMatchObject({ out: '', err: '', code: 0 });
    expect(cloud.ranges()).toEqual([`bytes=${kept}-`]);
    expect(readFileSync(path('copy')).equals(data)).toBe(true);
    expect(readdirSync(folder)).toEqual(['copy']);
  });

  it('P2 P22: keeps what has come when somebody presses Ctrl-C, in one line', async ({ folder, path }) => {
    const words = `image-download one --resume --file ${path('copy')}`;
    const stop = new AbortController();
    const written = () => {
      const part = readdirSync(folder).find((name) => name.endsWith('.part')) ?? '';
      return statSync(path(part)).size;
    };
    const some = cut(400_000, whole, async () => {
      while (written() < 300_000) await new Promise((resolve) => setTimeout(resolve, 5));
      stop.abort(new Interrupted('SIGINT', 2));
    });
    const first = await imageCloud(some, record);
    const { err, code } = await first.run(words, { signal: stop.signal });
    expect(code).toBe(130);
    expect(err).toMatch(/^\d+ bytes are kept for .*copy; the same command goes on from there\n$/);
    const cloud = await imageCloud(whole, record);
    expect(await cloud.run(words)).toMatchObject({ err: '', code: 0 });
    expect(cloud.ranges()).toEqual([expect.stringMatching(/^bytes=3\d+-$/)]);
    expect(readFileSync(path('copy')).equals(data)).toBe(true);
  });

  it('P7: begins afresh when the image is another one meanwhile', async ({ folder, path }) => {
    const words = `image-download one --resume --file ${path('copy')}`;
    await (await imageCloud(refused(), record)).run(words);
    const cloud = await imageCloud(ranged(others), recordOf(others));
    expect(await cloud.run(words)).toMatchObject({ err: '', code: 0 });
    expect(cloud.ranges()).toEqual(['']);
    expect(readFileSync(path('copy')).equals(others)).toBe(true);
    expect(readdirSync(folder)).toEqual(['copy']);
  });

  it('P7: finds out when what was kept is not what it was', async ({ folder, path }) => {
    const words = `image-download one --resume --file ${path('copy')}`;
    await (await imageCloud(refused(), record)).run(words);
    const part = readdirSync(folder).find((name) => name.endsWith('.part')) ?? '';
    const spoilt = readFileSync(path(part));
    spoilt[1000] = (spoilt[1000] ?? 0) ^ 1;
    writeFileSync(path(part), spoilt);
    const { err, code } = await (await imageCloud(whole, record)).run(words);
    expect(code).toBe(7);
    expect(err).toMatch(/^The sha512 of the data is /);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.for([
    ['the server knows only the whole', inTurn(reply(400, 'no ranges'), reply(200, data))],
    ['another version is there', inTurn(ranged(data, { etag: '"two"' }), reply(200, data))],
  ] as const)('P7: begins anew when %s', async ([, answer], { path }) => {
    const words = `image-download one --resume --file ${path('copy')}`;
    const marked = inTurn(cut(400_000, ranged(data, { etag: '"one"' })), reply(403));
    await (await imageCloud(marked, record)).run(words);
    const cloud = await imageCloud(answer, record);
    expect(await cloud.run(words)).toMatchObject({ code: 0 });
    expect(cloud.ranges()).toEqual([expect.stringMatching(/^bytes=3\d+-$/), '']);
    expect(readFileSync(path('copy')).equals(data)).toBe(true);
  });

  it('P20: keeps nothing of wrong data', async ({ folder, path }) => {
    const cloud = await imageCloud(ranged(others), record);
    expect((await cloud.run(`image-download one --resume --file ${path('copy')}`)).code).toBe(7);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('without it, what was kept is gone after the next run', async ({ folder, path }) => {
    await (await imageCloud(refused(), record)).run(`image-download one --resume --file ${path('copy')}`);
    expect(readdirSync(folder)).toHaveLength(2);
    await (await imageCloud(whole, record)).run(`image-download one --file ${path('copy')}`);
    expect(readdirSync(folder)).toEqual(['copy']);
  });

  it.for([
    ['image-download one --resume', /--resume wants a regular file, not standard output/],
    ['image-download one --resume --file /dev/null', /--resume wants a regular file, not \/dev\/null/],
    ['image-download one --sparse always', /--sparse always wants a regular file, not standard output/],
  ] as const)('P37: %s is refused before anything is fetched', async ([words, why]) => {
    const cloud = await imageCloud(whole, record);
    const { out, err, code } = await cloud.run(words);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toMatch(why);
    expect(cloud.ranges()).toEqual([]);
  });
});
