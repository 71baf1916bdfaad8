import { isIPv6 } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { connectionFailure } from './connection-failure.ts';
import type { Secure } from './socket.ts';

/** Whom to believe, and what to show to a server that wants to know who connects: PEM texts. */
export interface Pems {
  /** Stands in for the well-known authorities. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** The same, and what to do where they are not enough. */
export interface Trusted extends Pems {
  /** Reads them when the first TLS connection is wanted. */
  readonly read?: (() => Promise<Pems>) | undefined;
  /** Further authorities, for a certificate that none of the well-known ones vouches for. */
  readonly more?: (() => Promise<string | undefined>) | undefined;
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
export function createTrust({ more, insecure, read, ...given }: Trusted): Trust {
  let wider: string | undefined;
  let wide = insecure || more === undefined;
  let found: Promise<Pems> | undefined;
  const pems = () => {
    found ??= read?.() ?? Promise.resolve(given);
    return found;
  };
  const contexts = new Map<string, Promise<Secure>>();
  const once = (whose: 'server' | 'proxy', url: URL, place: string) => {
    const byAddress = url.hostname.startsWith('[');
    const name = `${whose} ${byAddress}`;
    const make = async () => {
      const { ca = wider, cert, key } = await pems();
      const shown = whose === 'server' ? { cert, key } : {};
      return prepare({ ...shown, ca, insecure }, byAddress, place);
    };
    const made = contexts.get(name) ?? make();
    contexts.set(name, made);
    return made;
  };
  return {
    toServer: (url, place) => once('server', url, place),
    toProxy: (url, place) => once('proxy', url, place),
    async widen() {
      if (wide || (await pems()).ca !== undefined) return false;
      wide = true;
      wider = await more?.();
      contexts.clear();
      return wider !== undefined;
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
