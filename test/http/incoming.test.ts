import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { NetworkError } from '../../src/errors.ts';
import { type Answer, reply, say, thenHangUp, thenReset, wire } from '../support/wire.ts';
import { authority, good, key } from './certificates.ts';
import { failure, get, text, transport } from './client.ts';

const MiB = 1024 * 1024;

describe('a body', () => {
  it('holds the server back while its reader is busy, and loses nothing', async () => {
    let written = 0;
    const size = 32 * MiB;
    const flood: Answer = async (call) => {
      await call.write(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`);
      for (; written < size; written += MiB) await call.write(Buffer.alloc(MiB));
    };
    const server = await wire(flood);
    const response = await transport()(get(server.url));
    let calls = 0;
    let received = 0;
    let atFirst = 0;
    await response.body.each((chunk) => {
      received += chunk.length;
      calls += 1;
      if (calls > 1) return;
      return sleep(100).then(() => {
        atFirst = written;
      });
    });
    expect(received).toBe(size);
    expect(atFirst).toBeLessThan(size);
  });

  const data = randomBytes(6 * MiB + 7);
  const pieces = (size: number) =>
    Array.from({ length: Math.ceil(data.length / size) }, (_, at) =>
      data.subarray(at * size, (at + 1) * size),
    );
  const chunked = [
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
    ...pieces(50_000).flatMap((it) => [`${it.length.toString(16)}\r\n`, it, '\r\n']),
    '0\r\n\r\n',
  ];
  it.each<[string, Answer, boolean]>([
    ['with a length', reply(200, data), false],
    ['in chunks', say(...chunked), false],
    ['until the end of the connection', thenHangUp(say('HTTP/1.1 200 OK\r\n\r\n', data)), false],
    ['over TLS', reply(200, data), true],
    ['over TLS in chunks', say(...chunked), true],
  ])('is what was sent, read at once or by and by, %s', async (_how, answer, secure) => {
    const server = await wire(answer, secure ? { tls: { cert: good, key } } : {});
    const send = transport({ tls: { ca: authority, insecure: false } });
    for (const every of [0, 1, 7]) {
      const digest = createHash('sha256');
      let count = 0;
      await (await send(get(server.url))).body.each((chunk) => {
        count += 1;
        if (every === 0 || count % every > 0) return void digest.update(chunk);
        return sleep(1).then(() => void digest.update(chunk));
      });
      expect(digest.digest('hex')).toBe(createHash('sha256').update(data).digest('hex'));
    }
  });

  it('P34: is received into what closed connections have received into, however many break', async () => {
    const server = await wire(thenHangUp(say('HTTP/1.1 200 OK\r\n\r\n', data)));
    const send = transport();
    const memory = new Set<ArrayBufferLike>();
    for (let times = 0; times < 12; times += 1) {
      await (await send(get(server.url))).body.each(({ buffer }) => void memory.add(buffer));
    }
    expect(memory.size).toBeLessThan(12 + 6); // the first piece of each may be a copy
  });

  it('P7: keeps its last piece as it is while its reader has it, though its connection is used again', async () => {
    const [one, two] = [Buffer.alloc(100_000, 'one '), Buffer.alloc(MiB, 'two ')];
    let asked = 0;
    const server = await wire(async (call) => {
      asked += 1;
      const body = asked === 1 ? one : two;
      await call.body();
      await call.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`);
      await sleep(50); // what comes together with the head is copied
      await call.write(body);
    });
    const send = transport();
    const slowly = async (length: number, last = async () => {}) => {
      const pieces: Buffer[] = [];
      let left = length;
      await (await send(get(server.url))).body.each(async (chunk) => {
        left -= chunk.length;
        await sleep(5); // until the connection is free again
        if (left === 0) await last();
        pieces.push(Buffer.from(chunk));
      });
      return Buffer.concat(pieces);
    };
    let another = Buffer.alloc(0);
    const first = await slowly(one.length, async () => {
      another = await slowly(two.length);
    });
    expect(first.equals(one)).toBe(true);
    expect(another.equals(two)).toBe(true);
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it('waits for a reader who comes late', async () => {
    const server = await wire(thenHangUp(reply(200, 'x'.repeat(300_000), { connection: 'close' })));
    const response = await transport()(get(server.url));
    await sleep(50);
    expect((await text(response)).length).toBe(300_000);
  });

  it.each([
    ['with a length', reply(200, 'x'.repeat(300_000), { connection: 'close' })],
    ['without a length', say('HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(300_000))],
  ])('%s survives that the server closes while its reader is busy', async (_word, answer) => {
    const server = await wire(thenHangUp(answer));
    const response = await transport()(get(server.url));
    let received = 0;
    await response.body.each(async (chunk) => {
      received += chunk.length;
      await sleep(20);
    });
    expect(received).toBe(300_000);
  });

  it('fails with the error of its reader, and hangs up', async () => {
    const server = await wire(reply(200, Buffer.alloc(4 * MiB)));
    for (const see of [
      () => {
        throw new RangeError('full');
      },
      () => Promise.reject(new RangeError('full')),
    ]) {
      const response = await transport()(get(server.url));
      expect(await failure(response.body.each(see))).toEqual(new RangeError('full'));
    }
    await expect.poll(() => server.open.size).toBe(0);
  });

  it('hangs up when it is dropped before its end', async () => {
    const server = await wire(reply(200, Buffer.alloc(4 * MiB)));
    (await transport()(get(server.url))).body.drop();
    await expect.poll(() => server.open.size).toBe(0);
  });

  const half = 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello';
  it.each<[string, Answer]>([
    ['is closed before its length', thenHangUp(say(half))],
    [
      'is closed before its length, as announced',
      thenHangUp(say(half.replace('OK', 'OK\r\nconnection: close'))),
    ],
    ['is reset', thenReset(say(half))],
    ['is reset without having a length', thenReset(say('HTTP/1.1 200 OK\r\n\r\nhello'))],
    [
      'is closed in a chunk',
      thenHangUp(say('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\na\r\nhello')),
    ],
    [
      'is closed between chunks',
      thenHangUp(
        say('HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'),
      ),
    ],
    [
      'has nonsense between chunks',
      say('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n'),
    ],
  ])('is shown as far as it came when the connection %s', async (_fault, answer) => {
    const server = await wire(answer);
    const response = await transport()(get(server.url));
    const came: string[] = [];
    const error = await failure(
      response.body.each(async (chunk) => {
        came.push(Buffer.from(chunk).toString());
        await sleep(50);
      }),
    );
    expect(came.join('')).toBe('hello');
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ reason: 'ECONNRESET' });
    expect(String(error)).toContain(`The answer from ${server.url} broke off: `);
  });
});
