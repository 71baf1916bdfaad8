import { setTimeout as sleep } from 'node:timers/promises';
import type { PrivateCache } from './private-cache.ts';

/** Waits until `ready` finds something, or until no other process that claims the same `lock` acts; then it acts. */
export async function alone<T>(
  cache: PrivateCache,
  lock: string,
  ready: () => T | undefined,
  act: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const end = Date.now() + patience;
  while (!claimed(cache, lock) && Date.now() < end) {
    await sleep(10 + 40 * Math.random());
    signal?.throwIfAborted();
    const found = ready();
    if (found !== undefined) return found;
    if (isAbandoned(cache.read(lock))) cache.remove(lock);
  }
  try {
    return ready() ?? (await act());
  } finally {
    if (cache.read(lock)?.text === String(process.pid)) cache.remove(lock);
  }
}

/** A lock that is older (ms) is nobody's any more. */
export const longest = 300_000;

/** Whoever is at it longer (ms) is not waited for. */
const patience = 15_000;

/** Also where nothing can be kept: then there is nobody to wait for. */
function claimed(cache: PrivateCache, lock: string): boolean {
  try {
    cache.claim(lock, String(process.pid));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EEXIST';
  }
}

function isAbandoned(lock: { text: string; age: number } | undefined): boolean {
  if (lock === undefined) return false;
  try {
    process.kill(Number(lock.text), 0);
    return lock.age > longest;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
