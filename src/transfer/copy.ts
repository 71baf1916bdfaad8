import type { Sink } from './sink.ts';
import type { Watcher } from './watch.ts';

/** Takes a piece, which is valid during the call, or until the promise settles; a promise holds the sender back. */
export type See = (chunk: Uint8Array) => void | Promise<void>;

/**
 * Hands each piece to `see` as it comes. `anew` is called before the bytes begin once more with the first; where it is
 * missing, nothing can be taken back.
 */
export type Each = (see: See, anew?: () => void) => Promise<void>;

/**
 * Lets bytes pass the watchers, in their order, into a sink. The sink is finished only when all has come and
 * no watcher has refused; after a failure or an abort it is abandoned. The watchers see `before` what is already there.
 */
export async function copy(
  each: Each,
  to: Sink,
  watchers: readonly Watcher[],
  signal?: AbortSignal,
  before: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = [],
): Promise<void> {
  const way = [...watchers, { see: (chunk: Uint8Array) => to.write(chunk) }];
  const begin = () => {
    for (const watcher of watchers) watcher.start?.();
  };
  const anew =
    to.rewind &&
    (() => {
      to.rewind?.();
      begin();
    });
  try {
    begin();
    await unlessAborted(signal, async () => {
      for await (const chunk of before) {
        signal?.throwIfAborted();
        await show(chunk, watchers);
      }
      await each((chunk) => show(chunk, way), anew);
    });
    for (const watcher of watchers) await watcher.finish?.();
    await unlessAborted(signal, () => to.finish());
  } catch (error) {
    await to.abandon(error);
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
