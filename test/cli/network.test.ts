import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { authority, foreign, good, key } from '../http/certificates.ts';
import { at, cloud, found, identity, images, list, login, token } from '../support/catalogued.ts';
import { it } from '../support/folder.ts';
import { proxy } from '../support/proxy.ts';
import { tglance } from '../support/tglance.ts';
import { byPath, reply, type Wire, wire } from '../support/wire.ts';

const tls = { cert: good, key };

/** An encrypted cloud, and a file with the authority that vouches for it. */
async function encrypted(path: (name: string) => string, cert = good, more: object = {}) {
  const server: Wire = await wire(
    byPath({ 'POST /v3/auth/tokens': identity(() => [at(server.url)]), 'GET /v2/images': images }),
    { tls: { ...tls, cert, ...more } },
  );
  writeFileSync(path('ca.pem'), authority);
  writeFileSync(path('cert.pem'), good);
  writeFileSync(path('key.pem'), key);
  writeFileSync(path('both.pem'), good + key);
  return { server, env: login(server.url) };
}

describe('P28: an encrypted cloud', () => {
  it('is shown no password before its certificate was checked', async ({ path }) => {
    for (const cert of [good, foreign]) {
      const { server, env } = await encrypted(path, cert);
      const more = cert === foreign ? { OS_CACERT: path('ca.pem') } : {};
      const { out, err, code } = await tglance('image-list', { env: { ...env, ...more } });
      expect({ out, code, seen: server.seen }).toEqual({ out: '', code: 6, seen: [] });
      expect(err).toMatch(/^Cannot trust the certificate of https:\/\/127\.0\.0\.1:\d+: [^\n]*\n$/);
    }
  });

  it.for(['OS_CACERT', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE'])(
    'is believed when the authority of %s vouches for it',
    async (variable, { path }) => {
      const { env } = await encrypted(path);
      expect(await tglance(list, { env: { ...env, [variable]: path('ca.pem') } })).toMatchObject(found);
    },
  );

  it('is believed by the first authority that is named', async ({ path }) => {
    const { env } = await encrypted(path);
    writeFileSync(path('other.pem'), foreign);
    const all = { REQUESTS_CA_BUNDLE: path('other.pem'), SSL_CERT_FILE: path('ca.pem') };
    expect((await tglance(list, { env: { ...env, ...all } })).code).toBe(6);
    expect(await tglance(list, { env: { ...env, ...all, OS_CACERT: path('ca.pem') } })).toMatchObject(found);
  });

  it('is believed by authorities in a folder', async ({ folder, path }) => {
    const { env } = await encrypted(path);
    writeFileSync(path('0123abcd.0'), authority);
    expect(await tglance(list, { env: { ...env, REQUESTS_CA_BUNDLE: folder } })).toMatchObject(found);
  });

  it('is believed whatever it shows with --insecure, which is said aloud', async ({ path }) => {
    const { env } = await encrypted(path, foreign);
    expect(await tglance(`${list} --insecure`, { env })).toMatchObject({
      ...found,
      err: 'Certificates are not verified: anybody on the way can read the password and change the data\n',
    });
  });

  it('is shown the certificate of its client, from two files or one', async ({ path }) => {
    const { env } = await encrypted(path, good, {
      ca: authority,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const ca = { ...env, OS_CACERT: path('ca.pem') };
    expect((await tglance(list, { env: ca })).code).toBe(6);
    const two = { OS_CERT: path('cert.pem'), OS_KEY: path('key.pem') };
    expect(await tglance(list, { env: { ...ca, ...two } })).toMatchObject(found);
    expect(await tglance(list, { env: { ...ca, OS_CERT: path('both.pem') } })).toMatchObject(found);
  });

  it.for<[string, Record<string, string>, RegExp]>([
    [
      'a file that is not there',
      { REQUESTS_CA_BUNDLE: 'none.pem' },
      /Cannot read \S*none\.pem \(REQUESTS_CA_BUNDLE\)/,
    ],
    ['a key that is none', { OS_CERT: 'cert.pem' }, /There is no private key in \S*cert\.pem \(OS_CERT\)/],
    [
      'a key without a certificate',
      { OS_KEY: 'key.pem' },
      /There is a key, \S*key\.pem \(OS_KEY\), but no certificate/,
    ],
  ])('P37: is not asked with %s', async ([, files, message], { path }) => {
    const { server, env } = await encrypted(path);
    const at = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, path(file)]));
    const { out, err, code } = await tglance(list, { env: { ...env, ...at } });
    expect({ out, code, seen: server.seen }).toEqual({ out: '', code: 2, seen: [] });
    expect(err).toMatch(message);
  });

  it('OS_CACERT that leads nowhere ended a command that speaks no TLS', async ({ path }) => {
    const env = { OS_CACERT: '/nope', OS_CERT: '/nope', REQUESTS_CA_BUNDLE: '/nope' };
    const open = await wire(byPath({ 'GET /v2/images': images }));
    const way = { OS_AUTH_TOKEN: 'a-token', OS_IMAGE_URL: open.url };
    expect(await tglance(list, { env: { ...way, ...env } })).toMatchObject(found);
    const { server, env: safe } = await encrypted(path);
    const { err, code } = await tglance(list, { env: { ...safe, ...env } });
    expect({ code, seen: server.seen }).toEqual({ code: 2, seen: [] });
    expect(err).toContain('Cannot read /nope (OS_CACERT)');
    expect(await tglance(`${list} --os-cacert /nope`, { env: way })).toMatchObject({ code: 2 });
  });

  it('that leads to an open endpoint is announced, whoever says so', async ({ path }) => {
    const open = await wire(byPath({ 'GET /v2/images': images }));
    const server = await wire(byPath({ 'POST /v3/auth/tokens': identity(() => [at(open.url)]) }), { tls });
    writeFileSync(path('ca.pem'), authority);
    const env = { ...login(server.url), OS_CACERT: path('ca.pem') };
    for (const more of [{}, { OS_IMAGE_URL: `${open.url}/v2` }]) {
      expect(await tglance(list, { env: { ...env, ...more } })).toMatchObject({
        ...found,
        err: `The way to ${open.url} is not encrypted although the login is\n`,
      });
    }
  });
});

