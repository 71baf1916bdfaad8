import { join } from 'node:path';
import { readRegularFile } from './regular-file.ts';
import type { Place } from './search.ts';

/** What somebody saved for every run to come: names such as `format` and `columns.image-list`, and their words. */
export interface Saved {
  readonly path: string;
  readonly words: ReadonlyMap<string, string>;
  /** What is wrong with the file, a line each; that part of it counts for nothing. */
  readonly problems: readonly string[];
}

/** Reads what is saved; every command does, so this is all it costs. The file is written by `saved-file.ts`. */
export function readSaved(place: Place): Saved {
  const path = savedPath(place);
  try {
    const value: unknown = JSON.parse(readRegularFile(path).text);
    if (isMapping(value)) return { path, ...wordsOf(path, value) };
    return { path, words: new Map(), problems: [`${path} is passed over: not a mapping of names to words`] };
  } catch (error) {
    const code = error instanceof SyntaxError ? 'not valid JSON' : (error as NodeJS.ErrnoException).code;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    return { path, words: new Map(), problems: isMissing ? [] : [`${path} is passed over: ${code}`] };
  }
}

/** Where the platform has the user's own settings. */
function savedPath({ env, home, cwd, platform }: Place): string {
  const base = home ?? cwd;
  const directory =
    platform === 'win32' && env.APPDATA
      ? env.APPDATA
      : platform === 'darwin'
        ? join(base, 'Library', 'Preferences')
        : join(base, '.config');
  return join(env.XDG_CONFIG_HOME || directory, 'tglance', 'config.json');
}

/** What stands in a mapping of its own has both names, with a dot between. */
function wordsOf(path: string, saved: object): Pick<Saved, 'words' | 'problems'> {
  const words = new Map<string, string>();
  const problems: string[] = [];
  const entries = Object.entries(saved).flatMap(([name, value]) =>
    isMapping(value)
      ? Object.entries(value).map(([inner, word]) => [`${name}.${inner}`, word] as const)
      : [[name, value] as const],
  );
  for (const [name, value] of entries) {
    if (['string', 'number', 'boolean'].includes(typeof value)) words.set(name, String(value));
    else problems.push(`${path}: ${name} is passed over: it must be one word`);
  }
  return { words, problems };
}

const isMapping = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
