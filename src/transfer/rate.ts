import type { Source } from './source.ts';
import type { Watcher } from './watch.ts';

/** Lets no more than `rate` bytes a second pass; `pause` waits so many milliseconds. */
export function limitRate(rate: number, pause: (ms: number) => Promise<void>): Watcher {
  let due = 0; // when everything that was seen may have passed
  return {
    see({ length }) {
      const now = performance.now();
      // what a slow sender leaves unused is not made up for later, but for what a timer oversleeps
      due = Math.max(due, now - 100) + (length * 1000) / rate;
      if (due > now) return pause(due - now);
    },
  };
}

/** The same source, of which no more than `rate` bytes a second are handed on, in pieces small enough to flow. */
export function slowed(source: Source, rate: number, pause: (ms: number) => Promise<void>): Source {
  const limit = limitRate(rate, pause);
  const size = Math.ceil(rate / 8);
  return {
    ...source,
    async *chunks(ahead) {
      for await (const chunk of source.chunks(ahead)) {
        for (let at = 0; at < chunk.length; at += size) {
          const piece = chunk.subarray(at, at + size);
          await limit.see(piece);
          yield piece;
        }
      }
    },
  };
}
