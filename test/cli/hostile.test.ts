import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { tglance } from '../support/tglance.ts';

/** Runs `image-list` against a server that answers everything so; gives also how often it was asked. */
async function listing(answer: (turn: number) => string, words = '') {
  let turn = 0;
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(answer(turn));
    turn += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const outcome = await tglance(`--os-auth-token secret --os-image-url ${origin} image-list ${words}`);
  server.closeAllConnections();
  server.close();
  return { ...outcome, turns: turn };
}

describe('P35: any answer gives a result or one clear line', () => {
  it.each([
    ['something that is no object', 'null'],
    ['a page without images', '{}'],
    ['images that are no list', '{"images": {}}'],
    ['images that are numbers', '{"images": [1]}'],
    ['broken JSON', '{"images": ['],
    ['a page in HTML', '<html>'],
    ['nothing', ''],
    ['a hundred thousand brackets', '['.repeat(100_000)],
  ])('%s', async (_what, body) => {
    const { out, err, code } = await listing(() => body);
    expect({ out, code }).toEqual({ out: '', code: 6 });
    expect(err).toMatch(/^http:\/\/127\.0\.0\.1:\d+[^\n]*\n$/);
  });

  it.each(['', '-f json', '-f yaml', '-f csv', '-f value', '-f table'])(
    'fields of any type are shown %s',
    async (format) => {
      const strange = { id: 1, name: { a: [null, { b: true }] }, tags: null, size: 'x', constructor: 'y' };
      const text = JSON.stringify({ images: [strange, {}, { id: null, name: [] }] });
      const { out, err, code } = await listing(
        () => text.replace('"id":1', '"id":1,"__proto__":{"c":1}'),
        format,
      );
      expect({ err, code }).toEqual({ err: '', code: 0 });
      expect(out).not.toMatch(/undefined|\[object/);
    },
  );
});

describe('P30: a list comes to an end', () => {
  it.each<[string, (turn: number) => string, number]>([
    ['when a page without images has a next one', () => '{"images": [], "next": "/v2/images?marker=a"}', 1],
    [
      'when the next page is the same one',
      () => '{"images": [{"id": "a"}], "next": "/v2/images?marker=a"}',
      2,
    ],
    ['when two pages lead to each other', (turn) => page(turn % 2, turn % 2), 3],
    ['when the same page comes under ever new addresses', (turn) => page(0, turn), 2],
  ])('%s', async (_what, answer, turns) => {
    const outcome = await listing(answer);
    expect(outcome).toMatchObject({ err: '', code: 0, turns });
  });

  const page = (id: number, marker: number) =>
    JSON.stringify({ images: [{ id: `i${id}` }], next: `/v2/images?marker=${marker}` });

  it.each([
    ['a number', 5, 'has no address'],
    ['no address', 'http://[', 'has no address'],
    ['no page of it', '/elsewhere?limit=1', 'is said to be at /elsewhere'],
    ['no page at all', 'javascript:alert(1)', 'points to another server, javascript://'],
  ])('P30: and does not look whole when its next page is %s', async (_what, next, why) => {
    const { out, err, code } = await listing(() => JSON.stringify({ images: [{ id: 'a' }], next }));
    expect({ out, code }).toEqual({ out: '', code: 6 });
    expect(err).toBe(`The list's next page ${why}; it was not asked\n`);
  });

  it('and is not continued at another server', async () => {
    const { err, code } = await listing(
      () => '{"images": [{"id": "a"}], "next": "http://127.0.0.1:9/v2/images"}',
    );
    expect(code).toBe(6);
    expect(err).toBe("The list's next page points to another server, http://127.0.0.1:9; it was not asked\n");
  });
});
