import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { servePages } from '../support/web.ts';
import { filled, freshSandbox, jsonOf, made, said, type Voice } from './talk.ts';

const images = '/image/v2/images';
const patch = { 'content-type': 'application/openstack-images-v2.1-json-patch' };
const formats = { disk_format: 'raw', container_format: 'bare' };
const bytes = 'twelve bytes';
const sha512 = createHash('sha512').update(bytes).digest('hex');
const md5 = createHash('md5').update(bytes).digest('hex');

const steps = (user: Voice, id: string, ...json: object[]) =>
  user('PATCH', `${images}/${id}`, { json, headers: patch });
const add = (url: unknown, metadata: unknown = {}, more: object = {}) => ({
  op: 'add',
  path: '/locations/-',
  value: { url, metadata, ...more },
});
const replace = (...value: object[]) => ({ op: 'replace', path: '/locations', value });
const remove = (at: number | string) => ({ op: 'remove', path: `/locations/${at}` });
const look = async (user: Voice, id: string) => jsonOf(await user('GET', `${images}/${id}`));

const open = () => freshSandbox({ showsLocations: true });
const pages = () => servePages({ '/a': bytes, '/b': bytes, '/empty': '' });

it('gives an image without data those at an address, and adds more addresses', async () => {
  const { demo } = await open();
  const web = await pages();
  const id = await made(demo, formats);
  expect(await look(demo, id)).toMatchObject({ locations: [], status: 'queued' });
  const first = { url: `${web}/a`, metadata: { note: 'x', store: 'web' } };
  const added = await steps(demo, id, add(first.url, { note: 'x' }));
  expect([added.status, jsonOf(added)]).toMatchObject([
    200,
    { status: 'active', size: 12, checksum: null, locations: [first], direct_url: first.url, stores: 'web' },
  ]);
  const second = { url: `${web}/b`, metadata: { store: 'web' } };
  await steps(demo, id, { ...add(second.url), path: '/locations/0' });
  expect(await look(demo, id)).toMatchObject({ locations: [first, second], stores: 'web,web' });
  const whole = await demo('GET', `${images}/${id}/file`);
  expect([whole.status, whole.bytes.toString(), whole.headers['content-md5']]).toEqual([
    200,
    bytes,
    undefined,
  ]);
  const part = await demo('GET', `${images}/${id}/file`, { headers: { range: 'bytes=2-4' } });
  expect([part.status, said(part)]).toEqual([
    400,
    'Getting images randomly from this store is not supported. Offset: 2, length: 3',
  ]);
});

