import { randomUUID } from 'node:crypto';
import { forbidden, imageOf, jsonBody, type Known, type KnownCall, permit } from './calls.ts';
import { claim, settle } from './claims.ts';
import { empty, isObject, json } from './exchange.ts';
import { blank, type Image, imageView, withProperties } from './image.ts';
import { stores } from './places.ts';
import { refuse, refuseWith } from './refusal.ts';
import { imageObject, imageProperties } from './schema.ts';
import { validate } from './validate.ts';

/** What an image can be imported by. */
export const importMethods = ['glance-direct', 'web-download', 'copy-image'] as const;

/** POST /v2/images */
export const createImage: Known = async (cloud, call) => {
  const body = await jsonBody(call);
  const fields = isObject(body) ? body : {};
  const unwritable = Object.keys(fields).find((key) => isReadOnly(key));
  if (unwritable !== undefined) throw refuse(403, `Attribute '${unwritable}' is read-only.`);
  validate('image', imageObject, body);
  const image = proposed(fields, call, cloud.clock());
  if (image.owner !== call.caller.projectId && !call.caller.admin) {
    throw refuseWith(403, `You are not permitted to create images owned by '${image.owner ?? 'None'}'`);
  }
  if (image.visibility === 'public' && !call.caller.admin) throw forbidden('publicize_image');
  checkStorable(image);
  cloud.store.change(() => {
    const { images, deleted } = cloud.store;
    const isTaken = images.get(image.id) !== undefined || deleted.get(image.id) === true;
    if (isTaken) throw refuse(409, `Image ID ${image.id} already exists!`);
    images.put(image.id, image);
  });
  return json(201, imageView(cloud, image, call.caller), {
    location: `${call.origin}/image/v2/images/${image.id}`,
    'openstack-image-import-methods': importMethods.join(','),
    'openstack-image-store-ids': stores.map(({ id }) => id).join(','),
  });
};

/** GET /v2/images/:id */
export const showImage: Known = (cloud, call) =>
  json(200, imageView(cloud, imageOf(cloud, call), call.caller));

/** DELETE /v2/images/:id */
export const deleteImage: Known = (cloud, call) => {
  const note = cloud.store.change(() => {
    const { images, cache, deleted, claims } = cloud.store;
    const image = imageOf(cloud, call, (id) => `Failed to find image ${id} to delete`);
    permit(image, call, 'delete_image');
    if (image.protected) throw refuse(403, `Image ${image.id} is protected and cannot be deleted.`);
    images.remove(image.id);
    cache.remove(image.id);
    deleted.put(image.id, true);
    // an upload that is under way finds out when it ends, and then removes the data itself
    return claims.get(image.id) === undefined ? claim(cloud, image.id) : undefined;
  });
  if (note !== undefined) settle(cloud, note);
  return empty(204);
};

const reserved = ['location', 'locations', 'deleted', 'deleted_at'];

/** Fields that no request may set: Glance's own, and those that the schema marks. */
export const isReadOnly = (name: string) =>
  Object.hasOwn(imageProperties, name) && imageProperties[name]?.readOnly === true;

/** Names that are taken, though they are no fields. */
export const isReserved = (name: string) => reserved.includes(name) || name.startsWith('os_glance');

/** Whether an image always has this field: it can be replaced but not removed. */
export const isBase = (name: string) =>
  Object.hasOwn(imageProperties, name) && imageProperties[name]?.is_base !== false;

function proposed(fields: Record<string, unknown>, { caller }: KnownCall, now: number): Image {
  const own = Object.keys(fields).filter((name) => !isBase(name));
  const taken = Object.keys(fields).find(isReserved);
  if (taken !== undefined) throw refuseWith(403, `Attribute '${taken}' is reserved.`);
  checkCount('properties', own.length, mostProperties);
  const start = blank(
    typeof fields.id === 'string' ? fields.id : randomUUID(),
    caller.projectId ?? null,
    now,
  );
  return Object.entries(fields).reduce((image, [name, value]) => withField(image, name, value), start);
}

/** The image with one field set; its value has passed the schema. */
export function withField(image: Image, name: string, value: unknown): Image {
  if (name === 'tags') return { ...image, tags: [...new Set(value as string[])] };
  if (isBase(name)) return { ...image, [name]: value };
  if (name.length > 255) throw refuse(400, 'Custom property should not be greater than 255 characters.');
  const changed = withProperties(image, Object.fromEntries([[name, value as string | null]]));
  checkCount('properties', Object.keys(changed.properties).length, mostProperties);
  return changed;
}

/** Data may only come to an image that says what they are. */
export function checkFormats(image: Image): void {
  const missing = (['disk_format', 'container_format'] as const).filter((field) => image[field] === null);
  if (missing.length === 0) return;
  const noun = missing.length > 1 ? 'Properties' : 'Property';
  throw refuse(400, `${noun} ${missing.join(', ')} must be set prior to saving data.`);
}

const mostTags = 128;
const mostProperties = 128;
const largest = 2 ** 31 - 1;

/** What Glance's database refuses although the schema lets it pass. */
export function checkStorable(image: Image): void {
  for (const field of ['min_disk', 'min_ram'] as const) {
    const value = image[field];
    if (value < 0) {
      throw refuse(400, `Invalid value '${value}' for parameter '${field}': Cannot be a negative value`);
    }
    if (value > largest) throw refuse(400, `'${field}' value out of range, must not exceed ${largest}.`);
  }
  checkCount('tags', image.tags.length, mostTags);
  const named = Object.entries({ ...image.properties, name: image.name });
  if (named.some(([name]) => isWide(name))) throw refuse(400, "Property names can't contain 4 byte unicode.");
  const wide = named.find(([, value]) => isWide(value));
  if (wide !== undefined) throw refuse(400, `${titled(wide[0])} can't contain 4 byte unicode characters.`);
  if (image.tags.some(isWide)) throw refuse(400, "Param values can't contain 4 byte unicode.");
}

function checkCount(what: string, count: number, most: number): void {
  if (count <= most) return;
  throw refuse(
    413,
    `The limit has been exceeded on the number of allowed image ${what}. Attempted: ${count}, Maximum: ${most}`,
  );
}

const isWide = (text: string | null) => text !== null && /[\u{10000}-\u{10ffff}]/u.test(text);
const titled = (name: string) =>
  name.replace(/[a-z]+/gi, (word) => word.charAt(0).toUpperCase() + word.slice(1));
