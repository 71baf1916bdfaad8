import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { TglanceError } from '../errors.ts';

/** Whether a URI leads to a plain http server on this machine: the sandbox fetches from nowhere else. */
export function isLoopback(uri: unknown): boolean {
  if (typeof uri !== 'string' || !URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  return protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** What lies at `uri`; redirects are not followed. */
export async function* fetched(uri: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const answer = await asked(uri, { method: 'GET', signal });
  if (answer.statusCode !== 200) {
    answer.destroy();
    throw new TglanceError(`${uri} answered ${answer.statusCode}`);
  }
  yield* answer;
}

/** How many bytes lie at `uri`, or undefined where that cannot be found out. */
export async function sizeAt(uri: unknown, signal: AbortSignal): Promise<number | undefined> {
  if (!isLoopback(uri)) return undefined;
  try {
    const answer = await asked(String(uri), { method: 'HEAD', signal });
    answer.destroy();
    return answer.statusCode === 200 ? Number(answer.headers['content-length']) : undefined;
  } catch {
    return undefined;
  }
}

const asked = (uri: string, options: RequestOptions) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    request(uri, { ...options, agent: false }, resolve)
      .on('error', reject)
      .end();
  });
