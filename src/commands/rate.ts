import { setTimeout as sleep } from 'node:timers/promises';
import type { Option } from '../define/option.ts';
import { UsageError } from '../errors.ts';

const limitRate: Option<number> = {
  flags: '--limit-rate <RATE>',
  about: 'Most bytes a second to send or fetch: 500k, 10M, 1.5G',
  read: rateIn,
  beyond: true,
};

/** How fast data may go, for commands that send or fetch them; bytes a second, written as for curl. */
export const rateOption = { limit_rate: limitRate };

function rateIn(word: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([bkmgtp]?)$/i.exec(word) ?? [];
  const rate = Number(number) * 1024 ** Math.max('bkmgtp'.indexOf(unit.toLowerCase() || 'b'), 0);
  if (rate >= 1) return rate;
  throw new UsageError(`'${word}' is no rate: say bytes a second, such as 500k, 10M or 1G`);
}

/** Waits so many milliseconds, unless somebody presses Ctrl-C. */
export const pauseOf =
  (signal: AbortSignal) =>
  (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal });
