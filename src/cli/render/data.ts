import type { Fields, Rows } from '../../define/view.ts';
import { collect, selectColumns, selectFields } from './columns.ts';
import type { OutputChoice } from './options.ts';

/** What JSON and YAML say of a result: the API's own objects, or of each what was chosen with `-c`. */
export async function data(view: Rows | Fields, choice: OutputChoice): Promise<object | readonly object[]> {
  const whole = !choice.column?.length;
  if (view.kind === 'fields') {
    return whole ? view.value : Object.fromEntries(selectFields(choice, view.value, view.shown));
  }
  const { columns, items } = await selectColumns(view, choice);
  const all = await collect(items);
  if (whole) return all;
  return all.map((item) => Object.fromEntries(columns.map(({ name, of }) => [name, of(item) ?? null])));
}
