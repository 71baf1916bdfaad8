import { join } from 'node:path';
import type { Send } from '../http/message.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Io } from './io.ts';

/** Where the sandbox cloud of this user is kept. */
export const sandboxHome = ({ env, home, cwd }: Io): string =>
  join(env.XDG_DATA_HOME || join(home ?? cwd, '.local', 'share'), 'tglance', 'sandbox');

/** The wire to a sandbox in this process: no port, no socket. */
export const localSend =
  (sandbox: Sandbox): Send =>
  async ({ method, url, headers, body, signal }) => {
    signal?.throwIfAborted();
    const reply = await sandbox.answer({
      method,
      path: url.pathname + url.search,
      headers: { host: url.host, ...headers },
      body: typeof body === 'object' ? body.chunks() : once(body),
    });
    const pieces = reply.body instanceof Uint8Array ? [reply.body] : (reply.body ?? []);
    return {
      status: reply.status,
      headers: reply.headers,
      url,
      body: {
        each: async (see) => {
          for await (const piece of pieces) {
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
