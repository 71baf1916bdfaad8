import { writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { describe, expect } from 'vitest';
import { authority, foreign, good, key } from '../http/certificates.ts';
import { it } from '../support/folder.ts';
import { proxy } from '../support/proxy.ts';
import { tglance } from '../support/tglance.ts';
import { type Answer, byPath, reply, say, type Wire, wire } from '../support/wire.ts';

const token = 'gAAAA-the-token-of-these-tests';
const images = reply(200, { images: [{ id: 'i1', name: 'found' }] });

/** What logs in at the Identity service of `url`. */
const login = (url: string) => ({
  OS_AUTH_URL: `${url}/v3`,
  OS_USERNAME: 'me',
  OS_PASSWORD: 'a-password-to-keep',
  OS_PROJECT_NAME: 'p',
  OS_PROJECT_DOMAIN_ID: 'default',
  OS_USER_DOMAIN_ID: 'default',
});

/** Identity, whose catalog has these endpoints of the Image service, or is quite another. */
const identity =
  (endpoints: () => readonly object[], catalog?: unknown): Answer =>
  (call) =>
    reply(
      201,
      {
        token: {
          expires_at: '2999-01-01T00:00:00.000000Z',
          catalog: catalog ?? [{ type: 'image', name: 'glance', endpoints: endpoints() }],
        },
      },
      { 'x-subject-token': token },
    )(call);

const at = (url: string, more: object = {}) => ({ interface: 'public', region: 'RegionOne', url, ...more });

/** A cloud on one port, whose Image service the catalog puts at `place`, and which answers as told. */
async function cloud(place: string, answers: Readonly<Record<string, Answer>>, more: object = {}) {
  const server: Wire = await wire(
    byPath({ 'POST /v3/auth/tokens': identity(() => [at(server.url + place, more)]), ...answers }),
  );
  const run = (words: string, env: Record<string, string> = {}) =>
    tglance(words, { env: { ...login(server.url), ...env } });
  const asked = () => server.seen.slice(1).map(({ method, path }) => `${method} ${path.split('?')[0]}`);
  return { server, run, asked };
}

const found = { out: 'found\n', err: '', code: 0 };
const list = 'image-list -f value -c Name';

describe('P36: the Image service is found where the catalog gives', () => {
  it.for([
    ['/', ''],
    ['/v2', ''],
    ['/v2/', ''],
    ['/v1', ''],
    ['/v1.1/', ''],
    ['/v2.15//', ''],
    ['/image', '/image'],
    ['/image/v2/', '/image'],
    ['/a/b.c/v1/', '/a/b.c'],
    ['/v2/0123456789abcdef0123456789abcdef', ''],
    ['/image/v2/AUTH_0123456789abcdef0123456789abcdef/', '/image'],
    ['/v2/01234567-89ab-cdef-0123-456789abcdef', ''],
    ['/?a=b', ''],
  ] as const)('%s', async ([place, root]) => {
    const { run, asked } = await cloud(place, { [`GET ${root}/v2/images`]: images });
    expect(await run(list)).toEqual({ ...found, bytes: expect.anything() });
    expect(asked()).toEqual([`GET ${root}/v2/images`]);
  });

  const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
    all?.some(({ address }) => address === '::1'),
  );
  it.runIf(hasIpv6)('an IPv6 address', async () => {
    const server: Wire = await wire(
      byPath({ 'POST /v3/auth/tokens': identity(() => [at(`${server.url}/v2`)]), 'GET /v2/images': images }),
      { host: '::1' },
    );
    expect(server.url).toContain('[::1]');
    expect(await tglance(list, { env: login(server.url) })).toMatchObject(found);
  });

  it('an override, without any catalog', async () => {
    const server = await wire(
      byPath({ 'POST /v3/auth/tokens': identity(() => [], []), 'GET /glance/v2/images': images }),
    );
    const env = { ...login(server.url), OS_IMAGE_ENDPOINT_OVERRIDE: `${server.url}/glance/v2/` };
    expect(await tglance(list, { env })).toMatchObject(found);
    expect(server.seen[1]?.headers['x-auth-token']).toBe(token);
  });

  it.for(['image.example:9292', 'nonsense', 'ftp://image.example/', 'http://', 'http://[::1'])(
    'P37: but not %s',
    async (word) => {
      expect(await tglance(['image-list', '--os-auth-token', 't', '--os-image-url', word])).toMatchObject({
        out: '',
        err: expect.stringContaining(`'${word}' is not a http or https address (flag --os-image-url)\n`),
        code: 2,
      });
    },
  );
});

