/**
 * Calls `act` after so many milliseconds in which this process could do something. On a machine that has no time for
 * it, the clock alone would end what has not even begun. It does not keep the process alive.
 */
export function afterTurns(ms: number, act: () => void): void {
  let left = ms / step;
  const clock = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(clock);
    act();
  }, step).unref();
}

const step = 100;
