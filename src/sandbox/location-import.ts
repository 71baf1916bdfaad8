import { createHash } from 'node:crypto';
import { forbidden, imageOf, jsonBody, type Known } from './calls.ts';
import { claim, release, settle } from './claims.ts';
import { type Cloud, inBackground } from './cloud.ts';
import { empty, isObject } from './exchange.ts';
import { fetched, isLoopback } from './fetched.ts';
import { byName } from './image.ts';
import { checkFormats } from './images.ts';
import { webStore } from './places.ts';
import { refuse } from './refusal.ts';
import { locationObject } from './schema.ts';
import type { Claim } from './store.ts';
import { newTask, succeeded, type Task } from './tasks.ts';
import { validate } from './validate.ts';

/** POST /v2/images/:id/locations: the image gets the address of its data, which are read once to be hashed. */
export const addLocation: Known = async (cloud, call) => {
  const body = await jsonBody(call);
  validate('location', locationObject, body);
  const { url, validation_data } = isObject(body) ? body : {};
  const proof = isObject(validation_data) ? validation_data : {};
  const input = { loc_url: url, validation_data: proof };
  const work = cloud.store.change(() => {
    const image = imageOf(cloud, call);
    if (image.status !== 'queued') {
      throw refuse(409, `It's not allowed to add locations if image status is ${image.status}.`);
    }
    // not even admins may do it for others
    if (image.owner !== call.caller.projectId) throw forbidden('add_image_location');
    if (!String(url).startsWith('http')) {
      throw refuse(403, 'http store must be enabled to use location API by normal user.');
    }
    if (byName(image.properties, 'os_glance_import_task') !== undefined) {
      throw refuse(409, 'Image has active task');
    }
    const { id } = image;
    const what = {
      type: 'location_import',
      status: 'processing',
      input: { image_id: id, ...input },
    } as const;
    const task = newTask(cloud, call, what, id);
    cloud.store.images.put(id, { ...image, status: 'importing', updated_at: cloud.clock() });
    return { task, note: claim(cloud, id, task.id) };
  });
  inBackground(cloud, carryOut(cloud, String(url), proof, work));
  return empty(202);
};

type Proof = { readonly os_hash_algo?: unknown; readonly os_hash_value?: unknown };

async function carryOut(
  cloud: Cloud,
  url: string,
  { os_hash_algo = 'sha512', os_hash_value }: Proof,
  { task, note }: { task: Task; note: Claim },
): Promise<void> {
  const { store } = cloud;
  try {
    if (!isLoopback(url)) throw refuse(400, 'Invalid location');
    const md5 = createHash('md5');
    const hash = createHash(String(os_hash_algo));
    let size = 0;
    for await (const chunk of fetched(url, cloud.stopping.signal)) {
      md5.update(chunk);
      hash.update(chunk);
      size += chunk.length;
    }
    const value = hash.digest('hex');
    if (size === 0) throw refuse(400, 'Invalid location');
    if (os_hash_value !== undefined && os_hash_value !== value)
      throw refuse(400, 'os_hash_value not matched');
    store.change(() => {
      const image = store.images.get(note.id);
      if (image === undefined) throw refuse(410);
      checkFormats(image);
      const now = cloud.clock();
      store.images.put(image.id, {
        ...image,
        status: 'active',
        size,
        checksum: md5.digest('hex'),
        os_hash_algo: String(os_hash_algo),
        os_hash_value: value,
        locations: [...image.locations, { url, metadata: { store: webStore } }],
        updated_at: now,
      });
      store.tasks.put(task.id, succeeded(task, '', now));
      release(cloud, note);
    });
  } catch {
    settle(cloud, note);
  }
}
