import type { Thing } from './complete.ts';
import type { Io } from './io.ts';
import { privateCache } from './private-cache.ts';

/** How long something is kept (ms). */
const longest = 30_000;

/**
 * The things that were found under this key half a minute ago or less, from the user's cache directory; else those
 * that `find` finds now. That they cannot be kept, or cannot be read again, makes no difference but in time.
 */
export async function kept(io: Io, key: string, find: () => Promise<Thing[]>): Promise<Thing[]> {
  const cache = privateCache(io, 'names');
  const fresh = (name: string) => {
    const file = cache.read(name);
    return file !== undefined && file.age >= 0 && file.age <= longest ? file.text : undefined;
  };
  const old = thingsIn(fresh(key));
  if (old !== undefined) return old;
  const found = await find();
  // what is empty may be the answer of a cloud that was out of reach
  if (found.length === 0) return found;
  try {
    for (const name of cache.names()) if (fresh(name) === undefined) cache.remove(name);
    cache.write(key, JSON.stringify(found));
  } catch {}
  return found;
}

function thingsIn(text: string | undefined): Thing[] | undefined {
  if (text === undefined) return undefined;
  try {
    const things: unknown = JSON.parse(text);
    return Array.isArray(things) && things.every(isThing) ? things : undefined;
  } catch {
    return undefined;
  }
}

const isThing = (value: unknown): value is Thing =>
  typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';
