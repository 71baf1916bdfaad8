import type { Fields, Rows } from '../../define/view.ts';
import { pages, selectColumns, selectFields } from './columns.ts';
import type { Align, Grid } from './grid.ts';
import { columnWidths, drawGrid } from './grid.ts';
import { harmless, isPrintableAscii } from './harmless.ts';
import { human } from './human.ts';
import type { Out, Pieces } from './index.ts';
import type { OutputChoice } from './options.ts';
import { dumps, isFalsy, str } from './python.ts';

/**
 * A table. Without a word about the format it is glance's, to the byte in a pipe and dressed for a person on a
 * terminal; asked for by name it is OpenStackClient's.
 */
export async function table(view: Rows | Fields, choice: OutputChoice, out: Out): Promise<Pieces> {
  const asked = choice.format === 'table';
  const grid = view.kind === 'rows' ? await listGrid(view, choice, asked) : recordGrid(view, choice, asked);
  if (asked && grid.rows.length === 0 && !choice.printEmpty) return ['\n'];
  // OpenStackClient's rule where one of its options is used; a better one for who just looks
  const rule = asked || choice.maxWidth || choice.fitWidth ? 'shares' : 'level';
  const widths = columnWidths(grid, limitOf(choice, out), rule);
  if (asked || !(out.terminal || choice.color === 'always')) return drawGrid(grid, widths);
  const { dressed } = await import('./dressed.ts');
  return dressed(grid, widths, choice, out);
}

function limitOf({ maxWidth = 0, fitWidth }: OutputChoice, out: Out): number | undefined {
  if (maxWidth > 0) return maxWidth;
  return out.terminal || fitWidth ? out.columns : undefined;
}

async function listGrid(view: Rows, choice: OutputChoice, asked: boolean): Promise<Grid> {
  const { columns, items } = await selectColumns(view, choice);
  const show = asked ? humanCell : view.exact ? exactCell : listCell;
  let isUsual = true;
  const cellOf = (value: unknown): string => {
    const cell = show(value);
    isUsual &&= usual(cell) !== undefined;
    return cell;
  };
  const cellsOf = (item: object) => columns.map(({ of }) => usual(of(item)) ?? cellOf(of(item)));
  const rows: string[][] = [];
  let first: object | undefined;
  for await (const page of pages(items)) {
    first ??= page[0];
    // no more than what is shown of them stays in memory
    addRows(rows, page, cellsOf);
  }
  return {
    headers: columns.map(({ name }) => harmless(name)),
    rows,
    usual: isUsual,
    align: columns.map(({ of }) => (asked ? byFirst(first, of) : view.centred ? 'centre' : 'left')),
    most: columns.map(({ name }) => (asked ? undefined : view.widths.get(name)) ?? Number.POSITIVE_INFINITY),
    least: 8,
  };
}

/** A function of its own: V8 takes ten milliseconds to optimise the one around it. */
function addRows(rows: string[][], page: readonly object[], cellsOf: (item: object) => string[]): void {
  for (const item of page) rows.push(cellsOf(item));
}

/** OpenStackClient sets a column against its right edge when its first value is a number. */
const byFirst = (first: object | undefined, of: (item: object) => unknown): Align =>
  first !== undefined && typeof of(first) === 'number' ? 'right' : 'left';

function recordGrid(view: Fields, choice: OutputChoice, asked: boolean): Grid {
  const show = asked ? human : glanceValue;
  return {
    headers: asked ? ['Field', 'Value'] : ['Property', 'Value'],
    rows: selectFields(choice, view.shown, view.value).map(([name, value]) => [
      harmless(name),
      harmless(show(value), { newlines: true }),
    ]),
    align: [],
    most: asked ? [] : [view.width, view.width],
    least: 16,
  };
}

/** Most cells hold text that all tables show as it is. */
const usual = (value: unknown): string | undefined =>
  typeof value === 'string' && isPrintableAscii(value) ? value : undefined;

const exactCell = (value: unknown): string => (value === undefined ? '' : harmless(str(value)));

const listCell = (value: unknown): string => (isFalsy(value) ? '' : harmless(str(value)));

const humanCell = (value: unknown): string => (value === undefined ? '' : harmless(human(value)));

const glanceValue = (value: unknown): string =>
  typeof value === 'object' && value !== null ? dumps(value) : str(value);