describe('a proxy', () => {
  const withPassword = (url: string) => url.replace('://', '://me:the-proxys-password@');

  it('P23: leads to an encrypted cloud, and sees neither password nor token', async ({ path }) => {
    const { server, env } = await encrypted(path);
    const between = await proxy();
    const more = { OS_CACERT: path('ca.pem'), HTTPS_PROXY: withPassword(between.url) };
    const { out, err, code } = await tglance(`${list} --debug`, { env: { ...env, ...more } });
    expect({ out, code }).toEqual({ out: 'found\n', code: 0 });
    expect(new Set(between.asked.map(({ line }) => line))).toEqual(
      new Set([`CONNECT 127.0.0.1:${server.port}`]),
    );
    expect(JSON.stringify(between.asked)).not.toContain(token);
    expect(err).toContain(`${server.url} is reached through ${between.url} (HTTPS_PROXY)\n`);
    expect(err).not.toMatch(/the-proxys-password|bWU6dGhl/);
  });

  it('leads to an open cloud, loopback too, unless NO_PROXY says otherwise', async () => {
    const { run, server } = await cloud('/', { 'GET /v2/images': images });
    const between = await wire(reply(403, { error: { message: 'not through me' } }));
    const env = { http_proxy: withPassword(between.url) };
    expect(await run(list, env)).toMatchObject({
      out: '',
      err: `No answer from ${server.url} through the proxy ${between.url} (http_proxy): not through me\n`,
      code: 6,
    });
    expect([between.seen[0]?.path, server.seen.length]).toEqual([`${server.url}/v3/auth/tokens`, 0]);
    expect(await run(list, { ...env, NO_PROXY: 'example.org,127.0.0.1' })).toMatchObject(found);
    expect(between.seen.length).toBe(1);
  });

  it('P23: that refuses is named, with its variable and without its password', async () => {
    const between = await proxy({
      refuse: (socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
    });
    const env = { ...login('https://cloud.example'), https_proxy: withPassword(between.url) };
    expect(await tglance('image-list', { env })).toMatchObject({
      out: '',
      err: `Cannot connect to https://cloud.example through the proxy ${between.url} (https_proxy): the proxy said 407 Proxy Authentication Required\n`,
      code: 6,
    });
  });

  it('P37: of another kind is refused by name', async () => {
    const env = {
      ...login('https://cloud.example'),
      ALL_PROXY: 'socks5h://me:the-proxys-password@127.0.0.1:1080',
    };
    expect(await tglance('image-list', { env })).toMatchObject({
      out: '',
      err: expect.stringContaining(
        'ALL_PROXY names the proxy socks5h://127.0.0.1:1080, but only http and https proxies can be used\n',
      ),
      code: 2,
    });
  });
});
