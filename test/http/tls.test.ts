import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { NetworkError, UsageError } from '../../src/errors.ts';
import { hasIpv6, reply, wire } from '../support/wire.ts';
import { authority, expired, foreign, good, key } from './certificates.ts';
import { failure, get, request, text, transport } from './client.ts';

const secure = (cert: string, answer = reply(200, 'safe')) => wire(answer, { tls: { cert, key } });
const trusting = () => transport({ tls: { ca: authority, insecure: false } });

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('P28: a server is believed', () => {
  it('when the given authority vouches for it, by address and by name', async () => {
    const server = await secure(good);
    const send = trusting();
    expect(await text(await send(get(server.url)))).toBe('safe');
    expect(await text(await send(get(`https://localhost:${server.port}`)))).toBe('safe');
  });

  it.runIf(hasIpv6)('by its IPv6 address, if that stands in its certificate', async () => {
    const six = (cert: string) => wire(reply(200, 'safe'), { tls: { cert, key }, host: '::1' });
    expect(await text(await trusting()(get((await six(good)).url)))).toBe('safe');
    expect(await failure(trusting()(get((await six(foreign)).url)))).toMatchObject({
      message: expect.stringMatching(/^Cannot trust the certificate of https:\/\/\[::1\]:\d+: /),
    });
  });

  it('never before its certificate was checked', async () => {
    const server = await secure(good);
    const login = request('POST', server.url, { body: 'password' });
    expect(await failure(transport()(login))).toBeInstanceOf(NetworkError);
    expect(server.seen).toEqual([]);
  });

  it.each([
    ['nobody known vouches for', good, undefined, 'unable to verify the first certificate'],
    ['is out of date', expired, authority, 'certificate has expired'],
    ['is for another host', foreign, authority, "IP: 127.0.0.1 is not in the cert's list: "],
  ])('not when its certificate %s', async (_what, cert, ca, problem) => {
    const server = await secure(cert);
    const error = await failure(transport({ tls: { ca, insecure: false } })(get(server.url)));
    expect(error).toEqual(
      new NetworkError(`Cannot trust the certificate of ${server.url}: ${problem}`, expect.any(String)),
    );
  });

  it('not because NODE_TLS_REJECT_UNAUTHORIZED says so', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const server = await secure(good);
    expect(await failure(transport()(get(server.url)))).toBeInstanceOf(NetworkError);
  });

  it('whatever it shows when the user wants it so', async () => {
    const server = await secure(expired);
    expect(await text(await transport({ tls: { insecure: true } })(get(server.url)))).toBe('safe');
  });
});

it('shows its own certificate to a server that wants one', async () => {
  const server = await wire(reply(200, 'welcome'), {
    tls: { cert: good, key, ca: authority, requestCert: true, rejectUnauthorized: true },
  });
  const send = transport({ tls: { ca: authority, cert: good, key, insecure: false } });
  expect(await text(await send(get(server.url)))).toBe('welcome');
  expect(await failure(trusting()(get(server.url)))).toBeInstanceOf(NetworkError);
});

it('says that a server does not speak TLS', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Speak HTTP\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const error = await failure(trusting()(get(url)));
  expect(error).toEqual(
    new NetworkError(`Cannot connect to ${url}: TLS failed: wrong version number`, expect.any(String)),
  );
});

it.each([
  ['certificate', { cert: 'nonsense', key }],
  ['key', { cert: good, key: 'nonsense' }],
])('refuses a %s that is none', async (_which, tls) => {
  const server = await secure(good);
  const error = await failure(transport({ tls: { insecure: false, ...tls } })(get(server.url)));
  expect(error).toBeInstanceOf(UsageError);
  expect(String(error)).toMatch(/^UsageError: The certificate or its key cannot be used: /);
});
