import { describe, expect, it } from 'vitest';
import { NetworkError } from '../../src/errors.ts';
import { proxiesOf } from '../../src/http/proxy.ts';
import { proxy, type Refusal } from '../support/proxy.ts';
import { hangUp, hasIpv6, reply, reset, say, silence, wire } from '../support/wire.ts';
import { authority, foreign, good, key } from './certificates.ts';
import { failure, get, payload, request, text, transport } from './client.ts';

const tls = { cert: good, key };
const by = (env: Record<string, string>, more = {}) =>
  transport({ proxy: proxiesOf(env), tls: { ca: authority, insecure: false }, ...more });
const credentials = `Basic ${Buffer.from('me:pass word').toString('base64')}`;
const signed = { headers: { 'x-auth-token': 'secret' } };
const MiB = 1024 * 1024;

describe('an encrypted server behind a proxy', () => {
  it.each<[string, object]>([
    ['http', {}],
    ['https', { tls }],
  ])('is reached through a tunnel, over %s', async (_scheme, how) => {
    const server = await wire(reply(200, 'safe'), { tls });
    const between = await proxy(how);
    const send = by({ https_proxy: between.url.replace('://', '://me:pass%20word@') });
    for (let count = 0; count < 2; count += 1) {
      expect(await text(await send(get(`${server.url}/path`, signed)))).toBe('safe');
    }
    expect(between.asked).toEqual([
      {
        line: `CONNECT 127.0.0.1:${server.port}`,
        headers: {
          host: `127.0.0.1:${server.port}`,
          'user-agent': 'tglance',
          'proxy-authorization': credentials,
        },
      },
    ]);
    expect(server.seen.map(({ path, headers, connection }) => [path, headers, connection])).toEqual([
      ['/path', expect.not.objectContaining({ 'proxy-authorization': credentials }), 1],
      ['/path', expect.objectContaining({ 'x-auth-token': 'secret' }), 1],
    ]);
  });

  it('P28: must prove itself, whoever stands between', async () => {
    const server = await wire(reply(200, 'safe'), { tls: { cert: foreign, key } });
    const between = await proxy();
    const error = await failure(
      by({ https_proxy: between.url })(request('POST', server.url, { body: 'password' })),
    );
    expect(error).toEqual(
      new NetworkError(
        `Cannot trust the certificate of ${server.url} through the proxy ${between.url} (https_proxy): IP: 127.0.0.1 is not in the cert's list: `,
        'ERR_TLS_CERT_ALTNAME_INVALID',
      ),
    );
    expect(server.seen).toEqual([]);
  });

  it('P28: so must an encrypted proxy, before it is shown a password', async () => {
    const server = await wire(reply(200, 'safe'), { tls });
    const between = await proxy({ tls: { cert: foreign, key } });
    const send = by({ https_proxy: between.url.replace('://', '://me:secret@') });
    const error = await failure(send(get(server.url)));
    expect(String(error)).toContain(
      `Cannot trust the certificate of the proxy ${between.url} (https_proxy): `,
    );
    expect(between.asked).toEqual([]);
  });

  it('shows its clients to nobody else', async () => {
    const server = await wire(reply(200, 'welcome'), {
      tls: { ...tls, ca: authority, requestCert: true, rejectUnauthorized: true },
    });
    const between = await proxy({
      tls: { ...tls, ca: authority, requestCert: true, rejectUnauthorized: true },
    });
    const mine = { ca: authority, cert: good, key, insecure: false };
    const plain = await proxy();
    expect(await text(await by({ https_proxy: plain.url }, { tls: mine })(get(server.url)))).toBe('welcome');
    expect(await failure(by({ https_proxy: between.url }, { tls: mine })(get(server.url)))).toBeInstanceOf(
      NetworkError,
    );
  });

  it.runIf(hasIpv6)('may have an IPv6 address', async () => {
    const server = await wire(reply(200, 'six'), { tls, host: '::1' });
    const between = await proxy();
    expect(await text(await by({ https_proxy: between.url })(get(server.url)))).toBe('six');
    expect(between.asked[0]?.line).toBe(`CONNECT [::1]:${server.port}`);
  });

  it('is sent and sends large bodies whole, however slowly they are read', async () => {
    const data = Buffer.alloc(3 * MiB, 'abcdefg');
    const server = await wire(reply(200, data), { tls });
    const between = await proxy();
    const send = by({ https_proxy: between.url });
    const response = await send(request('PUT', server.url, { body: payload([data], data.length).body }));
    const pieces: Buffer[] = [];
    await response.body.each(async (chunk) => {
      await new Promise(setImmediate);
      pieces.push(Buffer.from(chunk));
    });
    expect(Buffer.concat(pieces).equals(data)).toBe(true);
    expect(Buffer.from(server.seen[0]?.body ?? '', 'latin1').equals(data)).toBe(true);
  });

  it('is cut off with the proxy', async () => {
    const server = await wire(silence, { tls });
    const between = await proxy();
    const send = by({ https_proxy: between.url });
    const waiting = failure(send(get(server.url)));
    await expect.poll(() => server.seen.length).toBe(1);
    send.close();
    expect(await waiting).toBeInstanceOf(NetworkError);
    await expect.poll(() => between.open.size).toBe(0);
  });
});

