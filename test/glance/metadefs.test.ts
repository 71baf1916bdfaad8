import { describe, expect, it } from 'vitest';
import { createGlance } from '../../src/glance/client.ts';
import type { Send } from '../../src/http/message.ts';

type Asked = readonly [what: string, body?: unknown];

/** The client on a wire whose other end answers with these objects in turn; `asked` is what it was asked. */
function wired(...answers: readonly object[]) {
  const asked: Asked[] = [];
  const left = [...answers];
  const send: Send = async ({ method, url, headers, body }) => {
    const append = headers['x-openstack-append'];
    const what = `${method} ${url.pathname}${url.search}${append === undefined ? '' : ` append: ${append}`}`;
    asked.push(typeof body === 'string' && body !== '' ? [what, JSON.parse(body)] : [what]);
    const bytes = Buffer.from(JSON.stringify(left.shift() ?? {}));
    return { status: 200, headers: {}, url, body: { each: async (see) => see(bytes), drop: () => {} } };
  };
  const endpoint = async () => new URL('http://glance/v2');
  const { metadefs } = createGlance({ signed: send, data: send }, endpoint, new AbortController().signal);
  return { metadefs, asked };
}

const links = { self: '/x', schema: '/y', created_at: 'then', updated_at: 'now' };
const all = '/v2/metadefs/namespaces';

describe('an update', () => {
  it('of a namespace sends what it says of itself, and none of its contents', async () => {
    const said = { namespace: 'N', display_name: 'D', protected: true, later: 'field' };
    const contents = { properties: {}, objects: [], tags: [], resource_type_associations: [] };
    const { metadefs, asked } = wired({ ...said, ...links, ...contents });
    await metadefs.namespaces.update('N', { namespace: 'M', display_name: 'E' });
    expect(asked).toEqual([
      [`GET ${all}/N`],
      [`PUT ${all}/N`, { ...said, namespace: 'M', display_name: 'E' }],
      [`GET ${all}/M`],
    ]);
  });

  it('of an object sends all of it but links and times', async () => {
    const object = { name: 'o', required: ['p'], properties: { p: { title: 'P', type: 'string' } } };
    const { metadefs, asked } = wired({ ...object, ...links });
    await metadefs.objects.update('N', 'o', { description: 'new' });
    expect(asked).toEqual([
      [`GET ${all}/N/objects/o`],
      [`PUT ${all}/N/objects/o`, { ...object, description: 'new' }],
      [`GET ${all}/N/objects/o`],
    ]);
  });

  it('of a property is answered with all there is to know', async () => {
    const { metadefs, asked } = wired(
      { title: 'P', type: 'string' },
      { name: 'q', title: 'Q', type: 'string' },
    );
    expect(await metadefs.properties.update('N', 'p', { name: 'q', title: 'Q' })).toMatchObject({
      name: 'q',
    });
    expect(asked).toEqual([
      [`GET ${all}/N/properties/p`],
      [`PUT ${all}/N/properties/p`, { name: 'q', title: 'Q', type: 'string' }],
    ]);
  });

  it('of a tag needs nothing but the new name', async () => {
    const { metadefs, asked } = wired();
    await metadefs.tags.rename('N', 't', 'u');
    expect(asked).toEqual([[`PUT ${all}/N/tags/t`, { name: 'u' }], [`GET ${all}/N/tags/u`]]);
  });
});

it('a namespace is made without what only answers have, at any depth', async () => {
  const { metadefs, asked } = wired();
  const object = { name: 'o', properties: { schema: { title: 'S', type: 'string' } } };
  await metadefs.namespaces.create({
    ...{ namespace: 'N', ...links, properties: { self: { title: 'S', type: 'string' } } },
    ...{ objects: [{ ...object, ...links }], tags: [{ name: 't', ...links }, 'not an object'] },
  });
  const body = {
    ...{ namespace: 'N', properties: { self: { title: 'S', type: 'string' } } },
    ...{ objects: [object], tags: [{ name: 't' }, 'not an object'] },
  };
  expect(asked).toEqual([[`POST ${all}`, body]]);
});

it.each([
  [true, ' append: True'],
  [false, ''],
])('tags are appended when asked to: %s', async (append, header) => {
  const { metadefs, asked } = wired({ tags: [] });
  await metadefs.tags.createSeveral('N', ['a'], append);
  expect(asked).toEqual([[`POST ${all}/N/tags${header}`, { tags: [{ name: 'a' }] }]]);
});

it('P33: names are percent-encoded, and those that no path can hold are refused before anything is sent', async () => {
  const { metadefs, asked } = wired();
  await metadefs.objects.show('OS::A?b', '#ü%2F');
  expect(asked).toEqual([[`GET ${all}/OS%3A%3AA%3Fb/objects/%23%C3%BC%252F`]]);
  for (const name of ['a/b', '/', '', '.', '..']) {
    const doubtful = [
      () => metadefs.namespaces.create({ namespace: name }),
      () => metadefs.namespaces.update('N', { namespace: name }),
      () => metadefs.namespaces.delete(name),
      () => metadefs.objects.create('N', { name }),
      () => metadefs.objects.update('N', 'o', { name }),
      () => metadefs.properties.create('N', { name }),
      () => metadefs.properties.show('N', name),
      () => metadefs.properties.update('N', 'p', { name }),
      () => metadefs.tags.create('N', name),
      () => metadefs.tags.createSeveral('N', ['a', name], true),
      () => metadefs.tags.rename('N', 't', name),
      () => metadefs.resourceTypes.associate('N', { name }),
      () => metadefs.resourceTypes.deassociate('N', name),
    ];
    for (const act of doubtful) {
      await expect((async () => act())()).rejects.toThrow('cannot be the name of a definition');
    }
  }
  expect(asked).toHaveLength(1);
});

it('P35: an answer without what was asked for is an empty one', async () => {
  const { metadefs } = wired({}, { properties: null }, {});
  expect(await metadefs.properties.list('N')).toEqual([]);
  expect(await metadefs.properties.list('N')).toEqual([]);
  expect(await metadefs.tags.createSeveral('N', ['a'], true)).toEqual([]);
});
