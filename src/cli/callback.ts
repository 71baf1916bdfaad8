import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MissingSetting, UsageError } from '../errors.ts';
import { isNear } from '../keystone/encrypted-url.ts';
import type { Arrival, Journey } from '../keystone/pass.ts';

/** Where words to a person go, and how their browser is opened. */
export interface Door {
  urge(line: string): void;
  open(url: string): Promise<void>;
}

/**
 * Listens on this machine for what a browser brings back from its journey. Whoever else comes by, by mistake or to slip
 * in a login of their own, is turned away and forgotten.
 */
export async function browse(journey: Journey, door: Door, signal: AbortSignal): Promise<Arrival> {
  const { back, servers } = await listen(journey.back);
  try {
    const start = journey.start(back).href;
    const arrived = arrival(servers, { ...journey, back }, signal);
    door.urge(`Log in with a browser of this machine: ${start}`);
    await door.open(start);
    return { fields: await arrived, back };
  } finally {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  }
}

/** How long a person may take, in ms. */
const patience = 600_000;

function arrival(
  servers: readonly Server[],
  journey: Journey,
  signal: AbortSignal,
): Promise<URLSearchParams> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new MissingSetting('Nobody came back from the browser in time'));
    setTimeout(late, patience).unref();
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    const welcome = async (request: IncomingMessage, response: ServerResponse) => {
      const brought = await receive(request, journey).catch(() => 400);
      if (typeof brought === 'number') return reply(response, brought, 'This is not what was waited for.');
      const page = 'You can close this page: the program goes on where you started it.';
      reply(response, 200, page, () => resolve(brought));
    };
    for (const server of servers)
      server.on('request', (request, response) => void welcome(request, response));
  });
}

/** What a request brings, or the status it is turned away with. */
async function receive(
  request: IncomingMessage,
  { back, by, isEnd }: Journey,
): Promise<URLSearchParams | number> {
  const here = new URL(back);
  const { method, headers, url = '/' } = request;
  const address = new URL(url, here);
  // another name of this machine may be anybody's
  if (!isNear(new URL(`http://${headers.host}`)) || address.pathname !== here.pathname) return 404;
  if (method !== (by === 'address' ? 'GET' : 'POST')) return 405;
  const foreign = by !== 'address' && headers.origin !== undefined && headers.origin !== by.formFrom;
  if (foreign) return 403;
  const fields = by === 'address' ? address.searchParams : new URLSearchParams(await bodyOf(request));
  return isEnd(fields) ? fields : 400;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    size += piece.length;
    if (size > 1024 * 1024) throw new RangeError('more than any token');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

function reply(response: ServerResponse, status: number, words: string, sent = () => {}): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(`<!doctype html><title>tglance</title><p>${words}</p>\n`, sent);
}

/** Servers for a URL of this machine, and that URL with the port they have got. */
async function listen(wanted: string): Promise<{ back: string; servers: readonly Server[] }> {
  const url = URL.canParse(wanted) ? new URL(wanted) : undefined;
  if (url?.protocol !== 'http:' || !isNear(url)) {
    throw new UsageError(
      `redirect_uri: '${wanted}' is not a http URL of this machine for a browser to come back to`,
    );
  }
  // a browser may take either for localhost
  const hosts = url.hostname === 'localhost' ? ['127.0.0.1', '::1'] : [url.hostname.replace(/^\[|\]$/g, '')];
  const servers: Server[] = [];
  let port = Number(url.port || 80);
  try {
    for (const host of hosts) {
      const server = await listenAt(host, port);
      if (server === undefined) continue;
      servers.push(server);
      port = (server.address() as AddressInfo).port;
    }
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  if (url.port !== '0') return { back: wanted, servers };
  url.port = String(port);
  return { back: url.href, servers };
}

/** Undefined where the machine has no such address. */
const listenAt = (host: string, port: number): Promise<Server | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return resolve(undefined);
      reject(
        new UsageError(
          `Cannot listen on port ${port} of this machine (${code}); --os-redirect-port takes another, which the cloud must know of`,
        ),
      );
    });
    server.listen(port, host, () => resolve(server));
  });
