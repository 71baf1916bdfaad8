import type { Digest } from './blobs.ts';
import { cached } from './cache.ts';
import { imageOf, type Known, type KnownCall, param, permit } from './calls.ts';
import { claim, release, settle } from './claims.ts';
import type { Cloud } from './cloud.ts';
import { empty, type Reply } from './exchange.ts';
import { fetched } from './fetched.ts';
import { type Image, withData } from './image.ts';
import { checkFormats } from './images.ts';
import { mediaType } from './patch.ts';
import { defaultStore, storeIds, stores, webStore } from './places.ts';
import { rangeOf } from './range.ts';
import { refuse } from './refusal.ts';

/** PUT /v2/images/:id/file: the data go to a store, and the image becomes active. */
export const upload: Known = async (cloud, call) => {
  const store = call.headers['x-image-meta-store'] ?? defaultStore;
  if (store === webStore) {
    throw refuse(410, 'Error in store configuration. Adding images to store is disabled.');
  }
  if (!storeIds.includes(store)) throw refuse(400, `Store for identifier ${store} not found`);
  return take(cloud, call, {
    rule: 'upload_image',
    meanwhile: 'saving',
    place: store,
    finished: (image, digest) => withData(image, digest, [store]),
  });
};

/** PUT /v2/images/:id/stage: the data wait for an import. */
export const stage: Known = (cloud, call) =>
  take(cloud, call, {
    rule: 'modify_image',
    meanwhile: 'uploading',
    place: 'staging',
    finished: (image, digest) => ({ ...image, size: digest.size, staged: digest }),
  });

interface Taking {
  readonly rule: string;
  readonly meanwhile: 'saving' | 'uploading';
  readonly place: string;
  readonly finished: (image: Image, digest: Digest) => Image;
}

async function take(
  cloud: Cloud,
  call: KnownCall,
  { rule, meanwhile, place, finished }: Taking,
): Promise<Reply> {
  if (mediaType(call) !== 'application/octet-stream') throw refuse(415);
  const announced = announcedSize(call);
  const { store, blobs } = cloud;
  const id = param(call, 'id');
  const note = store.change(() => {
    const image = imageOf(cloud, call);
    permit(image, call, rule);
    if (image.status !== 'queued') throw badTurn(image, meanwhile);
    if (meanwhile === 'saving') checkFormats(image);
    store.images.put(id, { ...image, status: meanwhile, updated_at: cloud.clock() });
    return claim(cloud, id);
  });
  try {
    const digest = await blobs.receive(note.nonce, call.body);
    if (announced !== undefined && digest.size !== announced) {
      throw refuse(400, `Size mismatch: ${announced} bytes were announced and ${digest.size} came.`);
    }
    store.change(() => {
      const image = store.images.get(id);
      if (image === undefined) throw gone(id);
      blobs.place(note.nonce, place, id);
      store.images.put(id, { ...finished(image, digest), updated_at: cloud.clock() });
      release(cloud, note);
    });
  } catch (error) {
    settle(cloud, note);
    throw isFull(error)
      ? refuse(413, 'Image storage media is full: There is not enough disk space on the image storage media.')
      : error;
  }
  return empty(204);
}

/** Newer than the rest of what is spoken here: https://docs.openstack.org/api-ref/image/v2/#upload-binary-image-data */
function announcedSize({ headers }: KnownCall): number | undefined {
  const word = headers['x-openstack-image-size'];
  if (word === undefined) return undefined;
  if (!/^\d+$/.test(word)) throw refuse(400, 'Invalid or missing image size in request headers.');
  return Number(word);
}

const badTurn = ({ status }: Image, wanted: string) =>
  refuse(409, `Image status transition from ${status} to ${wanted} is not allowed`);

const gone = (id: string) =>
  refuse(
    410,
    `Image ${id} could not be found after upload. The image may have been deleted during the upload, cleaning up the chunks uploaded.`,
  );

const isFull = (error: unknown) =>
  error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(error.code));

/** GET /v2/images/:id/file, whole or one range of it */
export const download: Known = (cloud, call) => {
  const image = imageOf(cloud, call);
  if (image.status === 'deactivated' && !call.caller.admin) {
    throw refuse(403, 'The requested image has been deactivated. Image data download is forbidden.');
  }
  checkPreferred(call);
  const [store] = image.stores;
  const { id, size, checksum } = image;
  const elsewhere = image.locations[0]?.url;
  if ((store ?? elsewhere) === undefined || size === null) return { ...empty(204), headers: {} };
  const data = (start: number, end: number) =>
    store === undefined
      ? fetched(String(elsewhere), cloud.stopping.signal)
      : cloud.blobs.read(id, store, start, end);
  const range = rangeOf(call.headers.range, size);
  const { start, end } = range ?? { start: 0, end: size };
  const headers = {
    'content-type': 'application/octet-stream',
    ...(checksum !== null && { 'content-md5': checksum }),
  };
  // like Glance behind its cache, a whole answer does not say how long it is
  if (range === undefined) return { status: 200, headers, body: cached(cloud, image, data(start, end)) };
  if (store === undefined) {
    const span = `Offset: ${start}, length: ${end - start}`;
    throw refuse(400, `Getting images randomly from this store is not supported. ${span}`);
  }
  const span = {
    'content-range': `bytes ${start}-${end - 1}/${size}`,
    'content-length': String(end - start),
  };
  return { status: 206, headers: { ...headers, ...span }, body: data(start, end) };
};

/** All copies are equal here, so `prefer` only has to name stores that there are. */
function checkPreferred({ query }: KnownCall): void {
  const wanted = (query.get('prefer') ?? '').split(',').map((store) => store.trim());
  const unknown = wanted.find((store) => store !== '' && !stores.some(({ id }) => id === store));
  if (unknown !== undefined) throw refuse(400, `Store '${unknown}' is not configured.`);
}
