import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { servePages } from '../support/web.ts';
import { filled, freshSandbox, jsonOf, made, said, type Voice } from './talk.ts';

const images = '/image/v2/images';
const formats = { disk_format: 'raw', container_format: 'bare' };
const bytes = 'twelve bytes';
const hash = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');

const give = (user: Voice, id: string, json: unknown) => user('POST', `${images}/${id}/locations`, { json });

/** The image and its last task, once that has ended. */
async function settled(user: Voice, id: string) {
  for (;;) {
    const { tasks } = jsonOf<{ tasks: { status: string }[] }>(await user('GET', `${images}/${id}/tasks`));
    const task = tasks.at(-1);
    if (task?.status === 'success' || task?.status === 'failure') {
      return { task, image: jsonOf(await user('GET', `${images}/${id}`)) };
    }
    await wait(5);
  }
}

it.each(['sha512', 'sha256', 'sha1', 'md5'])(
  'takes data at an address, reads them once and compares their %s',
  async (algorithm) => {
    const { demo } = await freshSandbox();
    const url = `${await servePages({ '/disk': bytes })}/disk`;
    const id = await made(demo, formats);
    const validation_data = { os_hash_algo: algorithm, os_hash_value: hash(algorithm) };
    expect((await give(demo, id, { url, validation_data })).status).toBe(202);
    const { image, task } = await settled(demo, id);
    expect(task).toMatchObject({ type: 'location_import', status: 'success', result: { image_id: id } });
    expect(image).toMatchObject({ status: 'active', size: 12, checksum: hash('md5'), ...validation_data });
    expect((await demo('GET', `${images}/${id}/file`)).bytes.toString()).toBe(bytes);
  },
);

it('without a hash computes the usual one', async () => {
  const { demo } = await freshSandbox();
  const url = `${await servePages({ '/disk': bytes })}/disk`;
  const id = await made(demo, formats);
  await give(demo, id, { url });
  const { image } = await settled(demo, id);
  expect(image).toMatchObject({ status: 'active', os_hash_algo: 'sha512', os_hash_value: hash('sha512') });
});

it.each([
  ['data of another hash', '/disk', { os_hash_algo: 'md5', os_hash_value: '0'.repeat(32) }],
  ['what is not there', '/missing', {}],
  ['nothing at all', '/empty', {}],
])('leaves the image without data for %s', async (_, page, validation_data) => {
  const { demo } = await freshSandbox();
  const web = await servePages({ '/disk': bytes, '/empty': '' });
  const id = await made(demo, formats);
  await give(demo, id, { url: `${web}${page}`, validation_data });
  const { image, task } = await settled(demo, id);
  expect([task.status, image.status, image.stores]).toEqual(['failure', 'queued', undefined]);
});

it('P42: never looks beyond this machine', async () => {
  const { demo } = await freshSandbox();
  const id = await made(demo, formats);
  await give(demo, id, { url: 'http://192.0.2.1/disk' });
  expect((await settled(demo, id)).task.status).toBe('failure');
});

it('refuses what is no new location', async () => {
  const { demo, admin, other } = await freshSandbox();
  const url = 'http://127.0.0.1:9/disk';
  const [queued, active] = [await made(demo, { ...formats, visibility: 'community' }), await filled(demo)];
  const mayNot = 'You are not authorized to complete add_image_location action.';
  for (const [user, id, json, status, words] of [
    [demo, queued, {}, 400, expect.stringContaining("'url' is a required property")],
    [demo, queued, { url, validation_data: { checksum: 'x' } }, 400, expect.stringContaining('checksum')],
    [demo, queued, { url, validation_data: { os_hash_algo: 'crc' } }, 400, expect.stringContaining('crc')],
    [demo, queued, { url: 'rbd://x' }, 403, 'http store must be enabled to use location API by normal user.'],
    [demo, active, { url }, 409, "It's not allowed to add locations if image status is active."],
    [admin, queued, { url }, 403, mayNot],
    [other, queued, { url }, 403, mayNot],
  ] as const) {
    const answer = await give(user, id, json);
    expect([answer.status, said(answer)]).toEqual([status, words]);
  }
});
