import type { Fields, Rows } from '../../define/view.ts';
import { data } from './data.ts';
import { escapeHarm, hex } from './harmless.ts';
import type { Pieces } from './index.ts';
import type { OutputChoice } from './options.ts';

/** JSON: every value exact, and no byte that a terminal would act on. */
export async function json(view: Rows | Fields, choice: OutputChoice): Promise<Pieces> {
  const all = await data(view, choice);
  const indent = choice.noindent ? 0 : 2;
  return Array.isArray(all) ? list(all, indent) : [`${write(all, indent)}\n`];
}

function* list(items: readonly object[], indent: number): Generator<string> {
  const gap = indent === 0 ? '' : '\n';
  let before = `[${gap}`;
  for (const item of items) {
    yield before + write([item], indent).slice(1 + gap.length, -1 - gap.length);
    before = `,${gap}`;
  }
  yield items.length === 0 ? '[]\n' : `${gap}]\n`;
}

/** A value as JSON text, in so many spaces to a level. */
export const write = (value: unknown, indent: number): string =>
  escapeHarm(JSON.stringify(value, null, indent), (char) =>
    char
      .split('')
      .map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`)
      .join(''),
  );
