import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { filled, freshSandbox, jsonOf, made, said, type Voice } from './talk.ts';

const images = '/image/v2/images';
const formats = { disk_format: 'raw', container_format: 'bare' };
const digits = Buffer.from('0123456789');

interface Tasks {
  readonly tasks: { id: string; status: string; message: string; type: string }[];
}

async function staged(user: Voice, fields: object = formats): Promise<string> {
  const id = await made(user, fields);
  expect((await user('PUT', `${images}/${id}/stage`, { bytes: [digits] })).status).toBe(204);
  return id;
}

const order = (user: Voice, id: string, method: object, more: object = {}, headers = {}) =>
  user('POST', `${images}/${id}/import`, { json: { method, ...more }, headers });

/** The image once nobody works on it any more, and its last task. */
async function settled(user: Voice, id: string) {
  for (;;) {
    const image = jsonOf(await user('GET', `${images}/${id}`));
    if (image.os_glance_import_task === undefined) {
      const { tasks } = jsonOf<Tasks>(await user('GET', `${images}/${id}/tasks`));
      return { image, task: tasks.at(-1) };
    }
    await wait(5);
  }
}

/** Serves `digits` at /disk, and nothing else. */
async function web(): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/disk' ? 200 : 404).end(digits);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('imports what was staged into several stores, and keeps a record of it', async () => {
  const { demo, admin } = await freshSandbox();
  const id = await staged(demo);
  expect(jsonOf(await demo('GET', `${images}/${id}`))).toMatchObject({
    status: 'uploading',
    size: 10,
    checksum: null,
  });
  expect((await demo('GET', `${images}/${id}/file`)).status).toBe(204);
  expect((await order(demo, id, { name: 'glance-direct' }, { all_stores: true })).status).toBe(202);
  const { image, task } = await settled(demo, id);
  expect(image).toMatchObject({
    status: 'active',
    size: 10,
    stores: 'fast,cheap',
    checksum: '781e5e245d69b566979b86e28d23f2c7',
    os_glance_failed_import: '',
    os_glance_importing_to_stores: '',
  });
  expect((await demo('GET', `${images}/${id}/file`)).bytes.equals(digits)).toBe(true);
  expect(task).toMatchObject({
    type: 'api_image_import',
    status: 'success',
    message: 'Copied 0 MiB',
    result: { image_id: id },
    input: { image_id: id, backend: ['fast', 'cheap'], import_req: { method: { name: 'glance-direct' } } },
  });
  expect((await demo('GET', '/image/v2/tasks')).status).toBe(403);
  expect(jsonOf<Tasks>(await admin('GET', '/image/v2/tasks')).tasks).toMatchObject([
    { id: task?.id, status: 'success' },
  ]);
  expect(jsonOf(await admin('GET', `/image/v2/tasks/${task?.id}`))).toMatchObject({
    self: `/v2/tasks/${task?.id}`,
  });
  expect((await admin('DELETE', `/image/v2/tasks/${task?.id}`)).status).toBe(405);
});

it('downloads from a web server on this machine, and goes back to queued when that fails', async () => {
  const { demo } = await freshSandbox();
  const url = await web();
  const id = await made(demo, formats);
  expect((await order(demo, id, { name: 'web-download', uri: `${url}/nope` })).status).toBe(202);
  const failed = await settled(demo, id);
  expect(failed.image).toMatchObject({ status: 'queued', os_glance_failed_import: 'fast' });
  expect(failed.task).toMatchObject({ status: 'failure', message: 'Task failed due to Internal Error' });
  const json = { name: 'web-download', uri: `${url}/disk` };
  expect((await order(demo, id, json, {}, { 'x-image-meta-store': 'cheap' })).status).toBe(202);
  const { image, task } = await settled(demo, id);
  expect(image).toMatchObject({ status: 'active', stores: 'cheap', size: 10 });
  expect(task?.status).toBe('success');
});

it.each([
  'http://example.com/x',
  'https://127.0.0.1/x',
  'ftp://127.0.0.1/x',
  'file:///etc/passwd',
  'http://127.0.0.1.example.com/',
  'x',
  undefined,
])('P42: fetches nothing from %s', async (uri) => {
  const { demo } = await freshSandbox();
  const answer = await order(demo, await made(demo, formats), { name: 'web-download', uri });
  expect([answer.status, said(answer)]).toEqual([
    400,
    `URI for web-download does not pass filtering: ${uri ?? 'None'}`,
  ]);
});

