import { UsageError } from '../errors.ts';
import type { Credentials } from './credentials.ts';

/**
 * The URL of a server that is to be told a secret: encrypted, unless it is on this machine or the cloud itself does
 * without. `name` is who gave it.
 */
export function encryptedUrl(address: string, name: string, { auth_url = '' }: Credentials): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`${name}: '${address}' is not a https URL`);
  }
  if (url.protocol === 'https:' || isNear(url) || auth_url.startsWith('http:')) return url;
  throw new UsageError(`${name}: ${url.origin} is not encrypted, and this login sends it a secret`);
}

/** Whether a URL leads to this machine. */
export const isNear = ({ hostname }: URL): boolean => /^(localhost|127(\.[0-9]+){3}|\[::1\])$/.test(hostname);
