import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

/** What a proxy was asked for: a way through (`CONNECT host:port`), or to pass a request on (`GET http://…`). */
export interface Asked {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
}

/** Deals with a request for a way through instead of making one. */
export type Refusal = (socket: Socket) => void;

/** A proxy on loopback that passes requests on and makes tunnels, or refuses to, until the end of the test. */
export async function proxy({ tls, refuse }: { tls?: TlsOptions; refuse?: Refusal } = {}) {
  const asked: Asked[] = [];
  const open = new Set<Socket>();
  const server = tls ? createTlsServer(tls) : createServer();
  const keep = (socket: Socket) => {
    open.add(socket);
    return socket.on('error', () => {}).on('close', () => open.delete(socket));
  };
  server.on('connection', keep);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { method, url = '', headers } = request;
    asked.push({ line: `${method} ${url}`, headers });
    const on = ask(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(on.on('error', () => response.destroy()));
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    const { method, url = '', headers } = request;
    asked.push({ line: `${method} ${url}`, headers });
    socket.on('error', () => {});
    if (refuse) return refuse(socket.on('end', () => socket.end()).resume());
    const { hostname, port } = new URL(`http://${url}`);
    const through = connect(Number(port), hostname.replace(/^\[|\]$/g, ''), () => {
      socket.write('HTTP/1.1 200 Go on\r\nvia: a proxy\r\n\r\n');
      through.pipe(socket).pipe(through);
    });
    // A pipe passes on the end of a connection, but not that it was reset, and then leaves what comes unread.
    socket.on('close', () => through.end().resume());
    keep(through).on('close', () => socket.end().resume());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of open) socket.destroy();
    await closed;
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, port, asked, open };
}
