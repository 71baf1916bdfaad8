import { expect, it } from 'vitest';
import { filled, freshSandbox, jsonOf, made, said, type Voice } from './talk.ts';

const cache = '/image/v2/cache';
const images = '/image/v2/images';
const nobody = '00000000-0000-0000-0000-000000000000';

interface State {
  readonly cached_images: readonly Record<string, unknown>[];
  readonly queued_images: readonly string[];
}

const state = async (admin: Voice) => jsonOf<State>(await admin('GET', cache));

/** What is cached once nothing waits any more. */
async function settled(admin: Voice): Promise<State['cached_images']> {
  for (;;) {
    const { cached_images, queued_images } = await state(admin);
    if (queued_images.length === 0) return cached_images;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it('keeps a copy of what is read whole, and counts who reads it from there', async () => {
  let now = 1_000_500;
  const { demo, admin } = await freshSandbox({ clock: () => now });
  const id = await filled(demo);
  const file = `${images}/${id}/file`;
  await demo('GET', file, { headers: { range: 'bytes=0-1' } });
  expect(await state(admin)).toEqual({ cached_images: [], queued_images: [] });
  await demo('GET', file);
  const copy = { image_id: id, hits: 0, last_accessed: 1000.5, last_modified: 1000.5, size: 11 };
  expect((await state(admin)).cached_images).toEqual([copy]);
  now += 1000;
  await demo('GET', file);
  expect((await state(admin)).cached_images).toEqual([{ ...copy, hits: 1, last_accessed: 1001.5 }]);
  await demo('DELETE', `${images}/${id}`);
  expect((await state(admin)).cached_images).toEqual([]);
});

it('copies what is queued, and forgets one image or all of them', async () => {
  const { demo, admin } = await freshSandbox();
  const ids = [await filled(demo), await filled(demo)];
  for (const id of ids) {
    const queued = await admin('PUT', `${cache}/${id}`);
    expect([queued.status, queued.bytes.length]).toEqual([202, 0]);
  }
  expect((await settled(admin)).map(({ image_id }) => image_id).sort()).toEqual([...ids].sort());
  expect((await admin('DELETE', `${cache}/${ids[0]}`)).status).toBe(204);
  expect((await admin('DELETE', `${cache}/${ids[0]}`)).status).toBe(204);
  expect(await settled(admin)).toMatchObject([{ image_id: ids[1] }]);
  const clear = (target: string) =>
    admin('DELETE', cache, { headers: { 'x-image-cache-clear-target': target } });
  expect((await clear('queue')).status).toBe(204);
  expect(await settled(admin)).toHaveLength(1);
  expect((await clear('cache')).status).toBe(204);
  expect(await settled(admin)).toEqual([]);
  expect((await admin('DELETE', cache)).status).toBe(204);
});

it('shrinks to what it may hold, without what was not read for longest', async () => {
  let now = 0;
  const { demo, admin } = await freshSandbox({ cacheBytes: 25, clock: () => now });
  const ids: string[] = [];
  for (const data of ['first of all', 'second', 'the third']) {
    now += 1000;
    const id = await filled(demo, data);
    await demo('GET', `${images}/${id}/file`);
    ids.push(id);
  }
  const [first, second, third] = ids;
  await demo('GET', `${images}/${first}/file`);
  const pruned = await admin('POST', `${cache}/prune`);
  expect(jsonOf(pruned)).toEqual({ total_files_pruned: 1, total_bytes_pruned: 6 });
  const left = (await state(admin)).cached_images.map(({ image_id }) => image_id);
  expect(left.sort()).toEqual([first, third].sort());
  expect(left).not.toContain(second);
  expect(jsonOf(await admin('POST', `${cache}/prune`))).toEqual({
    total_files_pruned: 0,
    total_bytes_pruned: 0,
  });
  const cleaned = await admin('POST', `${cache}/clean`);
  expect([cleaned.status, cleaned.bytes.length]).toEqual([200, 0]);
});

it('names itself as the server that has a copy', async () => {
  const { demo, admin } = await freshSandbox();
  const id = await filled(demo);
  const nodes = async () => jsonOf<unknown>(await admin('GET', `${cache}/nodes/${id}`));
  expect(await nodes()).toEqual([]);
  await demo('GET', `${images}/${id}/file`);
  expect(await nodes()).toEqual(['http://sandbox.invalid/image']);
});

it('refuses what the real service refuses, in its words', async () => {
  const { demo, admin } = await freshSandbox();
  const [active, queued] = [await filled(demo), await made(demo)];
  const mayNot = (action: string) => `You are not authorized to complete ${action} action.`;
  for (const [user, method, path, status, words] of [
    [admin, 'PUT', `/${queued}`, 400, 'Only images with status active can be targeted for queueing'],
    [admin, 'PUT', `/${nobody}`, 404, `Image ${nobody} not found.`],
    [admin, 'PUT', '/junk', 404, 'Image junk not found.'],
    [admin, 'DELETE', `/${nobody}`, 404, `Image ${nobody} not found.`],
    [admin, 'GET', `/nodes/${nobody}`, 404, `Image ${nobody} not found.`],
    [demo, 'PUT', `/${active}`, 403, mayNot('cache_image')],
    [demo, 'PUT', `/${nobody}`, 404, `Image ${nobody} not found.`],
    [demo, 'DELETE', `/${active}`, 403, mayNot('cache_delete')],
    [demo, 'DELETE', '', 403, mayNot('cache_delete')],
    [demo, 'GET', '', 403, mayNot('cache_list')],
    [demo, 'POST', '/clean', 403, mayNot('cache_clean')],
    [demo, 'POST', '/prune', 403, mayNot('cache_prune')],
    [demo, 'GET', `/nodes/${active}`, 403, mayNot('list_cached_nodes')],
  ] as const) {
    const answer = await user(method, `${cache}${path}`);
    expect([method, path, answer.status, said(answer)]).toEqual([method, path, status, words]);
  }
  const target = await admin('DELETE', cache, { headers: { 'x-image-cache-clear-target': 'bogus' } });
  expect([target.status, said(target)]).toEqual([
    400,
    "If provided 'x-image-cache-clear-target' must be 'cache', 'queue' or empty string.",
  ]);
});
