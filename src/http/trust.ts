import { isIPv6 } from 'node:net';
import { connectionFailure } from './connection-failure.ts';
import type { Secure } from './socket.ts';

/** Whom to believe, and what to show to a server that wants to know who connects: PEM texts. */
export interface Trusted {
  /** Stands in for the well-known authorities. */
  readonly ca?: string | undefined;
  /** Further authorities, for a certificate that none of the well-known ones vouches for. */
  readonly more?: (() => Promise<string | undefined>) | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Any certificate will do. */
  readonly insecure: boolean;
}

/** How TLS connections are made, prepared when the first one is wanted. */
export interface Trust {
  /** To a server; `place` is what a message calls it. */
  toServer(place: string): Promise<Secure>;
  /** To a proxy, which is not shown who connects. */
  toProxy(place: string): Promise<Secure>;
  /** Believes more authorities from now on, if there are more. */
  widen(): Promise<boolean>;
}

/** The well-known authorities are Node's own, with those that NODE_EXTRA_CA_CERTS adds. */
export function createTrust({ more, insecure, ...given }: Trusted): Trust {
  let ca = given.ca;
  let wide = insecure || ca !== undefined || more === undefined;
  const contexts = new Map<string, Promise<Secure>>();
  const once = (
    name: string,
    place: string,
    parts: { cert?: string | undefined; key?: string | undefined },
  ) => {
    const made = contexts.get(name) ?? prepare({ ...parts, ca, insecure }, place);
    contexts.set(name, made);
    return made;
  };
  return {
    toServer: (place) => once('server', place, given),
    toProxy: (place) => once('proxy', place, {}),
    async widen() {
      if (wide) return false;
      wide = true;
      ca = await more?.();
      contexts.clear();
      return ca !== undefined;
    },
  };
}

async function prepare({ ca, cert, key, insecure }: Trusted, place: string): Promise<Secure> {
  const { checkServerIdentity, connect, createSecureContext } = await import('node:tls');
  const { X509Certificate } = await import('node:crypto');
  try {
    const secureContext = createSecureContext({
      // An empty list spares reading the well-known ones.
      ...(insecure ? { ca: [] } : ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    });
    return {
      connect,
      options: {
        secureContext,
        // Said aloud, or else NODE_TLS_REJECT_UNAUTHORIZED=0 decides.
        rejectUnauthorized: !insecure,
        ALPNProtocols: ['http/1.1'],
        // Node.js 22.23 finds no IPv6 address in any certificate; OpenSSL does.
        checkServerIdentity: (host, shown) =>
          isIPv6(host) && new X509Certificate(shown.raw).checkIP(host) !== undefined
            ? undefined
            : checkServerIdentity(host, shown),
      },
    };
  } catch (error) {
    throw connectionFailure(error, place, 'connecting');
  }
}
