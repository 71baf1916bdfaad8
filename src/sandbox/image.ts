import type { Digest } from './blobs.ts';
import type { Cloud } from './cloud.ts';
import { webStore } from './places.ts';
import type { Caller } from './tokens.ts';

/** One image as it is kept; the names are the API's. Times in ms. */
export interface Image {
  readonly id: string;
  readonly name: string | null;
  readonly status: 'queued' | 'saving' | 'uploading' | 'importing' | 'active' | 'deactivated';
  readonly visibility: string;
  readonly protected: boolean;
  readonly os_hidden: boolean;
  readonly disk_format: string | null;
  readonly container_format: string | null;
  readonly min_disk: number;
  readonly min_ram: number;
  readonly owner: string | null;
  readonly size: number | null;
  readonly virtual_size: number | null;
  readonly checksum: string | null;
  readonly os_hash_algo: string | null;
  readonly os_hash_value: string | null;
  readonly tags: readonly string[];
  /** What has no column: the users' own, and Glance's os_glance_ ones. */
  readonly properties: Properties;
  readonly stores: readonly string[];
  /** Data on other servers, and what is noted of the copies in stores. */
  readonly locations: readonly Location[];
  readonly members: readonly Member[];
  /** What lies in staging and waits for its import. */
  readonly staged: Digest | undefined;
  readonly created_at: number;
  readonly updated_at: number;
}

export type Properties = Readonly<Record<string, string | null>>;

/** Where data lie, and what people noted of it. */
export interface Location {
  readonly url: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A project that an image is shared with. */
export interface Member {
  readonly id: string;
  readonly status: string;
  readonly created_at: number;
  readonly updated_at: number;
}

/** A record with nothing said about it. */
export const blank = (id: string, owner: string | null, now: number): Image => ({
  id,
  name: null,
  status: 'queued',
  visibility: 'shared',
  protected: false,
  os_hidden: false,
  disk_format: null,
  container_format: null,
  min_disk: 0,
  min_ram: 0,
  owner,
  size: null,
  virtual_size: null,
  checksum: null,
  os_hash_algo: null,
  os_hash_value: null,
  tags: [],
  properties: {},
  stores: [],
  locations: [],
  members: [],
  staged: undefined,
  created_at: now,
  updated_at: now,
});

/** The image as the API shows it to `caller`. */
export function imageView(cloud: Cloud, image: Image, caller: Caller): Record<string, unknown> {
  const { properties, stores, locations, members, staged, created_at, updated_at, ...fields } = image;
  const self = `/v2/images/${image.id}`;
  const [first, ...others] = seesLocations(image, caller) ? locationsOf(cloud, image) : [];
  const all = first === undefined ? [] : [first, ...others];
  return {
    ...properties,
    ...fields,
    created_at: isotime(created_at),
    updated_at: isotime(updated_at),
    self,
    file: `${self}/file`,
    schema: '/v2/schemas/image',
    ...(cloud.showsLocations && { locations: all, ...(first && { direct_url: first.url }) }),
    ...(first && { stores: all.map(({ metadata }) => metadata.store).join(',') }),
  };
}

/** Of an image that is out of use only admins learn where its data are. */
const seesLocations = ({ status }: Image, { admin }: Caller) => status !== 'deactivated' || admin;

/** Where the image's data are: its copies, then those on other servers; each says which store that is. */
export function locationsOf({ blobs }: Cloud, { id, stores, locations }: Image): readonly Location[] {
  const copies = stores.map((store) => {
    const url = blobs.url(id, store);
    const noted = locations.find((location) => location.url === url);
    return { url, metadata: { ...noted?.metadata, store } };
  });
  const others = locations.filter(({ url }) => !url.startsWith('file:'));
  return [
    ...copies,
    ...others.map(({ url, metadata }) => ({ url, metadata: { ...metadata, store: webStore } })),
  ];
}

/** The image without one of these. */
export function withoutLocation(image: Image, at: number): Image {
  const { stores, locations } = image;
  if (at < stores.length) return { ...image, stores: stores.filter((_, place) => place !== at) };
  const others = locations.filter(({ url }) => !url.startsWith('file:'));
  const gone = others[at - stores.length];
  return { ...image, locations: locations.filter((location) => location !== gone) };
}

/** Glance's form of a time: whole seconds. */
export const isotime = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** The image with data: what the record says of them once they are in a store. */
export function withData(image: Image, digest: Digest, stores: readonly string[]): Image {
  return {
    ...image,
    status: 'active',
    size: digest.size,
    virtual_size: virtualSize(image, digest),
    checksum: digest.md5,
    os_hash_algo: 'sha512',
    os_hash_value: digest.sha512,
    stores,
    staged: undefined,
  };
}

/** Known where the bytes are the disk, or say how large it is. */
function virtualSize({ disk_format, container_format }: Image, { size, qcow2 }: Digest): number | null {
  if (container_format !== 'bare') return null;
  if (disk_format === 'raw') return size || null;
  return disk_format === 'qcow2' ? (qcow2 ?? null) : null;
}

/** A property by a name that a client chose. */
export const byName = (properties: Properties, name: string) =>
  Object.hasOwn(properties, name) ? properties[name] : undefined;

/** The image with more properties, or others. Built from entries, because a name may be `__proto__`. */
export const withProperties = (image: Image, more: Properties): Image => ({
  ...image,
  properties: Object.fromEntries([...Object.entries(image.properties), ...Object.entries(more)]),
});

export const withoutProperty = (image: Image, name: string): Image => ({
  ...image,
  properties: Object.fromEntries(Object.entries(image.properties).filter(([it]) => it !== name)),
});
