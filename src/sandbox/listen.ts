import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answering, Reply } from './exchange.ts';
import { imageRefusal, type Refusal, refuse } from './refusal.ts';

/** A server that is up. */
export interface Served {
  readonly port: number;
  /** Closes every connection, whatever is going on there. */
  stop(): Promise<void>;
}

/** How long the stop waits, in ms, for uploads to notice that their connection is gone. */
const patience = 1500;

/** Serves `answer` on the loopback interface; port 0 takes a free one. */
export async function serve(answer: Answering, port: number): Promise<Served> {
  const busy = new Set<Promise<void>>();
  // an upload may take as long as it takes, its headers may not
  const options = { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 0 };
  const server = createServer(options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  const own = [`127.0.0.1:${bound}`, `localhost:${bound}`];
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const done = respond(answer, request, response, own).finally(() => busy.delete(done));
    busy.add(done);
  });
  return {
    port: bound,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.race([Promise.all([closed, ...busy]), wait(patience, undefined, { ref: false })]);
    },
  };
}

async function respond(
  answer: Answering,
  request: IncomingMessage,
  response: ServerResponse,
  own: readonly string[],
): Promise<void> {
  const exchange = {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    ),
    body: request,
  };
  try {
    const foreign = foreignness(exchange.headers, own);
    await send(foreign === undefined ? await answer(exchange) : imageRefusal(foreign, exchange), response);
  } catch {
    // only a broken connection and `Dropped` get here, and for both nothing is left to say
    response.destroy();
  }
}

/** A page in a browser can be made to ask us, by its own name or ours: neither gets an answer. */
function foreignness(headers: Record<string, string>, own: readonly string[]): Refusal | undefined {
  const { host = '', origin } = headers;
  if (!own.includes(host.toLowerCase())) return refuse(421);
  const mine = own.map((name) => `http://${name}`);
  return origin === undefined || mine.includes(origin)
    ? undefined
    : refuse(403, 'Other origins are not served.');
}

async function send({ status, headers, body }: Reply, response: ServerResponse): Promise<void> {
  if (body === undefined || body instanceof Uint8Array) {
    const length = status === 204 ? {} : { 'content-length': String(body?.length ?? 0) };
    response.writeHead(status, { ...headers, ...length }).end(body);
    return;
  }
  response.writeHead(status, headers);
  await pipeline(body, response);
}