describe('P36: of several endpoints', () => {
  it.for<[string, Record<string, string>, string]>([
    ['the public one', {}, '/public'],
    ['that of another region', { OS_REGION_NAME: 'two' }, '/two'],
    ['one by the ID of its region', { OS_REGION_NAME: 'r2' }, '/two'],
    ['another interface', { OS_INTERFACE: 'internal' }, '/internal'],
    ['another interface in its old spelling', { OS_ENDPOINT_TYPE: 'internalURL' }, '/internal'],
    ['the first interface of several', { OS_INTERFACE: 'admin, internal,public' }, '/internal'],
    ['the next best', { OS_INTERFACE: 'internal,public', OS_REGION_NAME: 'two' }, '/two'],
  ])('%s is used', async ([, more, root]) => {
    const server: Wire = await wire(
      byPath({
        'POST /v3/auth/tokens': identity(() => [
          at(`${server.url}/internal`, { interface: 'internalURL' }),
          at(`${server.url}/public`),
          at(`${server.url}/two`, { region: 'two', region_id: 'r2' }),
        ]),
        [`GET ${root}/v2/images`]: images,
      }),
    );
    expect(await tglance(list, { env: { ...login(server.url), ...more } })).toMatchObject(found);
  });

  it('none fits: region, interfaces and choices are named', async () => {
    const { run } = await cloud('/', {});
    const env = { OS_REGION_NAME: 'nowhere', OS_INTERFACE: 'internal,admin' };
    expect(await run('image-list', env)).toMatchObject({
      out: '',
      err: 'internal or admin endpoint for image service in nowhere region not found; there is public in RegionOne\n',
      code: 3,
    });
  });

  it.for<[string, unknown]>([
    ['a number', 7],
    ['null', null],
    ['of nulls', [null, null]],
    ['without types', [{}, { endpoints: [null] }]],
    [
      'of odd endpoints',
      [{ type: 'image', endpoints: [null, 1, {}, { url: {}, interface: 1, region: null }] }],
    ],
  ])('P35: a catalog that is %s gives one clear line', async ([, catalog]) => {
    const server = await wire(identity(() => [], catalog));
    const { out, err, code } = await tglance('image-list', { env: login(server.url) });
    expect({ out, code }).toEqual({ out: '', code: 3 });
    expect(err).toMatch(/^public endpoint for image service not found; the catalog [^\n]*\n$/);
    expect(err).not.toMatch(/undefined|object/);
  });
});

const versions = (...links: string[]) => ({
  versions: [
    { id: 'v2.9', status: 'CURRENT', links: links.map((href) => ({ rel: 'self', href })) },
    { id: 'v1.1', status: 'DEPRECATED', links: [{ rel: 'self', href: '/old/v1/' }] },
  ],
});

