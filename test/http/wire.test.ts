import { describe, expect, it } from 'vitest';
import { NetworkError, UsageError } from '../../src/errors.ts';
import type { Request } from '../../src/http/message.ts';
import {
  type Answer,
  byPath,
  cut,
  hangUp,
  hasIpv6,
  inTurn,
  reply,
  reset,
  say,
  silence,
  thenHangUp,
  wire,
} from '../support/wire.ts';
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

  it.runIf(hasIpv6)('use IPv6 addresses', async () => {
    const server = await wire(reply(200, 'six'), { host: '::1' });
    expect(await text(await transport()(get(server.url)))).toBe('six');
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

describe('connections', () => {
  it('are used again', async () => {
    const server = await wire(reply(200, 'x'));
    const send = transport();
    for (let count = 0; count < 3; count += 1) await text(await send(get(server.url)));
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1, 1]);
  });

  it('are not waited for', async () => {
    const server = await wire(
      byPath({ 'GET /large': reply(200, Buffer.alloc(MiB)), 'GET /small': reply(200, 'x') }),
    );
    const send = transport();
    const large = await send(get(`${server.url}/large`));
    let meanwhile = '';
    await large.body.each(async () => {
      meanwhile ||= await text(await send(get(`${server.url}/small`)));
    });
    expect(meanwhile).toBe('x');
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
    const error = await failure(
      transport({ connectTimeout: 1000 })(get('http://no-such-host.invalid:9292/')),
    );
    expect(error).toBeInstanceOf(NetworkError);
    expect(String(error)).toMatch(/^NetworkError: Cannot connect to http:\/\/no-such-host\.invalid:9292: /);
  });

  it.each<[string, Answer, string]>([
    ['closes', hangUp, 'other side closed'],
    ['resets', reset, 'the connection was reset'],
    ['closes within the headers', cut(20, reply(200)), 'other side closed'],
  ])('says so when the server %s instead of answering', async (_what, answer, why) => {
    const server = await wire(async (call) => {
      await call.body();
      await answer(call);
    });
    const upload = request('PUT', server.url, { body: payload(['abc'], 3).body });
    for (const asked of [get(server.url), upload]) {
      const error = await failure(transport()(asked));
      expect(error).toEqual(new NetworkError(`No answer from ${server.url}: ${why}`, 'ECONNRESET'));
    }
  });
});
