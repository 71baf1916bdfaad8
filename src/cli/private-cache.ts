import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Io } from './io.ts';

/**
 * A folder of small files in the user's cache directory that are the user's alone. All of them can be made again: what
 * cannot be read safely is not there.
 */
export interface PrivateCache {
  /** A file's text and age (ms), or undefined when it is missing or when others could have written it. */
  read(name: string): { readonly text: string; readonly age: number } | undefined;
  /** Puts a whole file in the old one's place; throws where that cannot be done. */
  write(name: string, text: string): void;
  /** Makes a new file; throws (EEXIST) when there is one already. */
  claim(name: string, text: string): void;
  remove(name: string): void;
  names(): readonly string[];
}

/** The most that is read of a file (bytes): a catalog of thousands of endpoints. */
const most = 4 * 1024 * 1024;

/** The folder called `purpose`; it is made when something is first written. */
export function privateCache(io: Io, purpose: string): PrivateCache {
  const top = cacheHome(io);
  const folder = join(top, 'tglance', purpose);
  const folders = [join(top, 'tglance'), folder];
  const claim = (name: string, text: string) => {
    makeFolder(top);
    for (const path of folders) {
      makeFolder(path);
      closeFolder(path);
    }
    // O_EXCL follows no link
    writeFileSync(join(folder, name), text, { mode: 0o600, flag: 'wx' });
  };
  return {
    claim,
    read: (name) => {
      try {
        folders.forEach(closeFolder);
        return readOwn(join(folder, name));
      } catch {
        return undefined;
      }
    },
    write: (name, text) => {
      const part = `${name}.${Math.random().toString(36).slice(2)}`;
      claim(part, text);
      renameSync(join(folder, part), join(folder, name));
    },
    remove: (name) => {
      try {
        folders.forEach(closeFolder);
      } catch {
        return;
      }
      try {
        unlinkSync(join(folder, name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    },
    names: () => {
      try {
        folders.forEach(closeFolder);
        return readdirSync(folder);
      } catch {
        return [];
      }
    },
  };
}

function cacheHome({ env, home, cwd, platform }: Io): string {
  if (env.XDG_CACHE_HOME) return env.XDG_CACHE_HOME;
  if (platform === 'win32' && env.LOCALAPPDATA) return env.LOCALAPPDATA;
  return join(home ?? cwd, platform === 'darwin' ? 'Library/Caches' : '.cache');
}

/** Only the last folder of a path is made: who has no home wants none. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Makes a folder its owner's alone; throws for one in which somebody else says what lies there. */
function closeFolder(path: string): void {
  const stats = lstatSync(path);
  if (!stats.isDirectory()) throw new Error(`${path} is not a folder`);
  // Windows has neither users nor modes here
  if (process.getuid === undefined) return;
  if (stats.uid !== process.getuid()) throw new Error(`${path} belongs to somebody else`);
  if ((stats.mode & 0o777) !== 0o700) chmodSync(path, 0o700);
}

function readOwn(path: string) {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(file);
    const { mode, uid, size, mtimeMs } = stats;
    // Windows has neither
    const own = process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
    if (!own || !stats.isFile() || size > most) return undefined;
    return { text: readFileSync(file, 'utf8'), age: Date.now() - mtimeMs };
  } finally {
    closeSync(file);
  }
}