it('P22: waiting for a proxy is broken off at once', async () => {
  const between = await proxy({ refuse: () => {} });
  const stop = new AbortController();
  const reason = new Error('stop');
  const send = by({ https_proxy: between.url });
  const waiting = failure(send(get('https://cloud.invalid/', { signal: stop.signal })));
  await expect.poll(() => between.asked.length).toBe(1);
  stop.abort(reason);
  expect(await waiting).toBe(reason);
  await expect.poll(() => between.open.size).toBe(0);
});

describe('P17: a proxy that makes no tunnel', () => {
  it.each<[string, Refusal, string]>([
    [
      'wants a password',
      (socket) =>
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\nno'),
      'the proxy said 407 Proxy Authentication Required',
    ],
    ['forbids it', (socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'), 'the proxy said 403 Forbidden'],
    ['cannot', (socket) => socket.end('HTTP/1.0 503\r\n\r\n'), 'the proxy said 503'],
    ['closes', (socket) => socket.end(), 'the proxy closed the connection'],
    ['resets', (socket) => socket.resetAndDestroy(), 'the connection was reset'],
    [
      'answers something',
      (socket) => socket.end('hello\r\n\r\n'),
      'the proxy does not answer in proper HTTP',
    ],
    [
      'answers without end',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\n'.padEnd(70_000, 'x')),
      'the proxy does not answer in proper HTTP',
    ],
    ['is silent', () => {}, 'no connection within 0.3 s'],
  ])('because it %s is named', async (how, refuse, why) => {
    const between = await proxy({ refuse });
    const send = by(
      { HTTPS_PROXY: between.url.replace('://', '://me:secret@') },
      {
        connectTimeout: how === 'is silent' ? 300 : 5000,
      },
    );
    const error = await failure(send(get('https://cloud.invalid:5000/v3')));
    expect(error).toEqual(
      new NetworkError(
        `Cannot connect to https://cloud.invalid:5000 through the proxy ${between.url} (HTTPS_PROXY): ${why}`,
        expect.any(String),
      ),
    );
    await expect.poll(() => between.open.size).toBe(0);
  });

  it('because nobody is there is named', async () => {
    const send = by({ all_proxy: 'http://127.0.0.1:1' });
    expect(String(await failure(send(get('https://cloud.invalid'))))).toBe(
      'NetworkError: Cannot connect to https://cloud.invalid through the proxy http://127.0.0.1:1 (all_proxy): connection refused',
    );
  });
});

describe('an open server behind a proxy', () => {
  it.each<[string, object]>([
    ['http', {}],
    ['https', { tls }],
  ])('is reached by it, over %s', async (_scheme, how) => {
    const between = await wire(reply(200, 'passed on'), how);
    const send = by({ http_proxy: between.url.replace('://', '://me:pass%20word@') });
    for (let count = 0; count < 2; count += 1) {
      expect(await text(await send(get('http://cloud.invalid:9292/v2/images?a=b')))).toBe('passed on');
    }
    expect(between.seen).toMatchObject([
      {
        method: 'GET',
        path: 'http://cloud.invalid:9292/v2/images?a=b',
        headers: { host: 'cloud.invalid:9292', 'proxy-authorization': credentials },
        connection: 1,
      },
      { connection: 1 },
    ]);
  });

  it('is reached without it where no_proxy says so', async () => {
    const server = await wire(reply(200, 'straight'));
    const send = by({ http_proxy: 'http://127.0.0.1:1', no_proxy: '127.0.0.0/8' });
    expect(await text(await send(get(server.url)))).toBe('straight');
  });

  it.each([
    ['wants a password', reply(407), 'the proxy wants a user and a password'],
    ['forbids it', reply(403, '<p>Access denied</p>'), 'Access denied'],
    ['closes', hangUp, 'other side closed'],
    ['resets', reset, 'the connection was reset'],
  ])('is not reached when that %s', async (_what, answer, why) => {
    const between = await wire(answer);
    const send = by({ http_proxy: between.url.replace('://', '://me:secret@') });
    expect(await failure(send(get('http://cloud.invalid/')))).toEqual(
      new NetworkError(
        `No answer from http://cloud.invalid through the proxy ${between.url} (http_proxy): ${why}`,
        expect.any(String),
      ),
    );
  });

  it('may forbid something itself', async () => {
    const between = await wire(reply(403, 'not yours', { 'x-openstack-request-id': 'req-1' }));
    expect((await by({ http_proxy: between.url })(get('http://cloud.invalid/'))).status).toBe(403);
  });

  it('is not reached when that does not speak HTTP', async () => {
    const between = await wire(say('hello\r\n\r\n'));
    expect(String(await failure(by({ http_proxy: between.url })(get('http://cloud.invalid/'))))).toContain(
      `http://cloud.invalid through the proxy ${between.url} (http_proxy) does not answer in proper HTTP`,
    );
  });
});
