import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AnswerError, NetworkError, UsageError, VerifyError } from '../../src/errors.ts';
import type { Payload, Request } from '../../src/http/message.ts';
import {
  type Answer,
  cut,
  hangUp,
  inTurn,
  interrupt,
  reply,
  reset,
  say,
  silence,
  slowly,
  thenHangUp,
  thenReset,
  wire,
} from '../support/wire.ts';
import { authority, good, key } from './certificates.ts';
import { failure, get, payload, request, text, transport } from './client.ts';

const MiB = 1024 * 1024;

describe('a request and its answer', () => {
  it('go over the wire as they are', async () => {
    const server = await wire(say('HTTP/1.1 201 Made\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 2\r\n\r\nhi'));
    const response = await transport()(get(`${server.url}/a%2Fb?c=d`, { headers: { 'x-test': 'v' } }));
    expect(response.status).toBe(201);
    expect(response.headers['x-a']).toBe('1, 2');
    expect(response.url.pathname).toBe('/a%2Fb');
    expect(await text(response)).toBe('hi');
    expect(server.seen).toMatchObject([
      {
        method: 'GET',
        path: '/a%2Fb?c=d',
        headers: { 'x-test': 'v', 'accept-encoding': 'identity' },
        body: '',
      },
    ]);
  });

  it('use IPv6 addresses', async () => {
    const server = await wire(reply(200, 'six'), { host: '::1' });
    expect(await text(await transport()(get(server.url)))).toBe('six');
  });

  it('announce the size of a payload that knows it', async () => {
    const server = await wire(reply(204));
    const { body, log } = payload(['abc', '', 'defg'], 7);
    (await transport()(request('PUT', server.url, { body }))).body.drop();
    expect(server.seen).toMatchObject([{ body: 'abcdefg', headers: { 'content-length': '7' } }]);
    expect(log.closed).toBe(1);
  });

  it('send a payload without a size in chunks', async () => {
    const server = await wire(reply(204));
    const { body } = payload(['abc', 'defg']);
    (await transport()(request('PUT', server.url, { body }))).body.drop();
    expect(server.seen).toMatchObject([{ body: 'abcdefg', headers: { 'transfer-encoding': 'chunked' } }]);
  });

  it('send an empty payload as one of zero bytes', async () => {
    const server = await wire(reply(204));
    (await transport()(request('PUT', server.url, { body: payload([], 0).body }))).body.drop();
    expect(server.seen).toMatchObject([{ body: '', headers: { 'content-length': '0' } }]);
  });

  it('leave the pieces of a payload whole although their memory is used again', async () => {
    for (const size of [10, 1000, 70_000]) {
      const server = await wire(slowly(100, 0, reply(204)));
      const shared = Buffer.alloc(size);
      const body: Payload = {
        size: undefined,
        again: true,
        async *chunks() {
          for (const letter of 'abcdefghij') yield shared.fill(letter);
        },
      };
      (await transport()(request('PUT', server.url, { body }))).body.drop();
      expect(server.seen[0]?.body).toBe([...'abcdefghij'].map((letter) => letter.repeat(size)).join(''));
    }
  });

  it('fail with the error of a payload that cannot be read', async () => {
    const server = await wire(reply(204));
    const broken = async function* () {
      yield 'abc';
      throw new RangeError('the disk is gone');
    };
    const error = await failure(transport()(request('PUT', server.url, { body: payload(broken()).body })));
    expect(error).toEqual(new RangeError('the disk is gone'));
  });

  it.each([
    ['shorter', 4, 'The data ended after 3 of 4 bytes'],
    ['longer', 2, 'The data went on after the 2 bytes they should have'],
  ])('fail when a payload is %s than it said', async (_word, size, message) => {
    const server = await wire(reply(204));
    const error = await failure(
      transport()(request('PUT', server.url, { body: payload(['abc'], size).body })),
    );
    expect(error).toEqual(new VerifyError(message));
  });

  it('refuse other protocols', async () => {
    expect(await failure(transport()(get('ftp://localhost/')))).toMatchObject({ reason: 'protocol' });
  });

  it('name the header that cannot be sent, not its value', async () => {
    const server = await wire(reply(200));
    const error = await failure(transport()(get(server.url, { headers: { 'x-auth-token': 'se\ncret' } })));
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toMatch(/x-auth-token/);
    expect(String(error)).not.toMatch(/cret/);
  });
});

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

