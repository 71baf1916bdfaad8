import { randomUUID } from 'node:crypto';
import { jsonBody, type Known, type KnownCall, param } from './calls.ts';
import { claim, release, settle } from './claims.ts';
import { type Cloud, inBackground } from './cloud.ts';
import { isObject, json } from './exchange.ts';
import { blank, type Image, withData } from './image.ts';
import { defaultStore } from './places.ts';
import { refuse } from './refusal.ts';
import type { Schema } from './schema.ts';
import type { Claim } from './store.ts';
import { validate } from './validate.ts';

/** GET /v3/:project/volumes, and /detail with all there is to say of them */
export const listVolumes =
  (detailed: boolean): Known =>
  (cloud, call) => {
    const wanted = call.query.get('name');
    const found = volumesOf(cloud, call).filter(({ name }) => wanted === null || name === wanted);
    return json(200, {
      volumes: detailed ? found : found.map(({ id, name, links }) => ({ id, name, links })),
    });
  };

/** GET /v3/:project/volumes/:id */
export const showVolume: Known = (cloud, call) => json(200, { volume: volumeOf(cloud, call) });

/** POST /v3/:project/volumes/:id/action: an image can be made of a volume, and that is all. */
export const actOnVolume: Known = async (cloud, call) => {
  const newer = isNewer(call);
  const volume = volumeOf(cloud, call);
  const body = await jsonBody(call);
  if (!isObject(body) || !Object.hasOwn(body, action)) throw refuse(400, 'There is no such action');
  validate(action, newer ? newerRequest : firstRequest, body);
  const { force = false, image_name: name, ...wish } = body[action] as Wish;
  if (wish.visibility === 'public' && !call.caller.admin) {
    throw refuse(403, "Policy doesn't allow volume_extension:volume_actions:upload_public to be performed.");
  }
  if (volume.status !== 'available' && !force) {
    throw refuse(400, `Invalid volume: Volume ${volume.id} status must be available`);
  }
  const start = blank(randomUUID(), call.caller.projectId ?? null, cloud.clock());
  const usual = { disk_format: 'raw', container_format: 'bare', ...(newer && { visibility: 'private' }) };
  const image: Image = { ...start, ...usual, ...wish, name, status: 'saving' };
  const note = cloud.store.change(() => {
    cloud.store.images.put(image.id, image);
    return claim(cloud, image.id);
  });
  inBackground(cloud, fill(cloud, note));
  const { id, size, volume_type } = volume;
  const begun = { id, size, volume_type, display_description: null, updated_at: null, status: 'uploading' };
  return json(202, { [action]: { ...begun, image_id: image.id, image_name: name, ...usual, ...wish } });
};

/** https://docs.openstack.org/api-ref/block-storage/v3/#upload-volume-to-image */
const action = 'os-volume_upload_image';

type Wish = Partial<Pick<Image, 'disk_format' | 'container_format' | 'visibility' | 'protected'>> & {
  readonly image_name: string;
  readonly force?: boolean;
};

const closed = { type: 'object', additionalProperties: false } as const;
const requestOf = (properties: Readonly<Record<string, Schema>>): Schema => ({
  ...closed,
  properties: { [action]: { ...closed, properties, required: ['image_name'] } },
});
const first: Readonly<Record<string, Schema>> = {
  image_name: { type: 'string', pattern: '.', maxLength: 255 },
  force: { type: 'boolean' },
  disk_format: { enum: ['raw'] }, // nothing is converted here
  container_format: { type: 'string' },
};
const firstRequest = requestOf(first);
const newerRequest = requestOf({
  ...first,
  visibility: { enum: ['community', 'public', 'private', 'shared'] },
  protected: { type: 'boolean' },
});

/** Whether the request is in version 3.1 of the API or in 3.0; others are not spoken. */
function isNewer({ headers }: KnownCall): boolean {
  const version = (headers['openstack-api-version'] ?? 'volume 3.0').replace('volume ', '');
  if (version === '3.0' || version === '3.1') return version === '3.1';
  throw refuse(406, `Version ${version} is not supported by the API. Minimum is 3.0 and maximum is 3.1.`);
}

/** What every project has. A size is in GiB, one at least; what is read of them is a MiB of zeros. */
const seeds = { spare: 'available', busy: 'in-use' } as const;
const rest = { description: null, volume_type: null, bootable: 'false', encrypted: false, metadata: {} };

function volumesOf({ people }: Cloud, call: KnownCall) {
  const { projectId = '', userId } = call.caller;
  if (param(call, 'project') !== projectId) throw refuse(400, 'Malformed request url');
  return Object.entries(seeds).map(([name, status]) => {
    const digits = people.idOf(`volume ${projectId} ${name}`);
    const id = digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    const links = [{ rel: 'self', href: `${call.origin}/volume/v3/${projectId}/volumes/${id}` }];
    return { id, name, status, size: 1, ...rest, user_id: userId, links };
  });
}

function volumeOf(cloud: Cloud, call: KnownCall) {
  const volume = volumesOf(cloud, call).find(({ id }) => id === param(call, 'id'));
  if (volume === undefined) throw refuse(404, `Volume ${param(call, 'id')} could not be found.`);
  return volume;
}

async function fill(cloud: Cloud, note: Claim): Promise<void> {
  const { store, blobs, clock } = cloud;
  try {
    const digest = await blobs.receive(note.nonce, zeros());
    store.change(() => {
      const image = store.images.get(note.id);
      if (image === undefined) throw refuse(410);
      blobs.place(note.nonce, defaultStore, note.id);
      store.images.put(note.id, { ...withData(image, digest, [defaultStore]), updated_at: clock() });
      release(cloud, note);
    });
  } catch {
    settle(cloud, note);
  }
}

async function* zeros(): AsyncIterable<Uint8Array> {
  yield new Uint8Array(1024 * 1024);
}
