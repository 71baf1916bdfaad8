import type { Sink } from './sink.ts';
import type { Watcher } from './watch.ts';

/** Hands each piece to `see` as it comes, and waits for the promise that `see` may give. */
export type Each = (see: (chunk: Uint8Array) => void | Promise<void>) => Promise<void>;

/**
 * Lets bytes pass the watchers, in their order, into a sink. The sink is finished only when all has come and
 * no watcher has refused; after a failure or an abort it holds nothing.
 */
export async function copy(
  each: Each,
  to: Sink,
  watchers: readonly Watcher[],
  signal?: AbortSignal,
): Promise<void> {
  const way = [...watchers, { see: (chunk: Uint8Array) => to.write(chunk) }];
  try {
    for (const watcher of watchers) watcher.start?.();
    await unlessAborted(signal, () => each((chunk) => show(chunk, way)));
    for (const watcher of watchers) await watcher.finish?.();
    await unlessAborted(signal, () => to.finish());
  } catch (error) {
    await to.abandon();
    throw error;
  }
}

/** Shows a chunk to one watcher after the other. Nobody waits unless one of them does: promises cost more than chunks. */
export function show(chunk: Uint8Array, watchers: readonly Watcher[], from = 0): void | Promise<void> {
  for (const [index, watcher] of watchers.entries()) {
    if (index < from) continue;
    const held = watcher.see(chunk);
    if (held) return held.then(() => show(chunk, watchers, index + 1));
  }
}

/** Does the work, but fails as soon as the signal comes: a slow disk or reader is not waited for. */
const unlessAborted = (signal: AbortSignal | undefined, work: () => Promise<void>): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(signal?.reason);
    if (signal?.aborted) return stop();
    signal?.addEventListener('abort', stop, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener('abort', stop));
  });
