import { isIPv6 } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
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
  /** To the server of a URL; `place` is what a message calls it. */
  toServer(url: URL, place: string): Promise<Secure>;
  /** To a proxy, which is not shown who connects. */
  toProxy(url: URL, place: string): Promise<Secure>;
  /** Believes more authorities from now on, if there are more. */
  widen(): Promise<boolean>;
}

/** The well-known authorities are Node's own, with those that NODE_EXTRA_CA_CERTS adds. */
export function createTrust({ more, insecure, ...given }: Trusted): Trust {
  let ca = given.ca;
  let wide = insecure || ca !== undefined || more === undefined;
  const contexts = new Map<string, Promise<Secure>>();
  const once = (whose: string, url: URL, place: string, shown: Pick<Trusted, 'cert' | 'key'>) => {
    const byAddress = url.hostname.startsWith('[');
    const name = `${whose} ${byAddress}`;
    const made = contexts.get(name) ?? prepare({ ...shown, ca, insecure }, byAddress, place);
    contexts.set(name, made);
    return made;
  };
  return {
    toServer: (url, place) => once('server', url, place, given),
    toProxy: (url, place) => once('proxy', url, place, {}),
    async widen() {
      if (wide) return false;
      wide = true;
      ca = await more?.();
      contexts.clear();
      return ca !== undefined;
    },
  };
}

async function prepare(
  { ca, cert, key, insecure }: Trusted,
  byAddress: boolean,
  place: string,
): Promise<Secure> {
  const { connect, createSecureContext } = await import('node:tls');
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
        ...(byAddress && { checkServerIdentity: await addressCheck() }),
      },
    };
  } catch (error) {
    throw connectionFailure(error, place, 'connecting');
  }
}

/** Node.js 22.23 finds no IPv6 address in any certificate; OpenSSL does. */
async function addressCheck(): Promise<ConnectionOptions['checkServerIdentity']> {
  const [{ checkServerIdentity }, { X509Certificate }] = await Promise.all([
    import('node:tls'),
    import('node:crypto'),
  ]);
  return (host, shown) =>
    isIPv6(host) && new X509Certificate(shown.raw).checkIP(host) !== undefined
      ? undefined
      : checkServerIdentity(host, shown);
}
