import type { Fields, Rows } from '../../define/view.ts';
import { type Column, collect, pages, selectColumns, selectFields } from './columns.ts';
import type { OutputChoice } from './options.ts';

/** What JSON and YAML say of a result: the API's own objects, or of each what was chosen with `-c`. */
export async function data(view: Rows | Fields, choice: OutputChoice): Promise<object | readonly object[]> {
  if (view.kind === 'fields') return thing(view, choice);
  const { columns, items } = await selectColumns(view, choice);
  const all = await collect(items);
  return isWhole(choice) ? all : all.map((item) => chosen(item, columns));
}

/** The same page after page; one thing is a page of its own. */
export async function* dataPages(
  view: Rows | Fields,
  choice: OutputChoice,
): AsyncGenerator<readonly object[]> {
  if (view.kind === 'fields') return yield [thing(view, choice)];
  const { columns, items } = await selectColumns(view, choice);
  for await (const page of pages(items)) {
    yield isWhole(choice) ? page : page.map((item) => chosen(item, columns));
  }
}

const isWhole = ({ column = [] }: OutputChoice): boolean => column.length === 0;

const thing = ({ value, shown }: Fields, choice: OutputChoice): object =>
  isWhole(choice) ? value : Object.fromEntries(selectFields(choice, value, shown));

const chosen = (item: object, columns: readonly Column[]): object =>
  Object.fromEntries(columns.map(({ name, of }) => [name, of(item) ?? null]));
