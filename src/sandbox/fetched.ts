import { get, type IncomingMessage } from 'node:http';
import { TglanceError } from '../errors.ts';

/** Whether a URI leads to a plain http server on this machine: the sandbox fetches from nowhere else. */
export function isLoopback(uri: unknown): boolean {
  if (typeof uri !== 'string' || !URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  return protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** What lies at `uri`; redirects are not followed. */
export async function* fetched(uri: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(uri, { signal, agent: false }, resolve).on('error', reject);
  });
  if (answer.statusCode !== 200) {
    answer.destroy();
    throw new TglanceError(`${uri} answered ${answer.statusCode}`);
  }
  yield* answer;
}
