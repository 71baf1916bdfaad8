import { imageOf, jsonBody, type Known, type KnownCall, permit, permitAdmin } from './calls.ts';
import { claim, release, settle } from './claims.ts';
import { type Cloud, inBackground } from './cloud.ts';
import { empty, isObject } from './exchange.ts';
import { fetched, isLoopback } from './fetched.ts';
import { byName, type Image, withData, withoutProperty, withProperties } from './image.ts';
import { importMethods } from './images.ts';
import { defaultStore, storeIds } from './places.ts';
import { refuse } from './refusal.ts';
import type { Claim } from './store.ts';
import { newTask, succeeded, type Task } from './tasks.ts';

type Method = (typeof importMethods)[number];

interface Wish {
  readonly method: Method;
  readonly uri: unknown;
  readonly stores: readonly string[];
  readonly allStores: boolean;
  readonly body: object;
}

/** POST /v2/images/:id/import, https://docs.openstack.org/api-ref/image/v2/#import-an-image */
export const importImage: Known = async (cloud, call) => {
  const body = await jsonBody(call);
  const wish = wishOf(isObject(body) ? body : {}, call);
  const work = cloud.store.change(() => {
    const image = imageOf(cloud, call);
    checkState(image, wish.method);
    if (wish.method === 'copy-image') permitAdmin(call, 'copy_image');
    else permit(image, call, 'modify_image');
    const isLocked = byName(image.properties, 'os_glance_import_task') !== undefined;
    if (isLocked) throw refuse(409, 'Image has active task');
    const targets = targetsOf(image, wish);
    if (wish.method === 'web-download' && !isLoopback(wish.uri)) {
      throw refuse(400, `URI for web-download does not pass filtering: ${wish.uri ?? 'None'}`);
    }
    return targets.length === 0 ? undefined : begin(cloud, call, image, wish, targets);
  });
  if (work !== undefined) inBackground(cloud, carryOut(cloud, wish, work));
  return empty(202);
};

interface Work {
  readonly note: Claim;
  readonly task: Task;
  readonly targets: readonly string[];
}

function wishOf(body: Record<string, unknown>, { headers }: KnownCall): Wish {
  const { method, all_stores: all = false, all_stores_must_succeed: must = true, stores } = body;
  if (method === undefined) throw refuse(400, "Import request requires a 'method' field.");
  const { name, uri } = isObject(method) ? method : {};
  if (name === undefined) throw refuse(400, "Import request requires a 'name' field.");
  const known = importMethods.find((it) => it === name);
  if (known === undefined) throw refuse(400, `Unknown import method name '${name}'.`);
  if (typeof must !== 'boolean') throw refuse(400, "'all_stores_must_succeed' must be boolean value only");
  if (typeof all !== 'boolean') throw refuse(400, "'all_stores' must be boolean value only");
  const header = headers['x-image-meta-store'];
  if (all && (stores !== undefined || header !== undefined)) {
    throw refuse(
      400,
      "All_stores parameter can't be used with x-image-meta-store header or stores parameter",
    );
  }
  if (stores !== undefined && header !== undefined) {
    throw refuse(400, "Stores parameter and x-image-meta-store header can't be both specified");
  }
  const named = Array.isArray(stores) ? stores.map(String) : [header ?? defaultStore];
  return { method: known, uri, allStores: all, stores: all ? storeIds : named, body };
}

/** The states an image must be in, in the order in which Glance asks. */
function checkState({ status, staged, container_format, disk_format }: Image, method: Method): void {
  const conflict = (isSo: boolean, why: string) => {
    if (isSo) throw refuse(409, why);
  };
  const copies = method === 'copy-image';
  conflict(status === 'active' && !copies, 'Image with status active cannot be target for import');
  conflict(status !== 'active' && copies, 'Only images with status active can be targeted for copying');
  const queued = `Image needs to be in 'queued' state to use '${method}' method`;
  conflict(status !== 'queued' && method === 'web-download', queued);
  const unstaged = "Image needs to be staged before 'glance-direct' method can be used";
  conflict(staged === undefined && method === 'glance-direct', unstaged);
  conflict(container_format === null, "'container_format' needs to be set before import");
  conflict(disk_format === null, "'disk_format' needs to be set before import");
}

function targetsOf(image: Image, { method, stores, allStores }: Wish): readonly string[] {
  const unknown = stores.find((store) => !storeIds.includes(store));
  if (unknown !== undefined) throw refuse(409, `Store for identifier ${unknown} not found`);
  if (method !== 'copy-image') return stores;
  const there = stores.find((store) => image.stores.includes(store));
  if (there !== undefined && !allStores) throw refuse(400, `Image is already present at store '${there}'`);
  return stores.filter((store) => !image.stores.includes(store));
}

/** Within a change: the image says that it is being imported, and by which task. */
function begin(cloud: Cloud, call: KnownCall, image: Image, wish: Wish, targets: readonly string[]): Work {
  const now = cloud.clock();
  const input = { image_id: image.id, import_req: wish.body, backend: targets };
  const task = newTask(cloud, call, { type: 'api_image_import', status: 'processing', input }, image.id);
  const told = withProperties(image, {
    os_glance_import_task: task.id,
    os_glance_importing_to_stores: targets.join(','),
    os_glance_failed_import: '',
  });
  const status = wish.method === 'copy-image' ? image.status : 'importing';
  cloud.store.images.put(image.id, { ...told, status, updated_at: now });
  return { note: claim(cloud, image.id, task.id), task, targets };
}

async function carryOut(cloud: Cloud, { method, uri }: Wish, { note, task, targets }: Work): Promise<void> {
  const { store, blobs } = cloud;
  const { id } = note;
  try {
    const digest =
      method === 'web-download'
        ? await blobs.receive(note.nonce, fetched(String(uri), cloud.stopping.signal))
        : store.images.get(id)?.staged;
    store.change(() => {
      const image = store.images.get(id);
      if (image === undefined) throw refuse(410);
      if (method === 'web-download') blobs.place(note.nonce, 'staging', id);
      const source = method === 'copy-image' ? (image.stores[0] ?? 'staging') : 'staging';
      for (const target of targets) blobs.copy(id, source, target);
      const filled =
        digest === undefined
          ? { ...image, stores: [...image.stores, ...targets] }
          : withData(image, digest, targets);
      const told = withProperties(withoutProperty(filled, 'os_glance_import_task'), {
        os_glance_importing_to_stores: '',
      });
      const now = cloud.clock();
      store.images.put(id, { ...told, updated_at: now });
      const size = image.size ?? digest?.size ?? 0;
      store.tasks.put(
        task.id,
        succeeded(task, size === 0 ? '' : `Copied ${Math.floor(size / 2 ** 20)} MiB`, now),
      );
      blobs.remove(id, ['staging']);
      release(cloud, note);
    });
  } catch {
    settle(cloud, note);
  }
}
