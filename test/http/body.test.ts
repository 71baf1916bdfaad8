import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { AnswerError, NetworkError } from '../../src/errors.ts';
import { caps, errorDetail, readJson, readText } from '../../src/http/body.ts';
import { type Answer, cut, reply, say, wire } from '../support/wire.ts';
import { failure, get, transport } from './client.ts';

const MiB = 1024 * 1024;

async function answered(answer: Answer) {
  const server = await wire(answer);
  return { url: `${server.url}/v2/x`, response: await transport()(get(`${server.url}/v2/x?secret=1`)) };
}

const endless: Answer = async (call) => {
  await call.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n[');
  for (;;) await call.write(Buffer.alloc(MiB, ' '));
};

describe('JSON', () => {
  it('is read whole, however it comes', async () => {
    const { response } = await answered(
      say(
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
        ...[...'{"a":["b"]}'].map((it) => `1\r\n${it}\r\n`),
        '0\r\n\r\n',
      ),
    );
    expect(await readJson(response, caps.page)).toEqual({ a: ['b'] });
  });

  it('keeps every character', async () => {
    const value = { name: 'naïve 🦜 \u0000\u202e' };
    const { response } = await answered(reply(200, value));
    expect(await readJson(response, caps.page)).toEqual(value);
  });

  it('takes __proto__ for data', async () => {
    const { response } = await answered(reply(200, '{"__proto__":{"admin":true}}'));
    const value = (await readJson(response, caps.page)) as { admin?: boolean };
    expect([Object.keys(value), value.admin, ({} as { admin?: boolean }).admin]).toEqual([
      ['__proto__'],
      undefined,
      undefined,
    ]);
  });

  it.each<[string, Answer, string]>([
    [
      'HTML',
      reply(200, '<html>', { 'content-type': 'text/html; charset=utf-8' }),
      'text/html where JSON was expected',
    ],
    ['nothing', reply(200, ''), 'nothing where JSON was expected'],
    [
      'half of it',
      reply(200, '{"secret":', { 'content-type': 'application/json' }),
      'broken JSON where JSON was expected',
    ],
    ['bytes', reply(200, Buffer.of(0xff, 0xfe, 0)), 'something where JSON was expected'],
  ])('P35: that is %s is named with who sent it, not quoted', async (_what, answer, words) => {
    const { response, url } = await answered(answer);
    expect(await failure(readJson(response, caps.page))).toEqual(
      new AnswerError(`${url} answered with ${words}`),
    );
  });

  it('P34: that never ends is not waited for', async () => {
    const { response, url } = await answered(endless);
    expect(await failure(readJson(response, caps.token))).toEqual(
      new AnswerError(`${url} answered with more than 4 MiB`),
    );
  });

  it('P34: may be as large as its cap and no larger', async () => {
    const text = JSON.stringify('x'.repeat(MiB - 2));
    expect(await readJson((await answered(reply(200, text))).response, MiB)).toHaveLength(MiB - 2);
    expect(await failure(readJson((await answered(reply(200, `${text} `))).response, MiB))).toBeInstanceOf(
      AnswerError,
    );
  });

  it.each([
    ['arrays', '['.repeat(100_000)],
    ['arrays that end', '['.repeat(201) + ']'.repeat(201)],
    ['arrays in a long text', `[${' '.repeat(3 * MiB)}${'[]'.padStart(201, '[').padEnd(401, ']')}]`],
    ['objects', '{"a":'.repeat(100_000)],
    ['both, after much that is not', `[${'[],{"a\\"[[":"]]\\\\"},'.repeat(1000)}${'[{"a":'.repeat(101)}`],
  ])('P34: nested without reason is refused: %s', async (_what, text) => {
    const { response, url } = await answered(reply(200, text));
    expect(await failure(readJson(response, caps.page))).toEqual(
      new AnswerError(`${url} answered with JSON nested deeper than 200 levels`),
    );
  });

  it('P34: nested without reason is refused in a list as well, wherever it is and whatever else is in there', async () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const things = (odd: string) => {
      const each = (at: number) =>
        `{"id":"${`${at}`.padEnd(80)}","tags":["x"]${at === 900 ? `,${odd}` : ''}}`;
      return `{"things":[${Array.from({ length: 1000 }, (_, at) => each(at)).join(',')}]}`;
    };
    const answer = async (text: string) => readJson((await answered(reply(200, text))).response, caps.page);
    for (const text of [
      things(`"tags":${deep(198)}`),
      things(`"more":${deep(198)}`),
      things(`"more":"}}}]]]","__proto__":${deep(198)}`),
      things('"more":1').replace('{"things', `{"more":${deep(200)},"things`),
      // every object seems to have what the first one has
      things(`"more":${deep(198)}`).replace('"tags"', '"__proto__":{},"tags"'),
    ]) {
      expect(text.length).toBeGreaterThan(100_000);
      expect(await failure(answer(text))).toMatchObject({
        message: expect.stringMatching(/nested deeper than 200/),
      });
    }
    for (const text of [things(`"more":${deep(197)}`), things(`"more":"${deep(9999)}"`)]) {
      expect(await answer(text)).toEqual(JSON.parse(text));
    }
  });

  it('may be nested on two hundred levels', async () => {
    const deep = '['.repeat(200) + ']'.repeat(200);
    expect(await readJson((await answered(reply(200, deep))).response, caps.page)).toEqual(JSON.parse(deep));
  });

  it('may have any number of brackets side by side and in strings', async () => {
    const value = [...Array.from({ length: 1000 }, () => [{}]), '['.repeat(1000), `\\"${'{'.repeat(1000)}`];
    expect(await readJson((await answered(reply(200, value))).response, caps.page)).toEqual(value);
  });
});

