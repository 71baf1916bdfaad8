import type { Values } from '../config/resolve.ts';
import { type ChooseProxy, proxiesOf } from '../http/proxy.ts';
import { type Connection, connect, connectOver, type Talk } from '../http/send.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Io } from './io.ts';
import { trustOf } from './trust.ts';

/** What is around a connection: people to talk to, and variables that say how to get out. */
export interface Outside extends Talk {
  readonly secrets: Set<string>;
  readonly env: Io['env'];
}

/** Limits on silence (ms); `--timeout` sets the one that a slow server meets. */
const connectTimeout = 10_000;
const usualSilence = 600_000;

/** The network, as the settings have it: time limits, whom to trust, and what stands between. */
export async function networkWire(settings: Values, outside: Outside): Promise<Connection> {
  const tls = await trustOf(settings, outside.env);
  if (tls.insecure) {
    outside.tell?.(
      'Certificates are not verified: anybody on the way can read the password and change the data',
    );
  }
  const seconds = settings.get('timeout');
  const silence = seconds === undefined ? usualSilence : Number(seconds) * 1000;
  const limits = { connectTimeout, firstByteTimeout: silence, idleTimeout: silence };
  return connect({ ...limits, tls, proxy: proxies(outside) }, outside);
}

/** The proxies that variables name; people hear of them with `--debug`, of their passwords never. */
function proxies({ env, trace, secrets }: Outside): ChooseProxy {
  const choose = proxiesOf(env);
  const told = new Set<string>();
  return (url) => {
    const proxy = choose(url);
    if (proxy === undefined) return undefined;
    for (const secret of proxy.secrets) secrets.add(secret);
    const { origin } = url;
    if (!told.has(origin)) trace?.(`${origin} is reached through ${proxy.url.origin} (${proxy.variable})`);
    told.add(origin);
    return proxy;
  };
}

/** A sandbox in this process: no port, no socket. */
export async function localWire(box: Sandbox, talk: Talk): Promise<Connection> {
  const { localSend } = await import('./local-cloud.ts');
  return connectOver(localSend(box), () => {}, talk);
}
