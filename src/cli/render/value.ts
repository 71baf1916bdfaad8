import type { Fields, Rows } from '../../define/view.ts';
import { pages, selectColumns, selectFields } from './columns.ts';
import { harmless } from './harmless.ts';
import type { OutputChoice } from './options.ts';
import { str } from './python.ts';

/** Values and nothing else: a line for each item of a list, for each field of a thing. */
export async function* value(view: Rows | Fields, choice: OutputChoice): AsyncGenerator<string> {
  if (view.kind === 'fields') {
    const fields = selectFields(choice, view.shown, view.value);
    yield fields.map(([, of]) => `${harmless(str(of), { newlines: true })}\n`).join('');
    return;
  }
  const { columns, items } = await selectColumns(view, choice);
  for await (const page of pages(items)) {
    yield page.map((item) => `${columns.map(({ of }) => word(of(item))).join(' ')}\n`).join('');
  }
}

const word = (value: unknown): string => (value === undefined ? '' : harmless(str(value)));
