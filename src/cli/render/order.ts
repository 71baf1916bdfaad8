import { str } from './python.ts';

/**
 * The items sorted by each of the values in turn: numbers before strings before the rest, each kind in its own
 * order, and what is missing last. Descending turns all of it round; equal ones keep their order either way.
 */
export function sorted(
  items: readonly object[],
  keys: readonly ((item: object) => unknown)[],
  descending: boolean,
): readonly object[] {
  if (keys.length === 0) return items;
  const turn = descending ? -1 : 1;
  return items
    .map((item) => ({ item, values: keys.map((key) => key(item)) }))
    .sort((a, b) => turn * byEach(a.values, b.values))
    .map(({ item }) => item);
}

function byEach(a: readonly unknown[], b: readonly unknown[]): number {
  for (let at = 0; at < a.length; at++) {
    const order = byValue(a[at], b[at]);
    if (order !== 0) return order;
  }
  return 0;
}

function byValue(a: unknown, b: unknown): number {
  const kind = rank(a);
  if (kind !== rank(b)) return kind - rank(b);
  if (kind === 3) return 0;
  return kind === 0 ? Number(a) - Number(b) : byCodePoint(str(a), str(b));
}

function rank(value: unknown): number {
  if (value === null || value === undefined) return 3;
  if (typeof value === 'number' || typeof value === 'boolean') return 0;
  return typeof value === 'string' ? 1 : 2;
}

/** Compares as Python does, where `<` would put characters outside the basic plane before U+E000. */
export function byCodePoint(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return place(left) - place(right);
  }
  return a.length - b.length;
}

/** Moves surrogates, which stand for characters past U+FFFF, behind all other units. */
const place = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);
