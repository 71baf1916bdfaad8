import { join } from 'node:path';
import { imageOf, type Known, type Open, param, permit, permitAdmin } from './calls.ts';
import { empty, json } from './exchange.ts';
import { locationsOf, withoutLocation } from './image.ts';
import { importMethods } from './images.ts';
import { defaultStore, storeIds, stores } from './places.ts';
import { refuse } from './refusal.ts';

const minors = [18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0];

/** GET /image/versions, and with 300 whatever names no version: all there are, as of a server with several stores and a cache. */
export const imageVersions =
  (status: 200 | 300): Open =>
  (_cloud, { origin }) =>
    json(status, {
      versions: minors.map((minor, at) => ({
        id: `v2.${minor}`,
        status: at === 0 ? 'CURRENT' : 'SUPPORTED',
        links: [{ rel: 'self', href: `${origin}/image/v2/` }],
      })),
    });

/** Whether the Image service takes `v2`, `v2.7` and so on at the start of a path. */
export const isVersion = (word: string) => word === 'v2' || minors.some((minor) => word === `v2.${minor}`);

/** GET /v2/schemas/:name, and the same below /v2/schemas/metadefs */
export const showSchema = (schemas: Readonly<Record<string, object>>): Known => {
  return (_cloud, call) => {
    const name = param(call, 'name');
    if (!Object.hasOwn(schemas, name)) throw refuse(404);
    return json(200, schemas[name]);
  };
};

/** GET /v2/info/import */
export const importInfo: Known = () =>
  json(200, {
    'import-methods': { description: 'Ways to import data', type: 'array', value: importMethods },
  });

const shown = stores.map(({ type: _type, ...store }) => ({
  ...store,
  ...(store.id === defaultStore ? { default: 'true' } : {}),
}));

/** GET /v2/info/stores */
export const storesInfo: Known = () => json(200, { stores: shown });

/** GET /v2/info/stores/detail */
export const storesDetail: Known = (cloud, call) => {
  permitAdmin(call, 'stores_info_detail');
  const detail = ({ id, type }: (typeof stores)[number]) => ({
    type,
    properties:
      type === 'file' ? { data_dir: join(cloud.dir, id), chunk_size: 65536, thin_provisioning: false } : {},
  });
  return json(200, { stores: stores.map((store, at) => ({ ...shown[at], ...detail(store) })) });
};

/** GET /v2/info/usage: what the project uses; nothing is limited, which is -1 in Keystone's limits. Sizes in MiB. */
export const usageInfo: Known = (cloud, { caller }) => {
  const images = cloud.store.images.all().filter(({ owner }) => owner === caller.projectId);
  const uploading = images.filter(
    ({ status }) => status !== 'queued' && status !== 'active' && status !== 'deactivated',
  );
  const mebibytes = (bytes: readonly number[]) =>
    Math.floor(bytes.reduce((sum, it) => sum + it, 0) / 2 ** 20);
  const usage = {
    image_size_total: mebibytes(images.map((image) => (image.size ?? 0) * image.stores.length)),
    image_stage_total: mebibytes(uploading.map(({ size }) => size ?? 0)),
    image_count_total: images.length,
    image_count_uploading: uploading.length,
  };
  return json(200, {
    usage: Object.fromEntries(
      Object.entries(usage).map(([name, used]) => [name, { usage: used, limit: -1 }]),
    ),
  });
};

/** DELETE /v2/stores/:store/:id: one copy of several */
export const removeCopy: Known = (cloud, call) => {
  const place = param(call, 'store');
  if (!stores.some(({ id }) => id === place))
    throw refuse(409, `The selected store ${place} is not available on this node.`);
  cloud.store.change(() => {
    const image = imageOf(cloud, call, (id) => `Failed to find image ${id}`);
    permit(image, call, 'get_image_location');
    permitAdmin(call, 'delete_image_location');
    if (image.status !== 'active') {
      throw refuse(409, "It's not allowed to remove image data from store if image status is not 'active'");
    }
    const all = locationsOf(cloud, image);
    if (all.length === 1) {
      throw refuse(
        403,
        'Cannot delete image data from the only store containing it. Consider deleting the image instead.',
      );
    }
    const at = all.findIndex(({ metadata }) => metadata.store === place);
    if (at < 0) throw refuse(404, `Image ${image.id} is not stored in store ${place}.`);
    cloud.store.images.put(image.id, { ...withoutLocation(image, at), updated_at: cloud.clock() });
  });
  if (storeIds.includes(place)) cloud.blobs.remove(param(call, 'id'), [place]);
  return empty(204);
};
