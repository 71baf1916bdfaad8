import { width } from './width.ts';
import type { Size } from './wrap.ts';
import { wrap } from './wrap.ts';

/** A table before it has widths. Cells are harmless text; a newline in one begins a new line of it. */
export interface Grid {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Every cell of the rows is one line of printable ASCII, as wide as it is long. */
  readonly usual?: boolean;
  /** Where each column's cells stand; against the left edge where nothing is said. */
  readonly align: readonly Align[];
  /** The most each column may take, where anything is said, and the least that fitting leaves it. */
  readonly most: readonly number[];
  readonly least: number;
}

export type Align = 'left' | 'right' | 'centre';

/** How wide each column becomes: what its text takes and no more than `most`, within `limit` for the whole line. */
export function columnWidths(
  { headers, rows, usual, most, least }: Grid,
  limit: number | undefined,
  rule: 'shares' | 'level',
): number[] {
  const own = headers.map(width);
  const natural = headers.map(() => 0);
  for (const row of rows) {
    for (let at = 0; at < row.length; at += 1) {
      const cell = row[at] ?? '';
      natural[at] = Math.max(natural[at] ?? 0, usual ? cell.length : widestLine(cell));
    }
  }
  const widths = natural.map((wanted, at) => Math.max(own[at] ?? 0, Math.min(wanted, most[at] ?? wanted)));
  const total = widths.reduce((sum, each) => sum + each + 3, 1);
  if (limit === undefined || total <= limit) return widths;
  if (rule === 'level') return level(widths, own, limit);
  return shrink(widths, limit, least).map((each, at) => Math.max(each, own[at] ?? 0));
}

/** The rows of the table with the rules between them; `dress` colours a cell once it has its width. */
export function* drawGrid(
  { headers, rows, usual, align }: Grid,
  widths: readonly number[],
  dress?: Dress,
  size?: Size,
): Generator<string> {
  const rule = `+${widths.map((each) => '-'.repeat(each + 2)).join('+')}+\n`;
  const line = (cells: readonly string[], row: number): string => {
    const justified = cells.map((cell, at) => justify(cell, widths[at] ?? 0, align[at]));
    return `| ${justified.map((cell, at) => dress?.(cell, row, at) ?? cell).join(' | ')} |\n`;
  };
  const draw = (cells: readonly string[], row: number): string => {
    if (cells.every((cell, at) => isLine(cell, widths[at] ?? 0))) return line(cells, row);
    const blocks = cells.map((cell, at) => cellLines(cell, widths[at] ?? 0, size));
    const height = blocks.reduce((tallest, { length }) => Math.max(tallest, length), 1);
    const nth = (at: number): readonly string[] => blocks.map((block) => block[at] ?? '');
    return Array.from({ length: height }, (_, at) => line(nth(at), row)).join('');
  };
  const asLong = new RegExp(`^(?:[\\x20-\\x7e]{${rule.length - 1}}\\n)*$`);
  const isPlain = dress === undefined && align.every((each) => each === 'left');
  yield rule + draw(headers, -1) + rule;
  for (let at = 0; at < rows.length; at += batch) {
    const some = rows.slice(at, at + batch);
    const text = isPlain ? plainLines(some, widths) : '?';
    const isRight = usual ? text.length === rule.length * some.length : asLong.test(text);
    yield isRight ? text : some.map((cells, nth) => draw(cells, at + nth)).join('');
  }
  yield rule;
}

/** Rows that are drawn together. */
const batch = 500;

/** Lines made without a look at their cells, quickly: right if all of them come out as long as they should, in ASCII. */
function plainLines(rows: Grid['rows'], widths: readonly number[]): string {
  let text = '';
  for (const cells of rows) {
    for (let at = 0; at < cells.length; at += 1) text += `| ${cells[at]?.padEnd(widths[at] ?? 0)} `;
    text += '|\n';
  }
  return text;
}

/** Colours a line of the cell in that row (-1 for the header) and column. */
export type Dress = (text: string, row: number, column: number) => string;

/** A cell's lines, none wider than its column; like glance, counts characters there unless told otherwise. */
export function cellLines(cell: string, room: number, size?: Size): readonly string[] {
  if (isLine(cell, room)) return [cell];
  return cell.split('\n').flatMap((line) => {
    const parts = isLine(line, room) ? [line] : wrap(line, room, size);
    return parts.length > 0 ? parts : [''];
  });
}

/** The quick test first: no character takes more than two columns. */
const isLine = (cell: string, room: number): boolean =>
  (cell.length * 2 <= room || width(cell) <= room) && !cell.includes('\n');

const widestLine = (cell: string): number =>
  cell.includes('\n') ? cell.split('\n').reduce((most, line) => Math.max(most, width(line)), 0) : width(cell);

function justify(text: string, room: number, align: Align = 'left'): string {
  const free = room - width(text);
  if (free <= 0) return text;
  if (align === 'left') return text + ' '.repeat(free);
  const before = align === 'right' ? free : middle(free, room - free);
  return ' '.repeat(before) + text + ' '.repeat(free - before);
}

/** An odd space goes after text of odd width and before text of even width, as Python's `str.center` has it. */
const middle = (free: number, taken: number): number => Math.floor((free + (taken % 2 === 0 ? 1 : 0)) / 2);

/** Cuts the widest columns to one width, the largest with which the line fits; a header stays whole. */
function level(widths: readonly number[], own: readonly number[], limit: number): number[] {
  const usable = limit - 1 - 3 * widths.length;
  const cutAt = (most: number) => widths.map((each, at) => Math.max(own[at] ?? 0, Math.min(each, most)));
  let most = Math.max(usable, 1);
  while (most > 1 && cutAt(most).reduce((sum, each) => sum + each, 0) > usable) most -= 1;
  return cutAt(most);
}

/**
 * Columns no wider than an even share keep their width, the others divide the rest evenly and the last of them
 * takes what is over: cliff's rule.
 */
function shrink(widths: readonly number[], limit: number, least: number): number[] {
  const usable = Math.max(0, limit - 1 - 3 * widths.length);
  const share = Math.floor(usable / widths.length);
  const wide = widths.filter((each) => each > share).length;
  let rest = widths.reduce((left, each) => (each > share ? left : left - each), usable);
  const part = Math.floor(rest / wide);
  let seen = 0;
  return widths.map((each) => {
    if (each <= share) return each;
    seen++;
    if (seen === wide) return Math.min(each, Math.max(least, rest));
    rest -= part;
    return Math.min(each, Math.max(least, part));
  });
}
