import { render } from '../../../src/cli/render/index.ts';
import type { OutputChoice } from '../../../src/cli/render/options.ts';
import type { View } from '../../../src/define/view.ts';
import { rows } from '../../../src/define/view.ts';

/** What a result looks like in a pipe, or on a terminal of so many columns. */
export async function printed(
  view: View,
  choice: OutputChoice = {},
  columns?: number,
  env: Record<string, string> = {},
): Promise<string> {
  const pieces: string[] = [];
  const write = (text: string): void => void pieces.push(text);
  await render(view, choice, { write, terminal: columns !== undefined, columns, env });
  return pieces.join('');
}

/** A list of these items in which every field of the first is a column under its own name, and all are shown. */
export const listOf = (items: readonly object[], { exact = false } = {}): View => {
  const names = Object.keys(items[0] ?? {});
  return rows(items, Object.fromEntries(names.map((name) => [name, name])) as never, names, { exact });
};
