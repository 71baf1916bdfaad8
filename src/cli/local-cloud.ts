import { join } from 'node:path';
import type { Send } from '../http/message.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Io } from './io.ts';

/** Where the sandbox cloud of this user is kept. */
export const sandboxHome = ({ env, home, cwd }: Io): string =>
  join(env.XDG_DATA_HOME || join(home ?? cwd, '.local', 'share'), 'tglance', 'sandbox');

/** The wire to a sandbox in this process: no port, no socket. */
export const localSend =
  ({ answer }: Pick<Sandbox, 'answer'>): Send =>
  async ({ method, url, headers, body, signal }) => {
    signal?.throwIfAborted();
    let broken: { readonly error: unknown } | undefined;
    const pieces = unlessAborted(typeof body === 'object' ? body.chunks() : once(body), signal, (error) => {
      broken = { error };
    });
    const reply = await answer({
      method,
      path: url.pathname + url.search,
      headers: { host: url.host, ...headers },
      body: pieces,
    });
    // a broken upload is answered, too; whoever broke it off wants to hear of nothing else
    signal?.throwIfAborted();
    if (broken !== undefined) throw broken.error;
    const parts = reply.body instanceof Uint8Array ? [reply.body] : (reply.body ?? []);
    return {
      status: reply.status,
      headers: reply.headers,
      url,
      body: {
        each: async (see) => {
          for await (const piece of parts) {
            signal?.throwIfAborted();
            await see(piece);
          }
        },
        drop: () => {},
      },
    };
  };

async function* once(text: string | undefined): AsyncIterable<Uint8Array> {
  if (text !== undefined) yield Buffer.from(text);
}

/**
 * The same pieces until somebody calls it off, also while nothing comes: then the body breaks, as a connection would.
 * `fail` hears why it broke.
 */
async function* unlessAborted(
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
  fail: (error: unknown) => void,
): AsyncIterable<Uint8Array> {
  const source = pieces[Symbol.asyncIterator]();
  let stop = (_why: unknown): void => {};
  signal?.addEventListener('abort', () => stop(signal.reason), { once: true });
  // a race against one promise for all of them would keep every piece to the end
  const next = () =>
    new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
      stop = reject;
      signal?.throwIfAborted();
      source.next().then(resolve, reject);
    });
  for (;;) {
    const { value, done } = await next().catch((error: unknown) => {
      fail(error);
      throw error;
    });
    if (done) return;
    yield value;
  }
}
