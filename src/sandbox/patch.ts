import { forbidden, imageOf, jsonBody, type Known, type KnownCall, permit, revise } from './calls.ts';
import { isObject, json } from './exchange.ts';
import { byName, type Image, imageView, withoutProperty } from './image.ts';
import { checkStorable, isBase, isReadOnly, isReserved, withField } from './images.ts';
import { type Relocation, relocated, sizesOf } from './locations.ts';
import { refuse, refuseWith } from './refusal.ts';
import { imageObject, imageProperties } from './schema.ts';
import { validate } from './validate.ts';

/** PATCH /v2/images/:id, https://docs.openstack.org/api-ref/image/v2/#update-image */
export const updateImage: Known = async (cloud, call) => {
  const draft = drafts[mediaType(call)];
  if (draft === undefined) throw refuse(415, undefined, { 'accept-patch': Object.keys(drafts).join(', ') });
  const body = await jsonBody(call);
  if (!Array.isArray(body)) throw refuse(400, 'Request body must be a JSON array of operation objects.');
  const changes = body.map((operation: unknown) => {
    if (!isObject(operation)) throw refuse(400, 'Operations must be JSON objects.');
    return checked(operation, draft(operation));
  });
  if (changes.length === 0) return json(200, imageView(cloud, imageOf(cloud, call), call.caller));
  const moves = changes.filter(({ name }) => name === 'locations');
  const sizes = await sizesOf(cloud, moves);
  let stores: readonly string[] = [];
  const image = revise(cloud, call, (old) => {
    stores = old.stores;
    const changed = changes.reduce(
      (it, change) =>
        change.name === 'locations' ? relocated(cloud, it, change, call, sizes) : applied(it, change, call),
      old,
    );
    checkStorable(changed);
    return changed;
  });
  const left = stores.filter((store) => !image.stores.includes(store));
  cloud.blobs.remove(image.id, left);
  return json(200, imageView(cloud, image, call.caller));
};

const operations = ['add', 'remove', 'replace'] as const;
type Operation = (typeof operations)[number];

interface Change extends Relocation {
  readonly name: string;
  /** Draft 4 refuses to add what is there; draft 10 replaces it. */
  readonly onlyNew: boolean;
}

interface Pointed {
  readonly op: Operation;
  readonly pointer: unknown;
  readonly onlyNew: boolean;
}

/** The two forms of an operation: `{"add": "/name"}`, and `{"op": "add", "path": "/name"}`. */
const drafts: Readonly<Record<string, (operation: Record<string, unknown>) => Pointed>> = {
  'application/openstack-images-v2.0-json-patch': (operation) => {
    const [op, second] = operations.filter((it) => Object.hasOwn(operation, it));
    const members = 'named "add", "remove", or "replace".';
    if (op === undefined) throw refuse(400, `Operation objects must contain exactly one member ${members}`);
    if (second !== undefined) throw refuse(400, `Operation objects must contain only one member ${members}`);
    return { op, pointer: operation[op], onlyNew: op === 'add' };
  },
  'application/openstack-images-v2.1-json-patch': (operation) => {
    const must = `It must be one of the following: ${operations.join(', ')}.`;
    const { op: word, path } = operation;
    if (word === undefined) throw refuse(400, `Unable to find \`op\` in JSON Schema change. ${must}`);
    const op = operations.find((it) => it === word);
    if (op === undefined) throw refuse(400, `Invalid operation: \`${word}\`. ${must}`);
    if (path === undefined) throw refuse(400, "Unable to find 'path' in JSON Schema change");
    return { op, pointer: path, onlyNew: false };
  },
};

/** The media type without its parameters. */
export const mediaType = ({ headers }: KnownCall) =>
  (headers['content-type'] ?? '').split(';', 1)[0]?.trim() ?? '';

/** How deep a pointer may reach; everything else is one name. */
const locationDepth: Readonly<Record<Operation, number>> = { add: 2, remove: 2, replace: 1 };

function checked(operation: Record<string, unknown>, { op, pointer, onlyNew }: Pointed): Change {
  const path = namesIn(String(pointer));
  const name = path[0] ?? '';
  if (path.length !== (name === 'locations' ? locationDepth[op] : 1)) {
    throw refuse(400, `Invalid JSON pointer for this resource: '/${path.join('/')}'`);
  }
  if (op !== 'remove' && !Object.hasOwn(operation, 'value')) {
    throw refuse(400, `Operation "${op}" requires a member named "value".`);
  }
  if (name === 'id' || isReadOnly(name)) throw refuse(403, `Attribute '${name}' is read-only.`);
  if (name !== 'locations' && isReserved(name)) throw refuse(403, `Attribute '${name}' is reserved.`);
  const { value } = operation;
  if (op !== 'remove') {
    const isItem = path.length > 1 && imageProperties[name]?.type === 'array';
    validate('image', imageObject, Object.fromEntries([[name, isItem ? [value] : value]]));
  }
  return { op, name, place: path[1], value, onlyNew };
}

/** The names in a JSON pointer, as far as Glance takes one (RFC 6901, no empty names). */
function namesIn(pointer: string): readonly string[] {
  const wrong = (why: string) => refuse(400, `Pointer \`${pointer}\` ${why}`);
  if (!pointer.startsWith('/')) throw wrong('does not start with "/".');
  if (/\/\s*?\//.test(pointer.slice(1))) throw wrong('contains adjacent "/".');
  if (pointer.length > 1 && pointer.endsWith('/')) throw wrong('end with "/".');
  if (/~[^01]|~$/.test(pointer)) throw wrong('contains "~" not part of a recognized escape sequence.');
  return pointer
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~').trim());
}

function applied(image: Image, { op, name, value, onlyNew }: Change, call: KnownCall): Image {
  if (name === 'owner' && op !== 'remove' && !call.caller.admin) {
    throw refuseWith(403, "Owner can't be updated by non admin.");
  }
  if (name === 'visibility' && value === 'public' && !call.caller.admin) throw forbidden('publicize_image');
  permit(image, call, 'modify_image');
  const isThere = isBase(name) || byName(image.properties, name) !== undefined;
  if (op === 'add' && onlyNew && isThere) throw refuseWith(409, `Property ${name} already present.`);
  if (op !== 'add' && !isThere) throw refuseWith(409, `Property ${name} does not exist.`);
  if (op === 'remove') {
    if (isBase(name)) throw refuseWith(403, `Property ${name} may not be removed.`);
    return withoutProperty(image, name);
  }
  if (name === 'disk_format' || name === 'container_format') {
    const open = image.status === 'queued' || image.status === 'importing';
    if (!open) throw refuse(403, `Attribute ${name} can be only replaced for a queued image.`);
  }
  return withField(image, name, value);
}
