import { describe, expect, it } from 'vitest';
import { at, cloud, found, identity, images, list, login, token } from '../support/catalogued.ts';
import { tglance } from '../support/tglance.ts';
import { byPath, hasIpv6, type Wire, wire } from '../support/wire.ts';

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