describe('an answer that comes before the body was sent', () => {
  const endless = async function* () {
    for (;;) yield Buffer.alloc(MiB);
  };
  const large = 1024 * MiB;

  it.each([401, 409, 413, 415])('is heard (%i), and the payload is closed', async (status) => {
    const server = await wire(interrupt(status, 'too much'));
    const { body, log } = payload(endless(), large);
    const response = await transport()(request('PUT', server.url, { body }));
    expect(response.status).toBe(status);
    expect(await text(response)).toBe('too much');
    await expect.poll(() => log.closed).toBe(1);
    await expect.poll(() => server.open.size).toBe(0);
    expect(log.asked).toBeLessThan(100);
  });

  it('is heard when the server closes right behind it', async () => {
    const refuse: Answer = async (call) => {
      await call.write('HTTP/1.1 413 No\r\nconnection: close\r\ncontent-length: 3\r\n\r\nbig');
      await reset(call);
    };
    const server = await wire(refuse);
    const response = await transport()(request('PUT', server.url, { body: payload(endless(), large).body }));
    expect(response.status).toBe(413);
    expect(await text(response)).toBe('big');
  });

  it('is heard although the payload waits for its source', async () => {
    const server = await wire(interrupt(409, 'no'));
    const stuck = async function* () {
      yield 'abc';
      await new Promise(() => {});
    };
    const response = await transport()(request('PUT', server.url, { body: payload(stuck()).body }));
    expect(await text(response)).toBe('no');
    await expect.poll(() => server.open.size).toBe(0);
    expect(server.seen).toMatchObject([{ body: 'abc', whole: false }]);
  });

  it('is not believed when it says that all is well', async () => {
    const server = await wire(interrupt(204));
    const error = await failure(
      transport()(request('PUT', server.url, { body: payload(endless(), large).body })),
    );
    expect(error).toEqual(new AnswerError(`${server.url} said 204 before it had all the data`));
  });
});

describe('connections', () => {
  it('are used again', async () => {
    const server = await wire(reply(200, 'x'));
    const send = transport();
    for (let count = 0; count < 3; count += 1) await text(await send(get(server.url)));
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1, 1]);
  });

  it('are not waited for', async () => {
    const server = await wire(inTurn(reply(200, Buffer.alloc(MiB)), reply(200, 'second')));
    const send = transport();
    const first = await send(get(server.url));
    await first.body.each(async () => {
      expect(['second', '']).toContain(await text(await send(get(server.url))).catch(() => ''));
    });
    expect(server.seen.length).toBeGreaterThan(1);
  });

  it('P16: are fresh for what must not be sent twice', async () => {
    const server = await wire(reply(200, 'x'));
    const send = transport();
    const body = () => payload(['abc'], 3).body;
    await text(await send(get(server.url)));
    await text(await send(request('POST', server.url, { body: '{}' })));
    await text(await send(request('PUT', server.url, { body: body() })));
    await text(await send(request('PATCH', server.url, { body: '{}' })));
    await text(await send(get(server.url)));
    expect(server.seen.map(({ method, connection }) => `${method} ${connection}`)).toEqual([
      'GET 1',
      'POST 2',
      'PUT 3',
      'PATCH 4',
      'GET 4',
    ]);
    await expect.poll(() => server.open.size).toBe(1);
  });

  it('P16: that the server closed in the meantime are made anew', async () => {
    const server = await wire(thenHangUp(reply(200, 'x')));
    const send = transport();
    for (let count = 0; count < 3; count += 1) {
      await text(await send(get(server.url)));
      await expect.poll(() => server.open.size).toBe(0);
    }
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 2, 3]);
  });

  it.each<[string, Request['method'], Answer]>([
    ['closes', 'GET', hangUp],
    ['resets', 'DELETE', reset],
  ])(
    'P16: that the server %s just when they are wanted are made anew without a word',
    async (_how, method, end) => {
      const server = await wire(inTurn(reply(200, 'x'), end, reply(200, 'y')));
      const send = transport();
      await text(await send(get(server.url)));
      expect(await text(await send(request(method, server.url)))).toBe('y');
      expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1, 2]);
    },
  );

  it('are cut by close()', async () => {
    const server = await wire(silence);
    const send = transport();
    const waiting = failure(send(get(server.url)));
    await expect.poll(() => server.seen.length).toBe(1);
    send.close();
    expect(await waiting).toBeInstanceOf(NetworkError);
    await expect.poll(() => server.open.size).toBe(0);
  });
});

describe('a connection that fails', () => {
  it('is named with what happened', async () => {
    const server = await wire(reply(200));
    await server.close();
    const error = await failure(transport()(get(server.url)));
    expect(error).toEqual(
      new NetworkError(`Cannot connect to ${server.url}: connection refused`, 'ECONNREFUSED'),
    );
  });

  it('names a host that does not exist', async () => {
    const error = await failure(transport()(get('http://no-such-host.invalid:9292/')));
    expect(error).toBeInstanceOf(NetworkError);
    expect(String(error)).toMatch(/^NetworkError: Cannot connect to http:\/\/no-such-host\.invalid:9292: /);
  });

  it.each<[string, Answer, string]>([
    ['closes', hangUp, 'other side closed'],
    ['resets', reset, 'the connection was reset'],
    ['closes within the headers', cut(20, reply(200)), 'other side closed'],
  ])('says so when the server %s instead of answering', async (_what, answer, why) => {
    const server = await wire(answer);
    const error = await failure(transport()(get(server.url)));
    expect(error).toEqual(new NetworkError(`No answer from ${server.url}: ${why}`, 'ECONNRESET'));
  });
});

