import { createHash } from 'node:crypto';
import { jsonBody, type KnownCall, param, permitAdmin } from './calls.ts';
import type { Cloud } from './cloud.ts';
import { isObject, type Reply } from './exchange.ts';
import { isotime } from './image.ts';
import { refuse } from './refusal.ts';
import type { Schema } from './schema.ts';
import type { Caller } from './tokens.ts';
import { validate } from './validate.ts';

/** A namespace with everything in it, as it is kept; the names are the API's. */
export interface Namespace extends Times {
  /** Later ones have higher numbers. */
  readonly id: number;
  readonly namespace: string;
  readonly display_name?: string;
  readonly description?: string;
  readonly visibility: string;
  readonly protected: boolean;
  readonly owner: string;
  readonly associations: readonly Association[];
  readonly properties: readonly Property[];
  readonly objects: readonly MetadefObject[];
  /** In the order in which they were made. */
  readonly tags: readonly Tag[];
}

/** ms; what Glance ships was never changed. */
export interface Times {
  readonly created_at: number;
  readonly updated_at?: number;
}

/** A kind of thing that definitions are for. */
export interface ResourceType extends Times {
  /** Later ones have higher numbers. */
  readonly id: number;
  readonly name: string;
}

/** What a namespace has to do with a resource type. */
export interface Association extends Times {
  readonly name: string;
  readonly prefix?: string;
  readonly properties_target?: string;
}

/** What is said of a property's values, in words of JSON Schema. */
export type Rules = Readonly<Record<string, unknown>>;

/** A property by the name that it has in its namespace; its description may say another one. */
export interface Property {
  readonly name: string;
  readonly rules: Rules;
}

/** A group of properties. */
export interface MetadefObject extends Times {
  readonly name: string;
  readonly description?: string;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Rules>>;
}

/** A word that a namespace has. */
export interface Tag extends Times {
  readonly name: string;
}

/** The key of a namespace or a resource type on its shelf. */
export const keyOf = (name: string) => createHash('sha256').update(name).digest('hex');

/** Finds one by its name. */
export const byName = <T extends { readonly name: string }>(all: readonly T[], name: string) =>
  all.find((it) => it.name === name);

/** Nothing of a record but its times. */
export const timesOf = ({ created_at, updated_at }: Times): Times => ({
  created_at,
  ...(updated_at !== undefined && { updated_at }),
});

/** Times as the API tells them. */
export const timesView = ({ created_at, updated_at }: Times) => ({
  created_at: isotime(created_at),
  ...(updated_at === undefined ? {} : { updated_at: isotime(updated_at) }),
});

/** Whether a namespace is shown to somebody. */
export const isShown = ({ owner, visibility }: Namespace, { admin, projectId }: Caller) =>
  admin || visibility === 'public' || owner === projectId;

/** What is said of a namespace that is not there, or that is not the caller's to see. */
export type Missing = (name: string, isHidden: boolean) => string | undefined;

/** What most routes say. */
const notFound: Missing = (name) => `Namespace ${name} not found`;

/** What those of objects say. */
export const notFoundExactly: Missing = (name, isHidden) =>
  isHidden ? notFound(name, true) : `Metadata definition namespace=${name} was not found.`;

/** The namespace that the path names. */
export function namespaceOf(cloud: Cloud, call: KnownCall, missing: Missing = notFound): Namespace {
  const name = param(call, 'namespace');
  const namespace = cloud.store.namespaces.get(keyOf(name));
  if (namespace !== undefined && isShown(namespace, call.caller)) return namespace;
  throw refuse(404, missing(name, namespace !== undefined));
}

/** What comes of a change: the namespace as it is then, and the answer. */
export interface Changed {
  readonly namespace: Namespace;
  readonly reply: Reply;
}

/** Lets administrators change the namespace that the path names; `action` is the name of the rule in Glance's policy. */
export function revise(
  cloud: Cloud,
  call: KnownCall,
  action: string,
  work: (namespace: Namespace) => Changed,
  missing?: Missing,
): Reply {
  return cloud.store.change(() => {
    const old = namespaceOf(cloud, call, missing);
    permitAdmin(call, action);
    const { namespace, reply } = work(old);
    if (namespace.namespace !== old.namespace) cloud.store.namespaces.remove(keyOf(old.namespace));
    cloud.store.namespaces.put(keyOf(namespace.namespace), namespace);
    return reply;
  });
}

/** Refuses to delete `what` if its namespace is protected. */
export function refuseProtected(namespace: Namespace, what = `namespace ${namespace.namespace}`): void {
  if (namespace.protected) {
    throw refuse(403, `Metadata definition ${what} is protected and cannot be deleted.`);
  }
}

/** The body of a request that makes or changes a definition; `unwritable` are fields that are Glance's own. */
export async function fieldsOf(
  call: KnownCall,
  schema: Schema & { readonly name: string },
  unwritable: readonly string[],
): Promise<Record<string, unknown>> {
  const body = await jsonBody(call);
  if (!isObject(body)) throw breakDown();
  const taken = unwritable.find((key) => Object.hasOwn(body, key));
  if (taken !== undefined) throw refuse(403, `Attribute '${taken}' is read-only.`);
  validate(schema.name, schema, body);
  return body;
}

/** Fields that no request may set, in definitions without links to themselves and with them. */
export const ownTimes = ['created_at', 'updated_at'];
export const ownFields = ['self', 'schema', ...ownTimes];

/** What Glance answers where its schema lets pass what the code behind it does not expect. */
export const breakDown = () => refuse(500);
