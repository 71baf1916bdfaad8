import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { limitOf } from '../../src/sandbox/listing.ts';
import { filled, freshSandbox, jsonOf, made, said, type Voice } from './talk.ts';

const images = '/image/v2/images';

interface Page {
  readonly images: { id: string; name: string }[];
  readonly first: string;
  readonly next?: string;
  readonly schema: string;
}
const page = async (user: Voice, query: string) => jsonOf<Page>(await user('GET', `${images}?${query}`));
const names = async (user: Voice, query: string) =>
  (await page(user, `${query}&sort=name:asc`)).images.map(({ name }) => name);

/** One second lies between each image and the next. */
async function gallery() {
  let now = Date.parse('2026-01-31T12:00:00Z');
  const { demo, other, admin } = await freshSandbox({ clock: () => now });
  const ids: Record<string, string> = {};
  const add = async (name: string, fields: object = {}, user = demo) => {
    ids[name] = await made(user, { name, ...fields });
    now += 1000;
  };
  await add('a', { tags: ['t1', 't2'], os_distro: 'x', min_ram: 5 });
  await add('b', { tags: ['t1'], os_hidden: true });
  await add('c,d', { protected: true, min_disk: 3, visibility: 'private' });
  await add('e', { visibility: 'community', disk_format: 'qcow2' });
  ids.f = await filled(demo, '0123456789', { name: 'f', os_distro: 'x' });
  now += 1000;
  await add('other', { visibility: 'community' }, other);
  await add('secret', {}, other);
  await add('public', { visibility: 'public' }, admin);
  return { demo, other, admin, ids };
}

it('lists what a project owns and what is for all, and for an admin everything but hidden and community', async () => {
  const { demo, other, admin } = await gallery();
  expect(await names(demo, '')).toEqual(['a', 'c,d', 'e', 'f', 'public']);
  expect(await names(other, '')).toEqual(['other', 'public', 'secret']);
  expect(await names(admin, '')).toEqual(['a', 'c,d', 'f', 'public', 'secret']);
});

it('filters by everything that Glance filters by', async () => {
  const { demo, ids } = await gallery();
  const md5 = createHash('md5').update('0123456789').digest('hex');
  for (const [query, found] of [
    ['visibility=all', ['a', 'c,d', 'e', 'f', 'other', 'public']],
    ['visibility=community', ['e', 'other']],
    ['visibility=private', ['c,d']],
    ['owner=nobody', []],
    ['name=a', ['a']],
    ['name=in:a,f', ['a', 'f']],
    ['name=in:%22c,d%22,f', ['c,d', 'f']],
    ['status=active', ['f']],
    ['disk_format=in:raw,qcow2', ['e', 'f']],
    ['container_format=bare', ['f']],
    ['size_min=10', ['f']],
    ['size_max=9', []],
    ['min_disk_min=1', ['c,d']],
    ['min_ram=5', ['a']],
    ['tag=t1', ['a']],
    ['tag=t1&tag=t2', ['a']],
    ['tag=t1&tag=t3', []],
    ['os_distro=x', ['a', 'f']],
    ['toString=x', []],
    ['os_hidden=true', ['b']],
    ['os_hidden=True', ['b']],
    ['protected=true', ['c,d']],
    [`checksum=${md5}`, ['f']],
    ['os_hash_algo=sha512', ['f']],
    ['created_at=gt:2026-01-31T12:00:03Z', ['f', 'public']],
    ['created_at=gte:2026-01-31T12:00:03Z', ['e', 'f', 'public']],
    ['created_at=lt:2026-01-31T12:00:01Z', ['a']],
    ['created_at=2026-01-31T12:00:00Z', ['a']],
    ['created_at=neq:2026-01-31T13:00:00%2B01:00', ['c,d', 'e', 'f', 'public']],
    [`id=in:${ids.a},${ids.secret}`, ['a']],
    ['deleted=true', ['a', 'c,d', 'e', 'f', 'public']],
  ] as const) {
    expect([query, await names(demo, query)]).toEqual([query, found]);
  }
});

