import { expect, it } from 'vitest';
import { AnswerError, NotFound, ServiceError } from '../../src/errors.ts';
import { createVolumes } from '../../src/volumes/client.ts';
import { failure, transport } from '../http/client.ts';
import { type Answer, reply, wire } from '../support/wire.ts';

const id = '2f6c0e9a-1111-4222-8333-944455556666';
const wish = { image_name: 'copy', disk_format: 'raw', container_format: 'bare', force: false };

/** Block Storage at `path` of a server that gives this answer to everything. */
async function service(answer: Answer, path = '/v3/project') {
  const server = await wire(answer);
  const endpoint = async () => new URL(server.url + path);
  return { ...createVolumes(transport(), endpoint, new AbortController().signal), seen: server.seen };
}

const listing = (...volumes: unknown[]) => reply(200, { volumes });
const begun = (image_id: unknown) => reply(202, { 'os-volume_upload_image': { image_id } });

it.each([
  ['/v3/project', '/v3/project'],
  ['/volume/v3/', '/volume/v3'],
  ['/volume', '/volume/v3'],
  ['/', '/v3'],
])('P36: the catalog may have the service at %s', async (path, root) => {
  const { idOf, seen } = await service(listing({ id, name: 'a b&c' }), path);
  expect(await idOf('a b&c')).toBe(id);
  expect(seen.map((it) => it.path)).toEqual([`${root}/volumes?name=a+b%26c`]);
});

it('believes an ID without asking', async () => {
  const { idOf, seen } = await service(listing());
  expect(await idOf(id)).toBe(id);
  expect(seen).toEqual([]);
});

it('takes no volume of another name from a server that does not filter', async () => {
  const { idOf } = await service(
    listing({ id, name: 'another' }, { id, name: null }, null, 'name', { name: 'x' }),
  );
  expect(await failure(idOf('x'))).toEqual(new NotFound("No volume found with the name or ID 'x'"));
});

it('lists the volumes that a name fits', async () => {
  const { idOf } = await service(listing({ id: '1', name: 'twin' }, { id: '2', name: 'twin' }));
  expect(await failure(idOf('twin'))).toMatchObject({
    message: "'twin' is the name of several volumes: 1, 2",
    candidates: ['1', '2'],
  });
});

it('asks for version 3.1 only where visibility or protection are said', async () => {
  const { upload, seen } = await service(begun('image'));
  expect(await upload(id, wish)).toBe('image');
  await upload(id, { ...wish, protected: false });
  await upload(id, { ...wish, visibility: 'shared' });
  expect(seen.map(({ headers }) => headers['openstack-api-version'])).toEqual([
    ...[undefined, 'volume 3.1', 'volume 3.1'],
  ]);
  expect(seen[0]).toMatchObject({ method: 'POST', path: `/v3/project/volumes/${id}/action` });
  expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ 'os-volume_upload_image': wish });
});

it("tells the service's reason", async () => {
  const { upload } = await service(
    reply(400, { badRequest: { code: 400, message: 'It must be available' } }),
  );
  expect(await failure(upload(id, wish))).toEqual(
    new ServiceError(400, 'It must be available', 'It must be available (HTTP 400)'),
  );
});

it.each([
  ['nothing', reply(202)],
  ['a list', reply(202, [])],
  ['null', reply(202, 'null')],
  ['something else', reply(202, { volume: {} })],
  ['no image', begun(undefined)],
  ['an image without an ID', begun(7)],
])('P35: an answer that holds %s is one clear error', async (_what, answer) => {
  const { upload } = await service(answer);
  expect(await failure(upload(id, wish))).toBeInstanceOf(AnswerError);
});