it('notes something of a location, also of a copy of its own', async () => {
  const { demo } = await open();
  const web = await pages();
  const id = await filled(demo);
  const { locations } = await look(demo, id);
  const [copy] = locations as { url: string; metadata: object }[];
  expect(copy).toMatchObject({ url: expect.stringMatching(/^file:\/\/\//), metadata: { store: 'fast' } });
  await steps(demo, id, add(`${web}/a`));
  const noted = await steps(
    demo,
    id,
    replace({ url: copy?.url, metadata: { why: 'fast' } }, { url: `${web}/a`, metadata: { why: 'far' } }),
  );
  expect(jsonOf(noted).locations).toEqual([
    { url: copy?.url, metadata: { why: 'fast', store: 'fast' } },
    { url: `${web}/a`, metadata: { why: 'far', store: 'web' } },
  ]);
  const others = await steps(demo, id, replace({ url: `${web}/b`, metadata: {} }));
  expect([others.status, said(others)]).toEqual([
    400,
    expect.stringContaining('Original locations is not empty'),
  ]);
});

it('lets admins forget locations, but for the last one', async () => {
  const { demo, admin } = await open();
  const web = await pages();
  const id = await filled(demo);
  for (const page of ['a', 'b']) await steps(demo, id, add(`${web}/${page}`));
  expect(said(await steps(demo, id, remove(0)))).toBe(
    'You are not authorized to complete delete_image_location action.',
  );
  expect(said(await steps(admin, id, remove(3)))).toBe('Invalid position for removing a location.');
  const left = await steps(admin, id, remove(1), remove(0));
  expect(jsonOf(left).locations).toEqual([{ url: `${web}/b`, metadata: { store: 'web' } }]);
  expect((await demo('GET', `${images}/${id}/file`)).bytes.toString()).toBe(bytes);
  const last = await steps(admin, id, remove('-'));
  expect([last.status, last.bytes.toString()]).toEqual([
    403,
    expect.stringContaining('Cannot remove last location in the image.'),
  ]);
});

it('gives up one copy of several, wherever they are', async () => {
  const { demo, admin } = await open();
  const web = await pages();
  const id = await filled(demo);
  await steps(demo, id, add(`${web}/a`));
  const drop = (store: string) => admin('DELETE', `/image/v2/stores/${store}/${id}`);
  const none = await drop('cheap');
  expect([none.status, said(none)]).toEqual([404, `Image ${id} is not stored in store cheap.`]);
  expect((await drop('web')).status).toBe(204);
  expect(await look(demo, id)).toMatchObject({ stores: 'fast' });
  expect((await drop('fast')).status).toBe(403);
});

it('takes what is said of the data for the record, when nothing is known yet', async () => {
  const { demo } = await open();
  const web = await pages();
  const id = await made(demo, formats);
  const proof = { checksum: md5, os_hash_algo: 'sha512', os_hash_value: sha512 };
  const added = await steps(demo, id, add(`${web}/a`, {}, { validation_data: proof }));
  expect(jsonOf(added)).toMatchObject({ status: 'active', ...proof });
  const again = await steps(demo, id, add(`${web}/b`, {}, { validation_data: proof }));
  expect(again.status).toBe(200);
});

const taken = 'is already set with a different value';
it.each([
  [{ os_hash_algo: 'md5', os_hash_value: '00' }, 'os_hash_algo must be sha512, not md5'],
  [{ os_hash_algo: 'sha512', os_hash_value: 'zz' }, 'os_hash_value (zz) is not a valid hexadecimal value'],
  [
    { os_hash_algo: 'sha512', os_hash_value: '00' },
    'os_hash_value (00) is not the correct size for sha512 (should be 64 bytes)',
  ],
  [
    { checksum: 'zz', os_hash_algo: 'sha512', os_hash_value: '00' },
    'checksum (zz) is not a valid hexadecimal value',
  ],
])('refuses to believe %j of the data', async (proof, words) => {
  const { demo } = await open();
  const web = await pages();
  const id = await made(demo, formats);
  const answer = await steps(demo, id, add(`${web}/a`, {}, { validation_data: proof }));
  expect([answer.status, said(answer)]).toEqual([409, words]);
  expect(await look(demo, id)).toMatchObject({ status: 'queued', locations: [] });
  const full = await filled(demo);
  const other = await steps(
    demo,
    full,
    add(`${web}/a`, {}, { validation_data: { ...proof, os_hash_algo: 'sha512' } }),
  );
  expect([other.status, said(other)]).toEqual([409, expect.stringContaining(taken)]);
});

it.each([
  ['/missing', {}, 400, 'Invalid location'],
  ['/empty', {}, 400, 'Invalid location'],
  ['/a', { number: 1 }, 500, expect.stringContaining('erred')],
  ['/held', {}, 400, expect.stringMatching(/^The location .*\/held already exists$/)],
])('refuses a location at %s with %j', async (page, metadata, status, words) => {
  const { demo } = await open();
  const web = await servePages({ '/a': bytes, '/empty': '', '/held': bytes });
  const id = await made(demo, formats);
  await steps(demo, id, add(`${web}/held`));
  const answer = await steps(demo, id, add(`${web}${page}`, metadata));
  expect([answer.status, said(answer)]).toEqual([status, words]);
});

it.each(['file:///etc/passwd', 'ftp://127.0.0.1/x', 'http://192.0.2.1/x', ''])(
  'P42: never looks at %j',
  async (url) => {
    const { demo } = await open();
    const id = await made(demo, formats);
    const answer = await steps(demo, id, add(url));
    expect([answer.status, said(answer)]).toEqual([400, 'Invalid location']);
  },
);

it('refuses what is out of place', async () => {
  const { demo, other, admin } = await open();
  const web = await pages();
  const id = await made(demo, formats);
  const at = (place: string) => ({ ...add(`${web}/a`), path: `/locations/${place}` });
  expect(said(await steps(demo, id, at('x')))).toBe('Invalid position for adding a location.');
  expect((await steps(demo, id, replace())).bytes.toString()).toContain(
    'Cannot set locations to empty list.',
  );
  const bare = await made(demo);
  expect(said(await steps(demo, bare, at('0')))).toBe(
    'Properties disk_format, container_format must be set prior to saving data.',
  );
  expect((await steps(other, id, at('0'))).status).toBe(404);
  const away = await steps(admin, id, remove(0));
  expect([away.status, said(away)]).toEqual([
    409,
    "It's not allowed to remove locations if image status is queued.",
  ]);
  await demo('PUT', `${images}/${id}/stage`, { bytes: [Buffer.from(bytes)] });
  expect(said(await steps(demo, id, at('0')))).toBe(
    "It's not allowed to add locations if image status is uploading.",
  );
  const hidden = await demo('GET', `${images}/${id}/locations`);
  expect([hidden.status, said(hidden)]).toEqual([
    403,
    'You are not authorized to complete fetch_image_location action.',
  ]);
});

it('shows where data are only when it is told to, and of images out of use to admins only', async () => {
  const closed = await freshSandbox();
  const shown = await look(closed.demo, await filled(closed.demo));
  expect(shown).not.toHaveProperty('locations');
  expect(shown).not.toHaveProperty('direct_url');
  const { demo, admin } = await open();
  const id = await filled(demo);
  await demo('POST', `${images}/${id}/actions/deactivate`);
  expect(await look(demo, id)).toMatchObject({ locations: [] });
  expect(await look(admin, id)).toMatchObject({ locations: [{ metadata: { store: 'fast' } }] });
});
