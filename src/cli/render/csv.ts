import type { Fields, Rows } from '../../define/view.ts';
import { pages, selectColumns, selectFields } from './columns.ts';
import { harmless } from './harmless.ts';
import type { OutputChoice } from './options.ts';
import { str } from './python.ts';

/** Comma-separated values under a line of headers, quoted and escaped like Python's csv module does for cliff. */
export async function* csv(view: Rows | Fields, choice: OutputChoice): AsyncGenerator<string> {
  const line = (values: readonly unknown[]): string =>
    `${values.map((value) => cell(value, choice.quote ?? 'nonnumeric', values.length === 1)).join(',')}\n`;
  if (view.kind === 'fields') {
    const fields = selectFields(choice, view.shown, view.value);
    yield line(fields.map(([name]) => name)) + line(fields.map(([, value]) => value));
    return;
  }
  const { columns, items } = await selectColumns(view, choice);
  yield line(columns.map(({ name }) => name));
  for await (const page of pages(items)) {
    yield page.map((item) => line(columns.map(({ of }) => of(item)))).join('');
  }
}

function cell(value: unknown, mode: NonNullable<OutputChoice['quote']>, alone: boolean): string {
  const text = value === undefined || value === null ? '' : harmless(str(value));
  if (mode === 'none') return text.replace(/[,"\\]/g, '\\$&');
  const isNumber = typeof value === 'number' || typeof value === 'boolean';
  const bare = mode === 'minimal' || (mode === 'nonnumeric' && isNumber);
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '""');
  return bare && !/[,"]/.test(text) && !(alone && text === '') ? escaped : `"${escaped}"`;
}
