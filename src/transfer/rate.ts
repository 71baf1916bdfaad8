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