describe('a compressed body', () => {
  const pack = { gzip: gzipSync, 'x-gzip': gzipSync, deflate: deflateSync, br: brotliCompressSync };
  it.each(Object.entries(pack))('is unpacked although nobody asked for %s', async (encoding, packed) => {
    const { response } = await answered(reply(200, packed('hello'), { 'content-encoding': encoding }));
    expect(await readText(response, caps.page)).toBe('hello');
  });

  it.each(Object.entries(pack))('P34: counts as what it unpacks to (%s)', async (encoding, packed) => {
    const { response, url } = await answered(
      reply(200, packed(Buffer.alloc(5 * MiB)), { 'content-encoding': encoding }),
    );
    expect(await failure(readText(response, caps.token))).toEqual(
      new AnswerError(`${url} answered with more than 4 MiB`),
    );
  });

  it.each([
    ['zstd', "content-encoding 'zstd', which was not asked for"],
    ['constructor', "content-encoding 'constructor', which was not asked for"],
    ['gzip', 'gzip data that cannot be unpacked'],
  ])('P35: of a kind nobody knows, or broken, is an error (%s)', async (encoding, words) => {
    const { response, url } = await answered(reply(200, 'hello', { 'content-encoding': encoding }));
    expect(await failure(readText(response, caps.page))).toEqual(
      new AnswerError(`${url} answered with ${words}`),
    );
  });
});

it('a body that breaks off is a lost connection', async () => {
  const { response } = await answered(cut(70, reply(200, 'x'.repeat(100))));
  expect(await failure(readText(response, caps.page))).toBeInstanceOf(NetworkError);
});

describe("the server's words about a refusal", () => {
  const page = (title: string, words: string) =>
    `<html>\n <head>\n  <title>${title}</title>\n </head>\n <body>\n  <h1>${title}</h1>\n  ${words}<br /><br />\n\n\n\n </body>\n</html>`;
  const html = { 'content-type': 'text/html; charset=UTF-8' };
  it.each<[string, number, string | object, Readonly<Record<string, string>>, string]>([
    [
      'of Glance in HTML',
      404,
      page('404 Not Found', 'No image found with ID nope'),
      html,
      '404 Not Found: No image found with ID nope',
    ],
    [
      'of Glance in JSON',
      404,
      { message: 'No image found with ID nope<br /><br />\n\n\n', code: '404 Not Found', title: 'Not Found' },
      {},
      '404 Not Found: No image found with ID nope',
    ],
    [
      'of Glance about a field',
      400,
      page(
        '400 Bad Request',
        'Not of schema &#x27;image&#x27;: &quot;x&quot; &lt; 1\n\nFailed:\n    {&#39;a&#39;: 1}',
      ),
      html,
      `400 Bad Request: Not of schema 'image': "x" < 1: Failed: {'a': 1}`,
    ],
    [
      'of Keystone',
      401,
      {
        error: {
          code: 401,
          message: 'The request you have made requires authentication.',
          title: 'Unauthorized',
        },
      },
      {},
      'The request you have made requires authentication.',
    ],
    ['of OAuth', 400, { error: 'invalid_grant', error_description: 'No.' }, {}, 'invalid_grant: No.'],
    ['of other services', 413, { overLimit: { code: 413, message: 'Too much' } }, {}, 'Too much'],
    ['in a list', 400, { errors: [{ title: 'One', detail: 'two' }, { detail: 'three' }] }, {}, 'two: three'],
    [
      'of nginx on one line',
      502,
      '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>',
      html,
      '502 Bad Gateway: nginx',
    ],
    [
      'as plain text',
      403,
      '403 Forbidden\n\nAccess was denied.\n\n   ',
      {},
      '403 Forbidden: Access was denied.',
    ],
    ['in broken JSON', 500, '{"message": "half', {}, '{"message": "half'],
    ['with style', 503, '<style>p{color:red}</style><p class="\n">Away</p><!-- x -->', html, 'Away'],
    ['that are none', 404, '', {}, '404 Not Found'],
    ['of a status without a name', 999, '', {}, '999'],
    ['of one word without an end', 409, `[${'{"a":'.repeat(1000)}`, {}, '409 Conflict'],
    ['in JSON without words', 409, { a: [1, null, {}] }, {}, '409 Conflict'],
  ])('%s', async (_whose, status, body, headers, expected) => {
    const { response } = await answered(reply(status, body, headers));
    expect(await errorDetail(response)).toBe(expected);
  });

  it('are cut between words', async () => {
    const { response } = await answered(reply(400, 'lorem ipsum '.repeat(1000)));
    const detail = await errorDetail(response);
    expect(detail.length).toBeLessThanOrEqual(401);
    expect(detail).toMatch(/(lorem|ipsum) …$/);
  });

  it('P34: are not waited for when they never end', async () => {
    const { response } = await answered(endless);
    expect(await errorDetail(response)).toBe('200');
  });

  it('are done without when they break off', async () => {
    const { response } = await answered(cut(75, reply(503, 'x'.repeat(100))));
    expect(await errorDetail(response)).toBe('503 Service Unavailable');
  });

  it('take no longer when they are made to take long', async () => {
    for (const piece of ['<', '<script', '<!--', '&#', '[', '{"message":', '\\', ' \n']) {
      const { response } = await answered(reply(400, piece.repeat(1_000_000 / piece.length)));
      await errorDetail(response);
    }
  });

  it('are not asked for by whoever has stopped', async () => {
    const stop = new AbortController();
    const server = await wire(say('HTTP/1.1 503 Busy\r\ncontent-length: 10\r\n\r\nhello'));
    const response = await transport()(get(server.url, { signal: stop.signal }));
    stop.abort(new Error('Ctrl-C'));
    expect(await failure(errorDetail(response))).toEqual(new Error('Ctrl-C'));
  });
});
