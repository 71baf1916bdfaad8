import { UsageError } from '../errors.ts';

/** What one file says of one cloud. Keys are `region_name` or `auth.username`; dashes in a file count as underscores. */
export interface Section {
  readonly file: string;
  /** The word under a key, or undefined when it is missing or empty; a list of words joined by commas. */
  text(key: string): string | undefined;
  raw(key: string): unknown;
  /** Every key there is. */
  readonly keys: readonly string[];
  /** File and line of a key, for people. */
  where(key: string): string;
}

/** Reads `entry` (a mapping, or null for an empty one); `where` says on which line a key stands. */
export function section(file: string, entry: unknown, where: (key: string) => string): Section {
  const top = withUnderscores(entry ?? {}, 'a cloud', () => where(''));
  const auth = withUnderscores(top.auth ?? {}, 'auth', () => where('auth'));
  const raw = (key: string) => (key.startsWith('auth.') ? auth[key.slice('auth.'.length)] : top[key]);
  return {
    file,
    raw,
    keys: [
      ...Object.keys(top).filter((key) => key !== 'auth'),
      ...Object.keys(auth).map((key) => `auth.${key}`),
    ],
    where,
    text: (key) => {
      const value = raw(key) ?? '';
      if (typeof value === 'string') return value === '' ? undefined : value;
      if (Array.isArray(value) && value.every((word) => typeof word === 'string')) return value.join(',');
      throw new UsageError(`${where(key)}: ${key} must be one word`);
    },
  };
}

/**
 * The first of `keys` that any section has, and the first section that has it. What is under `auth` may also stand
 * beside it, where it is weaker.
 */
export function lookUp(
  sections: readonly Section[],
  keys: readonly string[],
): { word: string; section: Section } | undefined {
  for (const key of [...keys, ...besideAuth(keys)]) {
    for (const section of sections) {
      const word = section.text(key);
      if (word !== undefined) return { word, section };
    }
  }
  return undefined;
}

/** Where else what stands under `auth` may stand. */
export const besideAuth = (keys: readonly string[]): string[] =>
  keys.flatMap((key) => (key.startsWith('auth.') ? [key.slice('auth.'.length)] : []));

/** A mapping as a file gives it. */
export const isEntry = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy without a prototype: no key, whatever its name, finds something that nobody wrote. */
function withUnderscores(value: unknown, what: string, where: () => string): Record<string, unknown> {
  if (!isEntry(value)) throw new UsageError(`${where()}: ${what} must be a mapping of keys to values`);
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, inner] of Object.entries(value)) copy[key.replaceAll('-', '_')] = inner;
  return copy;
}
