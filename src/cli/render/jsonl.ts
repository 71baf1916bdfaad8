import type { Fields, Rows } from '../../define/view.ts';
import { dataPages } from './data.ts';
import { write } from './json.ts';
import type { OutputChoice } from './options.ts';

/** JSON lines: each item of a list on a line of its own, as soon as it is there. https://jsonlines.org */
export async function* jsonl(view: Rows | Fields, choice: OutputChoice): AsyncGenerator<string> {
  for await (const page of dataPages(view, choice)) {
    yield page.map((item) => `${write(item, 0)}\n`).join('');
  }
}
