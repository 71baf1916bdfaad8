import type { Rows } from '../../define/view.ts';
import { UsageError } from '../../errors.ts';
import type { OutputChoice } from './options.ts';
import { byCodePoint, sorted } from './order.ts';
import { repr } from './python.ts';

/** A column of a list: its header, and what it shows of an item (undefined where the item has no such field). */
export interface Column {
  readonly name: string;
  readonly of: (item: object) => unknown;
}

/** The columns of a list that were chosen, in the command's own order, and its items in the order asked for. */
export interface Selection {
  readonly columns: readonly Column[];
  readonly items: Rows['items'];
}

/**
 * Applies `-c` and `--sort-column` to a list. A name that is no column may be a field of some item (a property
 * somebody gave an image), which takes having them all; otherwise the items are not touched.
 */
export async function selectColumns(view: Rows, choice: OutputChoice): Promise<Selection> {
  const { column: wanted = [], sortColumn: order = [] } = choice;
  const known = Object.entries(view.columns).map(([name, of]) => toColumn(name, of));
  if (wanted.every((name) => alike(known, name)) && order.length === 0) {
    return { columns: chosen(view, known, wanted, []), items: view.items };
  }
  const items = await collect(view.items);
  const find = finder(known, items);
  const extra = wanted.flatMap((name) => (alike(known, name) ? [] : (find(name) ?? [])));
  const keys = order.flatMap((name) => find(name)?.of ?? []);
  return {
    columns: chosen(view, known, wanted, [...new Set(extra)]),
    items: sorted(items, keys, choice.sortDescending === true),
  };
}

/** A list as pages, whatever it is. */
export const pages = (
  items: Rows['items'],
): Iterable<readonly object[]> | AsyncIterable<readonly object[]> =>
  Symbol.asyncIterator in items ? items : [items];

/** All items, at once. */
export async function collect(items: Rows['items']): Promise<readonly object[]> {
  if (!(Symbol.asyncIterator in items)) return items;
  const all: (readonly object[])[] = [];
  for await (const page of items) all.push(page);
  return all.flat();
}

/** The fields of a thing that were chosen, sorted by name; those of `first` where both have one. */
export function selectFields(
  { column: wanted = [] }: OutputChoice,
  first: object,
  second: object,
): readonly (readonly [string, unknown])[] {
  if (wanted.length === 0) return Object.entries(first).sort(byName);
  const words = wanted.map(plain);
  const both = Object.entries({ ...second, ...first }).sort(byName);
  const taken = both.filter(([name]) => words.includes(plain(name)));
  return taken.length > 0 ? taken : refuse(wanted, Object.fromEntries(both));
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => byCodePoint(a, b);

function chosen(
  { columns, shown }: Rows,
  known: readonly Column[],
  wanted: readonly string[],
  extra: readonly Column[],
): readonly Column[] {
  if (wanted.length === 0) return shown.flatMap((name) => known.find((column) => column.name === name) ?? []);
  const words = wanted.map(plain);
  const taken = [...known.filter(({ name }) => words.includes(plain(name))), ...extra];
  return taken.length > 0 ? taken : refuse(wanted, columns);
}

/** Finds a column by its name, else a field of an item as one; fields are only gathered when a name is no column. */
function finder(known: readonly Column[], items: readonly object[]): (name: string) => Column | undefined {
  let fields: readonly Column[] | undefined;
  return (name) => {
    const column = alike(known, name);
    if (column) return column;
    fields ??= [...new Set(items.flatMap(Object.keys))].map((key) => toColumn(key, key));
    return alike(fields, name);
  };
}

const toColumn = (name: string, of: Rows['columns'][string]): Column => ({
  name,
  of: typeof of === 'function' ? (item) => of(item as never) : (item) => own(item, of),
});

const own = (item: object, key: PropertyKey): unknown =>
  Object.hasOwn(item, key) ? (item as Record<PropertyKey, unknown>)[key] : undefined;

/** The column of that very name, else the one that differs in case or has underscores for spaces. */
const alike = (columns: readonly Column[], word: string): Column | undefined =>
  columns.find(({ name }) => name === word) ?? columns.find(({ name }) => plain(name) === plain(word));

const plain = (name: string): string => name.toLowerCase().replaceAll(' ', '_');

function refuse(wanted: readonly string[], known: object): never {
  const names = Object.keys(known).map(repr);
  throw new UsageError(
    `No recognized column names in ${repr(wanted)}. ` +
      `Recognized columns are (${names.join(', ')}${names.length === 1 ? ',' : ''}).`,
  );
}
