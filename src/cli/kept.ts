import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Thing } from './complete.ts';
import type { Io } from './io.ts';

/** How long something is kept (ms). */
const age = 30_000;

/**
 * The things that were found under this key half a minute ago or less, from the user's cache directory; else those
 * that `find` finds now. That they cannot be kept, or cannot be read again, makes no difference but in time.
 */
export async function kept(io: Io, key: string, find: () => Promise<Thing[]>): Promise<Thing[]> {
  const folder = join(cacheHome(io), 'tglance', 'names');
  const file = join(folder, key);
  const old = await read(file).catch(() => undefined);
  if (old !== undefined) return old;
  const found = await find();
  // what is empty may be the answer of a cloud that was out of reach
  if (found.length > 0) await write(folder, file, found).catch(() => {});
  return found;
}

const cacheHome = ({ env, home, cwd }: Io): string => env.XDG_CACHE_HOME || join(home ?? cwd, '.cache');

async function read(path: string): Promise<Thing[] | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { mode, mtimeMs } = await file.stat();
    const past = Date.now() - mtimeMs;
    if ((mode & 0o077) !== 0 || past < 0 || past > age) return undefined;
    const things: unknown = JSON.parse(await file.readFile('utf8'));
    return Array.isArray(things) && things.every(isThing) ? things : undefined;
  } finally {
    await file.close();
  }
}

const isThing = (value: unknown): value is Thing =>
  typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';

async function write(folder: string, path: string, things: Thing[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!(await lstat(folder)).isDirectory()) return;
  await chmod(folder, 0o700);
  for (const name of await readdir(folder)) {
    const other = join(folder, name);
    if (Date.now() - (await lstat(other)).mtimeMs > age) await rm(other);
  }
  const part = `${path}.${randomUUID()}`;
  await writeFile(part, JSON.stringify(things), { mode: 0o600, flag: 'wx' });
  await rename(part, path);
}
