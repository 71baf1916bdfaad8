import { forbidden, imageOf, type Known, type KnownCall, permit, permitAdmin } from './calls.ts';
import type { Cloud } from './cloud.ts';
import { sizeAt } from './fetched.ts';
import { type Image, type Location, locationsOf, withoutLocation } from './image.ts';
import { checkFormats } from './images.ts';
import { webStore } from './places.ts';
import { refuse, refuseWith } from './refusal.ts';

/** One step of a JSON patch on `/locations`; `place` is what follows that. */
export interface Relocation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly place: string | undefined;
  readonly value: unknown;
}

/** A location as it is given: the schema has checked its form. */
interface Given extends Location {
  readonly validation_data?: Readonly<Record<string, string>>;
}

/** The size of what lies at each address. */
export type Sizes = ReadonlyMap<string, number | undefined>;

/** Asks the servers that the steps name; where locations are not shown nobody is asked. */
export async function sizesOf(
  { stopping, showsLocations }: Cloud,
  steps: readonly Relocation[],
): Promise<Sizes> {
  const urls = showsLocations ? steps.flatMap(givenIn).map(({ url }) => url) : [];
  const sizes = [...new Set(urls)].map(async (url) => [url, await sizeAt(url, stopping.signal)] as const);
  return new Map(await Promise.all(sizes));
}

const givenIn = ({ op, value }: Relocation): readonly Given[] =>
  op === 'remove' ? [] : ([value].flat() as readonly Given[]);

/** The image after one step. */
export function relocated(
  cloud: Cloud,
  image: Image,
  step: Relocation,
  call: KnownCall,
  sizes: Sizes,
): Image {
  const { op } = step;
  const given = givenIn(step);
  if (op === 'replace' && given.length === 0) throw refuseWith(403, 'Cannot set locations to empty list.');
  if (op === 'remove') permitAdmin(call, 'delete_image_location');
  else permit(image, call, 'set_image_location');
  if (!cloud.showsLocations) {
    const verb = op === 'replace' ? 'update' : op;
    throw refuse(403, `It's not allowed to ${verb} locations if locations are invisible.`);
  }
  const open = op === 'remove' ? ['active'] : ['active', 'queued'];
  if (!open.includes(image.status)) {
    throw refuse(409, `It's not allowed to ${op} locations if image status is ${image.status}.`);
  }
  if (op === 'remove') return withoutOne(cloud, image, step.place);
  const proof = proofIn(image, given);
  const all = locationsOf(cloud, image);
  if (op === 'add' && !/^(\d+|-)$/.test(step.place ?? '')) {
    throw refuse(400, 'Invalid position for adding a location.');
  }
  if (op === 'replace' && all.length > 0) return noted(image, all, given);
  if (image.status === 'queued') checkFormats(image);
  const added = given.reduce((it, location) => withOne(cloud, it, location, sizes), image);
  return image.status === 'queued' ? { ...added, ...proof, status: 'active' } : added;
}

function withoutOne(cloud: Cloud, image: Image, place = ''): Image {
  const { length } = locationsOf(cloud, image);
  if (length === 1) throw refuseWith(403, 'Cannot remove last location in the image.');
  const at = place === '-' ? length - 1 : /^\d+$/.test(place) ? Number(place) : length;
  if (at >= length) throw refuse(400, 'Invalid position for removing a location.');
  return withoutLocation(image, at);
}

/** Whatever the position, Glance's database keeps a new location behind the others. */
function withOne(cloud: Cloud, image: Image, { url, metadata }: Given, sizes: Sizes): Image {
  const size = sizes.get(url) ?? 0;
  if (!(size > 0)) throw refuse(400, 'Invalid location');
  if (!isStorable(metadata)) throw refuse(500);
  const text = (it: Location) => JSON.stringify([it.url, it.metadata]);
  const location = { url, metadata: { ...metadata, store: webStore } };
  if (locationsOf(cloud, image).some((other) => text(other) === text(location))) {
    throw refuse(400, `The location ${url} already exists`);
  }
  return { ...image, size: image.size || size, locations: [...image.locations, location] };
}

/** Text all the way down: other values break the real service, too. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isStorable);
  return typeof value === 'string';
}

/** Only what is noted may change once there are locations. */
function noted(image: Image, all: readonly Location[], given: readonly Given[]): Image {
  const urls = (them: readonly Location[]) =>
    them
      .map(({ url }) => url)
      .sort()
      .join('\n');
  if (urls(all) !== urls(given)) {
    throw refuse(400, `Original locations is not empty: ${JSON.stringify(all)}`);
  }
  return { ...image, locations: given.map(({ url, metadata }) => ({ url, metadata })) };
}

type Proof = Partial<Pick<Image, 'checksum' | 'os_hash_algo' | 'os_hash_value'>>;

const algorithm = 'sha512';
const digits = { checksum: 32, os_hash_value: 128 } as const;

/** What the validation data say of the bytes: that must be new, and only of an image that has none yet. */
function proofIn(image: Image, given: readonly Given[]): Proof {
  const said = new Map<string, string>();
  for (const [key, value] of given.flatMap((it) => Object.entries(it.validation_data ?? {}))) {
    if ((said.get(key) ?? value) !== value) throw refuse(409, `Conflicting values for ${key}`);
    said.set(key, value);
  }
  const fresh = [...said].filter(([key, value]) => {
    const held = image[key as keyof Proof];
    if (held !== value && held !== null) throw refuse(409, `${key} is already set with a different value`);
    return held !== value;
  });
  if (fresh.length === 0) return {};
  const names = fresh.map(([key]) => key).join(', ');
  if (image.status !== 'queued') {
    throw refuse(409, `New value(s) for ${names} may only be provided when image status is 'queued'`);
  }
  const proof: Proof = Object.fromEntries(fresh);
  checkHex('checksum', 'md5', proof.checksum ?? undefined);
  if (proof.os_hash_algo !== algorithm) {
    throw refuse(409, `os_hash_algo must be ${algorithm}, not ${proof.os_hash_algo}`);
  }
  checkHex('os_hash_value', algorithm, proof.os_hash_value ?? undefined);
  return proof;
}

function checkHex(key: keyof typeof digits, name: string, value: string | undefined): void {
  if (value === undefined) return;
  if (!/^([0-9a-f]{2})*$/i.test(value))
    throw refuse(409, `${key} (${value}) is not a valid hexadecimal value`);
  if (value.length !== digits[key]) {
    const size = `should be ${digits[key] / 2} bytes`;
    throw refuse(409, `${key} (${value}) is not the correct size for ${name} (${size})`);
  }
}

/** GET /v2/images/:id/locations: for the cloud's own services, of which there are none here. */
export const showLocations: Known = (cloud, call) => {
  imageOf(cloud, call);
  throw forbidden('fetch_image_location');
};
