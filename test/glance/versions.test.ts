import { describe, expect, it } from 'vitest';
import { cloud, found, images, list } from '../support/catalogued.ts';
import { type Answer, reply, say } from '../support/wire.ts';

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
