import type { Socket } from 'node:net';
import { untrusted } from './connection-failure.ts';
import type { WebProxy } from './proxy.ts';
import { open, type Plug, plugIn, type Secure } from './socket.ts';
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

/** The proxy that is shown each request, whose addresses then have to be whole. */
export const forwarder = ({ proxy, inner }: Way): WebProxy | undefined =>
  inner === undefined ? proxy : undefined;

/** What came of going a way. */
interface Arrival {
  ready(plug: Plug): void;
  broken(error: Error): void;
}

/** Makes the connection; the function it gives ends it, in any state. */
export function go({ url, proxy, place, outer, inner }: Way, { ready, broken }: Arrival): () => void {
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
  const plugged = (server: URL, secure: Secure | undefined, whose: string, over?: Socket) => {
    const plug = plugIn(server, secure, over);
    connected(plug.socket, secure, whose, () => ready(plug));
  };
  if (proxy === undefined) plugged(url, inner, place);
  else if (inner === undefined) plugged(proxy.url, outer, nameOf(proxy));
  else {
    const socket = open(proxy.url, outer);
    connected(socket, outer, nameOf(proxy), () =>
      tunnel(socket, { url, proxy, place }, (error) => {
        if (error) broken(error);
        else plugged(url, inner, place, socket);
      }),
    );
  }
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

const nameOf = ({ url, variable }: WebProxy): string => `the proxy ${url.origin} (${variable})`;
