import { BlockList, isIP } from 'node:net';
import { UsageError } from '../errors.ts';

/** A server that passes requests on, and who says so. */
export interface WebProxy {
  /** Without credentials. */
  readonly url: URL;
  /** What it is shown, where its URL names a user. */
  readonly authorization: string | undefined;
  /** The variable that names it. */
  readonly variable: string;
  /** What of this must not be shown. */
  readonly secrets: readonly string[];
}

/** The proxy that leads to a server, or undefined where nothing stands between. */
export type ChooseProxy = (url: URL) => WebProxy | undefined;

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Proxies as curl and Python's requests take them from `env`: `https_proxy`, `http_proxy`, `all_proxy`, and `no_proxy`
 * for those to be reached directly; the spelling in capitals counts where there is no other. A UsageError where one is
 * named that cannot be used. https://everything.curl.dev/usingcurl/proxies/env.html
 */
export const proxiesOf =
  (env: Variables): ChooseProxy =>
  (url) => {
    const scheme = url.protocol.slice(0, -1);
    // In capitals it may be what somebody sent to a web server in a header: https://httpoxy.org
    const forged = scheme === 'http' && env.REQUEST_METHOD !== undefined;
    const named = word(env, `${scheme}_proxy`, !forged) ?? word(env, 'all_proxy');
    if (named === undefined) return undefined;
    const direct = word(env, 'no_proxy')?.text.split(/[\s,]+/) ?? [];
    return direct.some((entry) => covers(entry.toLowerCase(), url)) ? undefined : proxyIn(named);
  };

interface Word {
  readonly variable: string;
  readonly text: string;
}

/** An empty one hides the spelling in capitals. */
function word(env: Variables, name: string, capitals = true): Word | undefined {
  const variable = env[name] === undefined && capitals ? name.toUpperCase() : name;
  const text = env[variable]?.trim();
  return text ? { variable, text } : undefined;
}

function proxyIn({ variable, text }: Word): WebProxy {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text.replace(/^\/\//, '')}`;
  if (!URL.canParse(address)) throw new UsageError(`${variable} does not hold the URL of a proxy`);
  const { protocol, host, username, password } = new URL(address);
  if (!/^https?:$/.test(protocol) || host === '') {
    throw new UsageError(
      `${variable} names the proxy ${protocol}//${host}, but only http and https proxies can be used`,
    );
  }
  const user = `${decoded(username)}:${decoded(password)}`;
  const credentials = user === ':' ? undefined : Buffer.from(user).toString('base64');
  return {
    url: new URL(`${protocol}//${host}`),
    authorization: credentials && `Basic ${credentials}`,
    variable,
    secrets: credentials === undefined ? [] : [decoded(password), credentials],
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether an entry of `no_proxy` is for this server: `*`, a host or the end of one, an address, a network; with a port or without. */
function covers(entry: string, url: URL): boolean {
  if (entry === '*') return true;
  const [, before, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  if (port !== undefined && port !== (url.port || usualPort(url))) return false;
  const host = unbracketed(url.hostname).replace(/\.$/, '');
  const name = unbracketed(before ?? entry);
  if (isIP(host) !== 0) return isWithin(host, name);
  const domain = name.replace(/^\*?\./, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

function isWithin(address: string, network: string): boolean {
  const [base = '', length] = network.split('/');
  const family = isIP(base);
  if (family === 0 || family !== isIP(address)) return false;
  const bits = length === undefined ? widths[family] : Number(length || Number.NaN);
  if (bits === undefined || !Number.isInteger(bits) || bits < 0 || bits > (widths[family] ?? 0)) return false;
  const list = new BlockList();
  const kind = family === 6 ? 'ipv6' : 'ipv4';
  list.addSubnet(base, bits, kind);
  return list.check(address, kind);
}

const widths: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

const unbracketed = (host: string): string => host.replace(/^\[|\]$/g, '');

const usualPort = ({ protocol }: URL): string => (protocol === 'https:' ? '443' : '80');
