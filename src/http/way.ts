import type { Socket } from 'node:net';
import { untrusted } from './connection-failure.ts';
import type { Outset } from './line.ts';
import type { WebProxy } from './proxy.ts';
import { open, type Secure } from './socket.ts';
import type { Trust } from './trust.ts';
import { tunnel } from './tunnel.ts';

/** How to get to a server: straight, or by a proxy, which passes requests on or makes a tunnel for TLS. */
export interface Way {
  readonly url: URL;
  /** What a message calls the other end. */
  readonly place: string;
  readonly proxy: WebProxy | undefined;
  /** With the proxy, where it speaks TLS itself. */
  readonly outer: Secure | undefined;
  /** With the server. */
  readonly inner: Secure | undefined;
}

/** Prepares the way to the server of `url`; nothing is sent yet. */
export async function wayTo(url: URL, proxy: WebProxy | undefined, trust: Trust): Promise<Way> {
  const name = proxy && nameOf(proxy);
  const place = name === undefined ? url.origin : `${url.origin} through ${name}`;
  return {
    url,
    place,
    proxy,
    outer:
      name !== undefined && proxy?.url.protocol === 'https:'
        ? await trust.toProxy(proxy.url, name)
        : undefined,
    inner: url.protocol === 'https:' ? await trust.toServer(url, place) : undefined,
  };
}

/** What to ask on that way: a proxy that is shown each request wants the whole address, and its password. */
export function addressed({ url, proxy, inner }: Way, outset: Outset): Outset {
  if (proxy === undefined || inner !== undefined) return outset;
  const shown = proxy.authorization && { 'proxy-authorization': proxy.authorization };
  return { ...outset, path: url.origin + outset.path, headers: { ...outset.headers, ...shown } };
}

/** What becomes of going a way. */
interface Journey {
  /** Makes the socket that will carry the requests; `over` leads to the server already. */
  make(url: URL, secure: Secure | undefined, over?: Socket): Socket;
  ready(socket: Socket): void;
  broken(error: Error): void;
}

/** Makes the connection; the function it gives ends it, in any state. */
export function go({ url, proxy, place, outer, inner }: Way, { make, ready, broken }: Journey): () => void {
  const sockets: Socket[] = [];
  const connected = (socket: Socket, secure: Secure | undefined, whose: string, then: () => void) => {
    sockets.push(socket);
    socket.once(secure ? 'secureConnect' : 'connect', then);
    // Before undici's own listener, which takes a reset for the end of a body without a length.
    socket.on('error', (error) => {
      const distrusted = 'authorizationError' in socket && socket.authorizationError;
      broken(distrusted && secure?.options.rejectUnauthorized ? untrusted(error, whose) : error);
    });
  };
  const made = (server: URL, secure: Secure | undefined, whose: string, over?: Socket) => {
    const socket = make(server, secure, over);
    connected(socket, secure, whose, () => ready(socket));
  };
  if (proxy === undefined) made(url, inner, place);
  else if (inner === undefined) made(proxy.url, outer, nameOf(proxy));
  else {
    const socket = open(proxy.url, outer);
    connected(socket, outer, nameOf(proxy), () =>
      tunnel(socket, { url, proxy, place }, (error) => {
        if (error) broken(error);
        else made(url, inner, place, socket);
      }),
    );
  }
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

const nameOf = ({ url, variable }: WebProxy): string => `the proxy ${url.origin} (${variable})`;
