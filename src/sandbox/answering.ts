import { randomUUID } from 'node:crypto';
import { type Call, forbidden } from './calls.ts';
import type { Cloud } from './cloud.ts';
import { type Answering, type Exchange, json, type Reply } from './exchange.ts';
import { Dropped, type Fault } from './faults.ts';
import { identityRefusal, imageRefusal, Refusal, refuse, refuseWith, volumeRefusal } from './refusal.ts';
import { type Match, match } from './routes.ts';
import { callerOf, findToken } from './tokens.ts';

/** The way of a request: to its route, through the faults that are due there, with its token, and back. */
export function answering(cloud: Cloud, faults: readonly Fault[]): Answering {
  const left = new Map(faults.map((fault) => [fault, fault.times]));
  const isDue = (fault: Fault, name: string | undefined) => {
    const times = left.get(fault) ?? 0;
    if (fault.route !== name || times <= 0) return false;
    left.set(fault, times - 1);
    return true;
  };
  return async (request) => {
    cloud.store.refresh();
    const requestId = `req-${randomUUID()}`;
    const [path = '', query = ''] = splitAt(request.path, '?');
    const found = match(request.method, decoded(path));
    const straight: Answering = (it) => {
      const more = {
        params: found.params,
        query: new URLSearchParams(query),
        origin: originOf(it),
        requestId,
      };
      return routed(cloud, { ...it, ...more }, found);
    };
    const bent = faults
      .filter((it) => isDue(it, found.route?.name))
      .reduce((next, { bend }) => bend(next), straight);
    const reply = await bent(request).catch((error: unknown) => refusal(error, request, found));
    return {
      ...reply,
      headers: {
        ...reply.headers,
        ...(found.service === 'identity' ? { vary: 'X-Auth-Token' } : {}),
        'x-openstack-request-id': requestId,
      },
      body: request.method === 'HEAD' ? undefined : reply.body,
    };
  };
}

async function routed(cloud: Cloud, call: Call, { service, route, allowed }: Match): Promise<Reply> {
  if (route?.isOpen) return route.answer(cloud, call);
  // Glance asks for the token before it looks at the path, Keystone after it
  if (service === 'identity' && route === undefined) return notRouted(allowed);
  const token = findToken(cloud, call.headers['x-auth-token']);
  const caller = token === undefined ? undefined : callerOf(cloud, token);
  if (caller === undefined) throw refuse(401);
  if (route === undefined) {
    if (allowed.length > 0) throw refuse(405, undefined, { allow: allowed.join(', ') });
    throw refuse(spoken.includes(call.method) ? 404 : 501);
  }
  if (!route.takesBody && hasBody(call)) throw refuse(400, 'A body is not expected with this request.');
  if (service === 'image' && caller.projectId === undefined) throw forbidden('get_images');
  return route.answer(cloud, { ...call, caller });
}

const spoken = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'];

function hasBody({ headers }: Exchange): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Keystone's framework answers these two cases in its own forms. */
function notRouted(allowed: readonly string[]): Reply {
  if (allowed.length > 0) {
    const headers = { allow: allowed.join(', ') };
    return json(405, { message: 'The method is not allowed for the requested URL.' }, headers);
  }
  const page =
    '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>There is nothing here.</p>\n';
  return {
    status: 404,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: new TextEncoder().encode(page),
  };
}

const written = { identity: identityRefusal, image: imageRefusal, volume: volumeRefusal } as const;

function refusal(error: unknown, request: Exchange, { service }: Match): Reply {
  if (error instanceof Dropped) throw error;
  const told =
    error instanceof Refusal
      ? error
      : refuseWith(500, error instanceof Error ? error.message : String(error));
  const reply = written[service](told, request);
  if (reply.status !== 401) return reply;
  const login = { 'www-authenticate': `Keystone uri="${originOf(request)}/v3"` };
  return { ...reply, headers: { ...reply.headers, ...login } };
}

const originOf = ({ headers }: Exchange) => `http://${headers.host ?? 'sandbox.invalid'}`;

function splitAt(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** A broken escape stands for itself. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
