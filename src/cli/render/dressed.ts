import Table from 'cli-table3';
import { colours } from '../colour.ts';
import type { Dress, Grid } from './grid.ts';
import { cellLines, drawGrid } from './grid.ts';
import type { Out } from './index.ts';
import type { OutputChoice } from './options.ts';
import { width } from './width.ts';

const screenful = 50;

/**
 * A table for a person to look at: with colours, wrapped by what a terminal shows, and in a box when it has a
 * screenful of lines at most. Past that it is drawn plainly, for cli-table3 takes seconds over thousands of lines.
 */
export function dressed(
  grid: Grid,
  widths: readonly number[],
  { color }: OutputChoice,
  out: Out,
): Iterable<string> {
  const { heading, status } = colours(color, out);
  const isStatus = (row: number, column: number): boolean => {
    const name = grid.headers[column] === 'Value' ? grid.rows[row]?.[0] : grid.headers[column];
    return name?.toLowerCase() === 'status';
  };
  const dress: Dress = (text, row, column) =>
    row < 0 ? heading(text) : isStatus(row, column) ? status(text) : text;
  const lines = (cell: string, column: number): readonly string[] =>
    cellLines(cell, widths[column] ?? 0, width);
  if (!isScreenful(grid.rows, lines)) return drawGrid(grid, widths, dress, width);
  const boxed = (cells: readonly string[], row: number): string[] =>
    cells.map((cell, column) =>
      lines(cell, column)
        .map((line) => dress(line, row, column))
        .join('\n'),
    );
  const box = new Table({ head: boxed(grid.headers, -1), style: { head: [], border: [], compact: true } });
  box.push(...grid.rows.map(boxed));
  return [`${box}\n`];
}

function isScreenful(
  rows: Grid['rows'],
  lines: (cell: string, column: number) => readonly string[],
): boolean {
  if (rows.length > screenful) return false;
  const heights = rows.map((cells) => Math.max(...cells.map((cell, column) => lines(cell, column).length)));
  return heights.reduce((sum, height) => sum + height, 0) <= screenful;
}