it('copies an active image to another store and removes it there, for admins only', async () => {
  const { demo, admin } = await freshSandbox();
  const id = await filled(demo, digits);
  const copy = { name: 'copy-image' };
  expect((await order(demo, id, copy, { stores: ['cheap'] })).status).toBe(403);
  const there = await order(admin, id, copy, { stores: ['fast'] });
  expect([there.status, said(there)]).toEqual([400, "Image is already present at store 'fast'"]);
  expect((await order(admin, id, copy, { stores: ['cheap'] })).status).toBe(202);
  expect((await settled(demo, id)).image.stores).toBe('fast,cheap');
  expect((await order(admin, id, copy, { all_stores: true })).status).toBe(202);
  const remove = (user: Voice, store: string) => user('DELETE', `/image/v2/stores/${store}/${id}`);
  expect((await remove(demo, 'fast')).status).toBe(403);
  expect((await remove(admin, 'nope')).status).toBe(409);
  expect((await remove(admin, 'fast')).status).toBe(204);
  expect((await demo('GET', `${images}/${id}/file`)).bytes.equals(digits)).toBe(true);
  const last = await remove(admin, 'cheap');
  expect([last.status, said(last)]).toEqual([
    403,
    'Cannot delete image data from the only store containing it. Consider deleting the image instead.',
  ]);
});

it('refuses an import that does not fit the state of the image', async () => {
  const { demo } = await freshSandbox();
  const queued = await made(demo, formats);
  const active = await filled(demo);
  const bare = await staged(demo, {});
  for (const [id, name, status, words] of [
    [queued, 'glance-direct', 409, "Image needs to be staged before 'glance-direct' method can be used"],
    [queued, 'copy-image', 409, 'Only images with status active can be targeted for copying'],
    [queued, 'glance-download', 400, "Unknown import method name 'glance-download'."],
    [active, 'glance-direct', 409, 'Image with status active cannot be target for import'],
    [bare, 'glance-direct', 409, "'container_format' needs to be set before import"],
    [bare, 'web-download', 409, "Image needs to be in 'queued' state to use 'web-download' method"],
  ] as const) {
    const answer = await order(demo, id, { name });
    expect([name, answer.status, said(answer)]).toEqual([name, status, words]);
  }
  const lost = await order(demo, await staged(demo), { name: 'glance-direct' }, { stores: ['nope'] });
  expect([lost.status, said(lost)]).toEqual([409, 'Store for identifier nope not found']);
  const both = await order(demo, queued, { name: 'glance-direct' }, { all_stores: true, stores: ['fast'] });
  expect(both.status).toBe(400);
});

it('tells only admins of what other projects do with an image', async () => {
  const { demo, admin } = await freshSandbox();
  const id = await filled(demo);
  await order(admin, id, { name: 'copy-image' }, { stores: ['cheap'] });
  await settled(admin, id);
  const seen = async (user: Voice) => jsonOf<Tasks>(await user('GET', `${images}/${id}/tasks`)).tasks.length;
  expect([await seen(demo), await seen(admin)]).toEqual([0, 1]);
});

it('says which stores and methods there are and what a project uses', async () => {
  const { demo, admin } = await freshSandbox();
  await filled(demo, Buffer.alloc(2 * 2 ** 20));
  await staged(demo);
  const info = async (user: Voice, what: string) => jsonOf(await user('GET', `/image/v2/info/${what}`));
  expect(await info(demo, 'stores')).toMatchObject({
    stores: [{ id: 'fast', default: 'true' }, { id: 'cheap' }, { id: 'web', 'read-only': 'true' }],
  });
  expect((await demo('GET', '/image/v2/info/stores/detail')).status).toBe(403);
  expect(await info(admin, 'stores/detail')).toMatchObject({
    stores: [{ type: 'file' }, { type: 'file' }, { type: 'http', properties: {} }],
  });
  expect(await info(demo, 'import')).toMatchObject({
    'import-methods': { type: 'array', value: ['glance-direct', 'web-download', 'copy-image'] },
  });
  expect(await info(demo, 'usage')).toEqual({
    usage: {
      image_size_total: { limit: -1, usage: 2 },
      image_stage_total: { limit: -1, usage: 0 },
      image_count_total: { limit: -1, usage: 2 },
      image_count_uploading: { limit: -1, usage: 1 },
    },
  });
});
