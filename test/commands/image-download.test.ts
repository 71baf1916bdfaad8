import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { Interrupted } from '../../src/cli/io.ts';
import { it } from '../support/folder.ts';
import { imageCloud, ranged, recordOf } from '../support/image.ts';
import { type Answer, cut, hangUp, inTurn, reply, reset, say, thenHangUp, wire } from '../support/wire.ts';

const data = randomBytes(1_000_000);
const record = recordOf(data);
const whole = ranged(data);
const { os_hash_algo: _algorithm, os_hash_value: _value, checksum: _md5, ...unhashed } = record;

const chunked = (bytes: Uint8Array) =>
  `${bytes.length.toString(16)}\r\n${Buffer.from(bytes).toString('latin1')}\r\n`;

/** As Glance answers behind its cache: without a length, in chunks. */
const inChunks: Answer = (call) => {
  if (call.headers.range !== undefined) return whole(call);
  const pieces = [data.subarray(0, 600_000), data.subarray(600_000)].map(chunked);
  const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
  return say(head, ...pieces.map((piece) => Buffer.from(piece, 'latin1')), '0\r\n\r\n')(call);
};

describe('a download that breaks', () => {
  it.for<[string, Answer]>([
    ['that is closed', cut(150_000, whole)],
    ['that is reset', cut(150_000, whole, reset)],
    ['whose answer is in chunks', cut(150_000, inChunks)],
    ['whose length nobody says', thenHangUp(say('HTTP/1.1 200 OK\r\n\r\n', data.subarray(0, 150_000)))],
  ])('P6: goes on from the byte reached over a connection %s', async ([, broken], { path, folder }) => {
    const first = inTurn(broken, cut(150_000, whole));
    const cloud = await imageCloud(first, record);
    expect(await cloud.run(`image-download one --file ${path('copy')}`)).toMatchObject({ err: '', code: 0 });
    expect(readFileSync(path('copy')).equals(data)).toBe(true);
    const ranges = cloud.ranges();
    expect(ranges[0]).toBe('');
    expect(ranges.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range))).toBe(true);
    expect(ranges.length).toBeGreaterThan(6);
    expect(readdirSync(folder)).toEqual(['copy']);
  });

  it('P6: goes on although servers are busy or away meanwhile', async ({ path }) => {
    const busy = reply(503, 'busy', { 'retry-after': '1' });
    const file = inTurn(cut(400_000, whole), busy, hangUp, reply(500), cut(400_000, whole), whole);
    const cloud = await imageCloud(file, record);
    expect(await cloud.run(`image-download one --file ${path('copy')}`)).toMatchObject({ code: 0 });
    expect(readFileSync(path('copy')).equals(data)).toBe(true);
    expect(cloud.ranges()).toHaveLength(6);
  });

  it('P9: prints every byte once', async () => {
    const cloud = await imageCloud(cut(150_000, whole), record);
    const { bytes, err, code } = await cloud.run('image-download one');
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(bytes.equals(data)).toBe(true);
  });

  it('P6: knows that all has come although the end of the answer is missing', async ({ path }) => {
    const chunk = Buffer.from(chunked(data), 'latin1');
    const cut = thenHangUp(say('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', chunk));
    const cloud = await imageCloud(cut, record);
    expect(await cloud.run(`image-download one --file ${path('copy')}`)).toMatchObject({ err: '', code: 0 });
    expect(cloud.ranges()).toHaveLength(1);
  });

  it('P14: is given up where the server asks to be left alone for long', async ({ path, folder }) => {
    const file = inTurn(cut(400_000, whole), reply(503, 'later', { 'retry-after': '3600' }));
    const cloud = await imageCloud(file, record);
    const { err, code } = await cloud.run(`image-download one --file ${path('copy')}`);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^Unable to download image .*; \d+ of 1000000 bytes had come, and it asks to wait 3600 s\n$/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('P14: says so where it is asked to wait for long before anything came', async ({ path, folder }) => {
    const cloud = await imageCloud(reply(503, 'busy', { 'retry-after': '3600' }), record);
    const { err, code } = await cloud.run(`image-download one --file ${path('copy')}`);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^Unable to download .* \(HTTP busy, and asks to wait 3600 seconds before the next try\)\n$/,
    );
    expect(cloud.ranges()).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('P17: goes on when the server falls silent', async ({ path }) => {
    const silent = cut(400_000, whole, () => new Promise(() => {}));
    const cloud = await imageCloud(inTurn(silent, whole), record);
    const { err, code } = await cloud.run(`--timeout 1 image-download one --file ${path('copy')}`);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(readFileSync(path('copy')).equals(data)).toBe(true);
  });

  it('P22: ends at once when somebody presses Ctrl-C while it waits to go on', async ({ folder, path }) => {
    const stop = new AbortController();
    const later: Answer = async (call) => {
      await reply(503, 'later', { 'retry-after': '50' })(call);
      setTimeout(() => stop.abort(new Interrupted('SIGINT', 2)), 100);
    };
    const cloud = await imageCloud(inTurn(cut(400_000, whole), later), record);
    const running = cloud.run(`image-download one --file ${path('copy')}`, { signal: stop.signal });
    const { err, code } = await running;
    expect(code).toBe(130);
    expect(err).toMatch(/^Unable to download image .*; going on from byte \d+ in 50\.0 s\n$/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is given up at once where it is refused', async ({ path }) => {
    const cloud = await imageCloud(inTurn(cut(400_000, whole), reply(403, 'no more')), record);
    expect((await cloud.run(`image-download one --file ${path('copy')}`)).code).toBe(3);
    expect(cloud.ranges()).toHaveLength(2);
  });
});

const others = randomBytes(data.length);

/** What a server sends that cannot go on, and how it gives the whole at another try. */
const unfit: readonly (readonly [string, Answer])[] = [
  ['the whole', reply(200, data)],
  ['a refusal of ranges', reply(400, 'Getting images randomly from this store is not supported')],
  ['a range that it cannot satisfy', reply(416)],
  [
    'another place',
    reply(206, data.subarray(10), { 'content-range': `bytes 10-${data.length - 1}/${data.length}` }),
  ],
  ['another version by its ETag', ranged(data, { etag: '"two"' })],
  ['another version by its MD5', ranged(data, { 'content-md5': '0'.repeat(32) })],
];

const begun = cut(400_000, ranged(data, { etag: '"one"', 'content-md5': record.checksum }));

describe('where a server answers the wish for the rest with', () => {
  it.for(unfit)('P7: %s, a file begins anew', async ([, answer], { path }) => {
    const cloud = await imageCloud(inTurn(begun, answer, whole), record);
    expect(await cloud.run(`image-download one --file ${path('copy')}`)).toMatchObject({ code: 0 });
    expect(readFileSync(path('copy')).equals(data)).toBe(true);
  });

  it.for(unfit.slice(0, 3))('P7 P9: %s, standard output leaves out what is printed', async ([, answer]) => {
    const cloud = await imageCloud(inTurn(begun, answer, reply(200, data)), record);
    const { bytes, code } = await cloud.run('image-download one');
    expect(code).toBe(0);
    expect(bytes.equals(data)).toBe(true);
  });

  it.for([
    ...unfit.slice(3),
    ['other data from the start', reply(200, others)] as const,
    ['other data for a refusal of ranges', inTurn(reply(416), reply(200, others))] as const,
  ])('P7 P9: %s, standard output ends with a true beginning, and that is no success', async ([, answer]) => {
    const cloud = await imageCloud(inTurn(begun, answer), record);
    const { bytes, err, code } = await cloud.run('image-download one');
    expect(code).toBe(7);
    expect(err).toMatch(/^The data cannot be continued after \d+ bytes: .*\n$/);
    expect(bytes.length).toBeGreaterThan(300_000);
    expect(data.subarray(0, bytes.length).equals(bytes)).toBe(true);
  });

  it('P7: a part, and not which, the download fails', async ({ path }) => {
    const cloud = await imageCloud(inTurn(begun, reply(206, data.subarray(400_000))), record);
    expect((await cloud.run(`image-download one --file ${path('copy')}`)).code).toBe(6);
    expect(existsSync(path('copy'))).toBe(false);
  });

  it('P7: a range of another size, the download fails', async ({ path }) => {
    const longer = Buffer.concat([data, data]);
    const cloud = await imageCloud(inTurn(begun, ranged(longer)), record);
    const { err, code } = await cloud.run(`image-download one --file ${path('copy')}`);
    expect({ err, code }).toEqual({ err: 'The data have 2000000 bytes, expected 1000000\n', code: 7 });
    expect(existsSync(path('copy'))).toBe(false);
  });

  it('P7: the whole, and there is no hash to compare by, standard output ends', async () => {
    const cloud = await imageCloud(inTurn(cut(400_000, whole), reply(200, data)), unhashed);
    const { bytes, code } = await cloud.run('image-download one');
    expect(code).toBe(7);
    expect(data.subarray(0, bytes.length).equals(bytes)).toBe(true);
  });

  it('P7 P10: the rest of other data, no file gets the mixture', async ({ path }) => {
    const cloud = await imageCloud(inTurn(cut(400_000, whole), ranged(others)), record);
    const { err, code } = await cloud.run(`image-download one --file ${path('copy')}`);
    expect(code).toBe(7);
    expect(err).toMatch(/^The sha512 of the data is [0-9a-f]{128}, expected [0-9a-f]{128}\n$/);
    expect(existsSync(path('copy'))).toBe(false);
  });
});

it('P29: data of another server want a hash of the cloud to be verified by', async ({ path, folder }) => {
  const other = await wire(ranged(data, { 'content-md5': record.checksum }));
  const away = reply(302, '', { location: `${other.url}/data?sig=1` });
  const words = `image-download one --file ${path('copy')}`;
  const cloud = await imageCloud(away, unhashed);
  const { err, code } = await cloud.run(words);
  expect(code).toBe(7);
  expect(err).toMatch(
    /^The data of image .* come from another server, 127\.0\.0\.1:\d+, and the cloud has no hash .*\n$/,
  );
  expect(readdirSync(folder)).toEqual([]);
  expect((await cloud.run(`${words} --no-verify`)).code).toBe(0);
  expect((await (await imageCloud(away, record)).run(words)).code).toBe(0);
  expect(readFileSync(path('copy')).equals(data)).toBe(true);
  expect(other.seen.every(({ headers }) => headers['x-auth-token'] === undefined)).toBe(true);
});

describe('an image whose record has no hash', () => {
  it('P10: is verified by the MD5 that comes with its data', async ({ path }) => {
    const file = ranged(data, { 'content-md5': record.checksum });
    const cloud = await imageCloud(inTurn(cut(400_000, file), file), unhashed);
    expect(await cloud.run(`image-download one --file ${path('copy')}`)).toMatchObject({ err: '', code: 0 });
    const wrong = await imageCloud(ranged(data, { 'content-md5': '0'.repeat(32) }), unhashed);
    const { err, code } = await wrong.run(`image-download one --file ${path('copy')}`);
    expect(code).toBe(7);
    expect(err).toMatch(/^The md5 of the data is /);
  });

  it('P10: of another length than its record says is refused', async ({ path }) => {
    const cloud = await imageCloud(whole, { ...unhashed, size: 5 });
    const { err, code } = await cloud.run(`image-download one --file ${path('copy')}`);
    expect({ err, code }).toEqual({ err: 'The data have 1000000 bytes, expected 5\n', code: 7 });
  });
});
