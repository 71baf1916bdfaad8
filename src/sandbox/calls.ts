import type { Cloud } from './cloud.ts';
import { type Exchange, isObject, type Reply, readJson } from './exchange.ts';
import type { Image } from './image.ts';
import { refuse } from './refusal.ts';
import { uuid } from './schema.ts';
import type { Caller } from './tokens.ts';

/** A request as a route sees it. */
export interface Call extends Exchange {
  /** What stands in the path where the route's pattern has a `:name`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Where the client sees the sandbox: scheme, host and port. */
  readonly origin: string;
  readonly requestId: string;
}

/** A call with a token. */
export interface KnownCall extends Call {
  readonly caller: Caller;
}

/** What a route does, for a call that needs no token and for one that does. */
export type Open = (cloud: Cloud, call: Call) => Reply | Promise<Reply>;
export type Known = (cloud: Cloud, call: KnownCall) => Reply | Promise<Reply>;

/** The parameter called `name`; a route asks only for those that its pattern has. */
export const param = ({ params }: Call, name: string): string => params[name] ?? '';

const id = new RegExp(uuid);

/** Whether this is an id at all: only then is it looked up. */
export const isId = (word: string) => id.test(word);

/** A JSON body that has to be there, and to be a list or an object. */
export async function jsonBody(call: Call): Promise<unknown> {
  const body = await readJson(call.body);
  if (body === undefined) throw refuse(400, 'Body expected in request.');
  if (!isObject(body) && !Array.isArray(body)) throw refuse(400, 'Unexpected body type. Expected list/dict.');
  return body;
}

/** Whether a project may look at an image: its own, one for all, or one shared with it, accepted or not. */
export function isVisible(image: Image, caller: Caller): boolean {
  if (caller.admin || image.owner === null || isOwner(image, caller)) return true;
  if (image.visibility === 'public' || image.visibility === 'community') return true;
  return image.visibility === 'shared' && image.members.some((member) => member.id === caller.projectId);
}

const isOwner = ({ owner }: Image, { projectId }: Caller) => projectId !== undefined && owner === projectId;

/** The image that the path names, or the refusal that does not tell a hidden one from none. */
export function imageOf(cloud: Cloud, call: KnownCall, missing: Missing = noImage): Image {
  const wanted = param(call, 'id');
  const image = isId(wanted) ? cloud.store.images.get(wanted) : undefined;
  if (image === undefined || !isVisible(image, call.caller)) throw refuse(404, missing(wanted));
  return image;
}

/** What to say of an image that is not there. */
type Missing = (id: string) => string | undefined;
const noImage: Missing = (id) => `No image found with ID ${id}`;

/** Lets admins and owners pass; `action` is the name of the rule in Glance's policy. */
export function permit(image: Image, { caller }: KnownCall, action: string): void {
  if (!caller.admin && !isOwner(image, caller)) throw forbidden(action);
}

/** For what only admins may do. */
export function permitAdmin({ caller }: KnownCall, action: string): void {
  if (!caller.admin) throw forbidden(action);
}

export const forbidden = (action: string) =>
  refuse(403, `You are not authorized to complete ${action} action.`);

/** Reads the image anew within a change, works on it, and keeps what comes out with the time of it. */
export function revise(cloud: Cloud, call: KnownCall, work: (image: Image) => Image, missing?: Missing) {
  return cloud.store.change(() => {
    const changed = { ...work(imageOf(cloud, call, missing)), updated_at: cloud.clock() };
    cloud.store.images.put(changed.id, changed);
    return changed;
  });
}
