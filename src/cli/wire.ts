import { readFile } from 'node:fs/promises';
import type { Settings } from '../config/resolve.ts';
import type { SettingName } from '../config/settings.ts';
import { UsageError } from '../errors.ts';
import { type Connection, connect, connectOver, type Talk } from '../http/send.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** Limits on silence (ms); `--timeout` sets the one that a slow server meets. */
const connectTimeout = 10_000;
const usualSilence = 600_000;

/** The network, as the settings have it: time limits, and whom to trust. */
export async function networkWire(settings: Settings, talk: Talk): Promise<Connection> {
  const insecure = settings.get('insecure') === 'true';
  if (insecure) {
    talk.tell?.(
      'Certificates are not verified: anybody on the way can read the password and change the data',
    );
  }
  const seconds = settings.get('timeout');
  const silence = seconds === undefined ? usualSilence : Number(seconds) * 1000;
  const [ca, cert, key] = await Promise.all([
    pem(settings, 'cacert', 'CERTIFICATE'),
    pem(settings, 'cert', 'CERTIFICATE'),
    pem(settings, 'key', 'PRIVATE KEY'),
  ]);
  const limits = { connectTimeout, firstByteTimeout: silence, idleTimeout: silence };
  return connect({ ...limits, tls: { ca, cert, key, insecure } }, talk);
}

/** The text of a PEM file; Node would pass over one that holds something else without a word. */
async function pem(settings: Settings, name: SettingName, what: string): Promise<string | undefined> {
  const file = settings.get(name);
  if (file === undefined) return undefined;
  const where = `${file} (${settings.origin(name)})`;
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`Cannot read ${where}`);
  });
  if (!new RegExp(`^-----BEGIN [A-Z ]*${what}-----`, 'm').test(text)) {
    throw new UsageError(`There is no ${what.toLowerCase()} in ${where}; it must be a PEM file`);
  }
  return text;
}

/** A sandbox in this process: no port, no socket. */
export async function localWire(box: Sandbox, talk: Talk): Promise<Connection> {
  const { localSend } = await import('./local-cloud.ts');
  return connectOver(localSend(box), () => {}, talk);
}
