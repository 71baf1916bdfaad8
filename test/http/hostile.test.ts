import { describe, expect, it } from 'vitest';
import { AnswerError, NetworkError } from '../../src/errors.ts';
import { say, thenHangUp, wire } from '../support/wire.ts';
import { failure, get, payload, request, text, transport } from './client.ts';

/** Who reads the answer depends on what was sent. */
describe.each([
  ['a request', (url: string) => get(url)],
  ['an upload', (url: string) => request('PUT', url, { body: payload(['abc'], 3).body })],
])('an answer to %s that is not what HTTP promises', (_to, to) => {
  const ok = (rest: string) => `HTTP/1.1 ${rest}`;
  it.each<[string, string, { status: number; text: string } | RegExp]>([
    ['no reason phrase', ok('200\r\ncontent-length: 2\r\n\r\nhi'), { status: 200, text: 'hi' }],
    ['status 999', ok('999 What\r\ncontent-length: 2\r\n\r\nhi'), { status: 999, text: 'hi' }],
    ['HTTP/1.0 without a length', 'HTTP/1.0 200 OK\r\n\r\nhi', { status: 200, text: 'hi' }],
    [
      'an early hint',
      ok('103 Soon\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi'),
      { status: 200, text: 'hi' },
    ],
    [
      'leave to go on that nobody asked for',
      ok('100 Continue\r\n\r\nHTTP/1.1 100\r\nx: y\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi'),
      { status: 200, text: 'hi' },
    ],
    [
      'more than it announced',
      ok('200 OK\r\ncontent-length: 2\r\n\r\nhi, and so on'),
      { status: 200, text: 'hi' },
    ],
    [
      'names that objects have',
      ok('200 OK\r\n__proto__: a\r\nconstructor: b\r\ncontent-length: 2\r\n\r\nhi'),
      { status: 200, text: 'hi' },
    ],
    ['status 000', ok('000 What\r\ncontent-length: 0\r\n\r\n'), /status line makes no sense/],
    ['status 1000', ok('1000 What\r\n\r\n'), /Invalid response status/],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', /Expected HTTP/],
    ['only a body', 'hi', /Expected HTTP/],
    [
      'two lengths',
      ok('200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nhi!'),
      /length that it announces makes no sense/,
    ],
    ['a negative length', ok('200 OK\r\ncontent-length: -2\r\n\r\nhi'), /Content-Length/],
    ['a header without a name', ok('200 OK\r\n: x\r\ncontent-length: 2\r\n\r\nhi'), /header/],
    ['a zero byte in a header', ok('200 OK\r\nx: a\0b\r\ncontent-length: 2\r\n\r\nhi'), /header/],
    ['a header of 100 KiB', ok(`200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`), /headers are too long/],
    ['endless headers', ok(`200 OK\r\n${'x: yyyyyyyyyy\r\n'.repeat(10_000)}`), /headers are too long/],
    ['an upgrade nobody asked for', ok('101 Up\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'), /bad upgrade/],
  ])('P35: %s is a result or one clear error', async (_what, bytes, expected) => {
    const server = await wire(
      thenHangUp(async (call) => {
        await call.body();
        await say(bytes)(call);
      }),
    );
    const send = transport();
    if (expected instanceof RegExp) {
      const error = await failure(send(to(server.url)));
      expect(error instanceof AnswerError || error instanceof NetworkError).toBe(true);
      expect(String(error)).toMatch(expected);
      expect(String(error)).not.toContain('\n');
    } else {
      const response = await send(to(server.url));
      expect(response.status).toBe(expected.status);
      expect(await text(response)).toBe(expected.text);
    }
  });

  it('P35: a 204 with a body is a 204', async () => {
    const server = await wire(say('HTTP/1.1 204 Nothing\r\ncontent-length: 2\r\n\r\nhi'));
    const send = transport();
    for (let count = 0; count < 2; count += 1) {
      const response = await send(to(server.url));
      expect(response.status).toBe(204);
      response.body.drop();
    }
  });
});