describe('P36: where the catalog is wrong', () => {
  it.for<[string, number]>([
    ['is not found', 404],
    ['is a choice of versions', 300],
  ])('and the list of images %s, v2 is used where the version list has it', async ([, status]) => {
    const { server, run, asked } = await cloud('/', {
      'GET /v2/images': reply(status, 'no'),
      'GET /': (call) => reply(300, versions(`${server.url}/image/v2/`))(call),
      'GET /image/v2/images': images,
    });
    expect(await run(list)).toMatchObject(found);
    expect(asked()).toEqual(['GET /v2/images', 'GET /', 'GET /image/v2/images']);
  });

  it('everything else is found there too, whatever is asked for first', async () => {
    const id = '11111111-2222-3333-4444-555555555555';
    const record = { id, name: 'n', status: 'active', size: 4, checksum: '8d777f385d3dfec8815d20f7496026dc' };
    const { run, asked } = await cloud('/', {
      'GET /': reply(200, versions('/image/v2/')),
      [`GET /image/v2/images/${id}`]: reply(200, record),
      [`GET /image/v2/images/${id}/file`]: reply(200, 'data'),
    });
    expect(await run(`image-download ${id}`)).toMatchObject({ out: 'data', code: 0 });
    expect(asked()).toEqual([
      `GET /v2/images/${id}`,
      'GET /',
      `GET /image/v2/images/${id}`,
      `GET /image/v2/images/${id}/file`,
    ]);
  });

  it('no request is spent on what Glance itself does not find', async () => {
    const missing = reply(404, 'No image found', { 'x-openstack-request-id': 'req-1' });
    const { run, asked } = await cloud('/', {
      'GET /v2/images/n': missing,
      'GET /v2/images': reply(200, { images: [] }),
    });
    expect(await run('image-show n')).toMatchObject({ code: 4 });
    expect(new Set(asked())).toEqual(new Set(['GET /v2/images/n', 'GET /v2/images']));
  });

  it.for<[string, Answer, string]>([
    ['HTML', say('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>'), ''],
    ['401', reply(401, { error: 'who?' }), ''],
    ['nothing', reply(404), ''],
    [
      'odd JSON',
      reply(200, { versions: [null, 1, { id: 2, links: 3 }, { id: 'v2.0', links: [null] }] }),
      '; what is there offers v2.0',
    ],
    [
      'a link to another host',
      reply(300, versions('http://10.0.0.1:9292/x/v2/')),
      '; its version list leads to http://10.0.0.1:9292/x/v2/, which is not followed',
    ],
    ['only old versions', reply(300, { versions: [{ id: 'v1.0' }] }), '; what is there offers v1.0'],
  ])('P30: and the version list is %s, the message says what was asked', async ([, list, offered]) => {
    const { server, run, asked } = await cloud('/', {
      'GET /v2/images': reply(404, '<title>404 Not Found</title><p>Nothing here.</p>'),
      'GET /': list,
    });
    expect(await run('image-list')).toMatchObject({
      out: '',
      err: `There is no Image API v2 at ${server.url}: GET ${server.url}/v2/images gives HTTP 404 Not Found: Nothing here.${offered}\n`,
      code: 4,
    });
    expect(asked().slice(0, 2)).toEqual(['GET /v2/images', 'GET /']);
  });

  it('a protocol that only the server knows does not matter', async () => {
    const { server, run } = await cloud('/', {
      'GET /': (call) => reply(300, versions(`https://127.0.0.1:1/image/v2/`))(call),
      'GET /image/v2/images': images,
    });
    expect(await run(list)).toMatchObject(found);
    expect(server.seen.length).toBe(4);
  });
});

it.for<[string, Answer, string]>([
  ['is missing', reply(404, 'no list'), 'HTTP no cache'],
  ['is HTML', reply(200, '<html>', { 'content-type': 'text/html' }), 'HTTP no cache'],
  ['is a choice', reply(300, versions()), 'HTTP no cache'],
  ['is forbidden', reply(403, 'never'), 'HTTP no cache'],
  [
    'has odd entries',
    reply(200, { versions: [null, 4, {}] }),
    'HTTP Glance does not support image caching API (v2.14)',
  ],
  ['says that it can', reply(200, { versions: [{ id: 'v2.14' }] }), 'HTTP no cache'],
])('P36: what cannot be done is explained when the version list %s', async ([, list, message]) => {
  const { run } = await cloud('/', { 'GET /v2/cache': reply(404, 'no cache'), 'GET /versions': list });
  const { out, err } = await run('cache-list');
  expect(out).toBe('');
  expect(err).toContain(`${message}\n`);
});

it('P30: a next page at an address that only the server knows is asked for where the list is', async () => {
  const { run, asked } = await cloud('/image', {
    'GET /image/v2/images': (call) =>
      call.path.includes('marker=i1')
        ? images(call)
        : reply(200, {
            images: [{ id: 'i1', name: 'first' }],
            next: 'http://10.0.0.1:9292/v2/images?marker=i1',
          })(call),
  });
  expect(await run(list)).toMatchObject({ ...found, out: 'first\nfound\n' });
  expect(asked()).toEqual(['GET /image/v2/images', 'GET /image/v2/images']);
});

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