it.each([
  ['visibility=x', 'Invalid visibility value: x'],
  ['member_status=x', 'Invalid status: x'],
  ['os_hidden=x', "Invalid value 'x' for 'os_hidden' filter. Valid values are 'true' or 'false'."],
  ['protected=True', "Invalid value 'True' for 'protected' filter. Valid values are 'true' or 'false'."],
  ['name=neq:x', "Unable to filter by unknown operator 'neq'."],
  ['name=in:%22x', 'Invalid filter value "x. The quote is not closed.'],
  ['name=in:a%22b', 'Invalid filter value a"b. There is no comma before opening quotation mark.'],
  ['name=in:%22a%22b', 'Invalid filter value "a"b. There is no comma after closing quotation mark.'],
  ['size_min=x', 'Unable to filter on a range with a non-numeric value.'],
  ['created_at=x', 'Bad "created_at" query filter format. Use ISO 8601 DateTime notation.'],
  ['created_at=foo:2026-01-31T12:00:00Z', 'Unable to filter on a unknown operator.'],
  ['changes-since=x', 'The "changes-since" filter is no longer available on v2.'],
  ['limit=x', 'limit param must be an integer'],
  ['limit=-1', 'limit param must be positive'],
  ['marker=nope', 'No image found with ID nope'],
  [
    'sort=owner',
    'Invalid sort key: owner. It must be one of the following: name, status, container_format, disk_format, size, id, created_at, updated_at.',
  ],
  ['sort=name:x', 'Invalid sort direction: x'],
  ['sort_dir=x', 'Invalid sort direction: x'],
  ['sort=name&sort_key=name', 'Old and new sorting syntax cannot be combined'],
  ['sort_key=name&sort_dir=asc&sort_dir=desc', 'Number of sort dirs does not match the number of sort keys'],
])('refuses to list by %s', async (query, words) => {
  const { demo } = await freshSandbox();
  const answer = await demo('GET', `${images}?${query}`);
  expect([answer.status, said(answer)]).toEqual([400, words]);
});

it('sorts by several keys, newest first when nothing is said', async () => {
  const { demo } = await gallery();
  for (const [query, order] of [
    ['', ['public', 'f', 'e', 'c,d', 'a']],
    ['sort=name', ['public', 'f', 'e', 'c,d', 'a']],
    ['sort_key=name&sort_dir=asc', ['a', 'c,d', 'e', 'f', 'public']],
    ['sort=status:asc,name:desc', ['f', 'public', 'e', 'c,d', 'a']],
    ['sort_key=size&sort_dir=asc', ['a', 'c,d', 'e', 'public', 'f']],
    ['sort_key=disk_format&sort_key=name&sort_dir=desc&sort_dir=asc', ['f', 'e', 'a', 'c,d', 'public']],
  ] as const) {
    expect([query, (await page(demo, query)).images.map(({ name }) => name)]).toEqual([query, order]);
  }
});

it('leads through all pages by next, also when the last one is full', async () => {
  const { demo } = await gallery();
  const seen: string[][] = [];
  let path: string | undefined = '/v2/images?limit=5&sort_key=size&sort_dir=asc';
  while (path !== undefined) {
    const { images: found, next, first }: Page = jsonOf<Page>(await demo('GET', `/image${path}`));
    expect(first).toBe('/v2/images?limit=5&sort_key=size&sort_dir=asc');
    seen.push(found.map(({ name }) => name));
    path = next;
  }
  expect(seen).toEqual([['a', 'c,d', 'e', 'public', 'f'], []]);
});

it('gives 25 images when no limit is said, 1000 at most, and none at 0', async () => {
  const { demo } = await freshSandbox();
  for (let count = 0; count < 26; count += 1) await made(demo);
  expect((await page(demo, '')).images).toHaveLength(25);
  expect((await page(demo, 'limit=0')).images).toEqual([]);
  expect(limitOf('2000')).toBe(1000);
});

it('keeps in next only the last of a parameter that comes twice, as Glance does', async () => {
  const { demo, ids } = await gallery();
  expect((await page(demo, 'tag=t1&limit=1&tag=t2')).next).toBe(`/v2/images?tag=t2&limit=1&marker=${ids.a}`);
});