describe('an abort', () => {
  const reason = new Error('Ctrl-C');

  it('P22: is the answer when it came before', async () => {
    const { body, log } = payload(['abc']);
    const signal = AbortSignal.abort(reason);
    expect(await failure(transport()(request('PUT', 'http://127.0.0.1:1', { signal, body })))).toBe(reason);
    expect(log.asked).toBe(0);
  });

  it('P22: ends a look-up or a connection that is being made', async () => {
    for (const url of ['http://no-such-host.invalid', 'http://127.0.0.1:1']) {
      const stop = new AbortController();
      const waiting = failure(transport()(get(url, { signal: stop.signal })));
      stop.abort(reason);
      expect(await waiting).toBe(reason);
    }
  });

  it('P22: ends a TLS handshake nobody answers', async () => {
    const server = await wire(silence);
    const stop = new AbortController();
    const waiting = failure(transport()(get(server.url.replace('http', 'https'), { signal: stop.signal })));
    await expect.poll(() => server.open.size).toBe(1);
    stop.abort(reason);
    expect(await waiting).toBe(reason);
    await expect.poll(() => server.open.size).toBe(0);
  });

  it('P22: ends a wait for the answer', async () => {
    const server = await wire(silence);
    const stop = new AbortController();
    const waiting = failure(transport()(get(server.url, { signal: stop.signal })));
    await expect.poll(() => server.seen.length).toBe(1);
    stop.abort(reason);
    expect(await waiting).toBe(reason);
    await expect.poll(() => server.open.size).toBe(0);
  });

  it('P22: ends an upload, also while its source is waiting', async () => {
    const server = await wire(silence);
    const stop = new AbortController();
    const stuck = async function* () {
      yield 'abc';
      stop.abort(reason);
      await new Promise(() => {});
    };
    const waiting = failure(
      transport()(request('PUT', server.url, { body: payload(stuck()).body, signal: stop.signal })),
    );
    expect(await waiting).toBe(reason);
    await expect.poll(() => server.open.size).toBe(0);
    expect(server.seen.every(({ whole }) => !whole)).toBe(true);
  });

  it('P22: ends a download, also while its reader is busy', async () => {
    const server = await wire(reply(200, Buffer.alloc(4 * MiB)));
    const stop = new AbortController();
    const response = await transport()(get(server.url, { signal: stop.signal }));
    const waiting = failure(
      response.body.each(async () => {
        stop.abort(reason);
        await new Promise(() => {});
      }),
    );
    expect(await waiting).toBe(reason);
    await expect.poll(() => server.open.size).toBe(0);
  });
});

describe('an answer that is not what HTTP promises', () => {
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
      /length in several ways/,
    ],
    ['a negative length', ok('200 OK\r\ncontent-length: -2\r\n\r\nhi'), /Content-Length/],
    ['a header without a name', ok('200 OK\r\n: x\r\ncontent-length: 2\r\n\r\nhi'), /header/],
    ['a zero byte in a header', ok('200 OK\r\nx: a\0b\r\ncontent-length: 2\r\n\r\nhi'), /header/],
    ['a header of 100 KiB', ok(`200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`), /headers are too long/],
    ['endless headers', ok(`200 OK\r\n${'x: yyyyyyyyyy\r\n'.repeat(10_000)}`), /headers are too long/],
    ['an upgrade nobody asked for', ok('101 Up\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'), /bad upgrade/],
  ])('P35: %s is a result or one clear error', async (_what, bytes, expected) => {
    const server = await wire(thenHangUp(say(bytes)));
    const send = transport();
    if (expected instanceof RegExp) {
      const error = await failure(send(get(server.url)));
      expect(error instanceof AnswerError || error instanceof NetworkError).toBe(true);
      expect(String(error)).toMatch(expected);
      expect(String(error)).not.toContain('\n');
    } else {
      const response = await send(get(server.url));
      expect(response.status).toBe(expected.status);
      expect(await text(response)).toBe(expected.text);
    }
  });

  it('P35: a 204 with a body is a 204', async () => {
    const server = await wire(say('HTTP/1.1 204 Nothing\r\ncontent-length: 2\r\n\r\nhi'));
    const send = transport();
    for (let count = 0; count < 2; count += 1) {
      const response = await send(get(server.url));
      expect(response.status).toBe(204);
      response.body.drop();
    }
  });
});
