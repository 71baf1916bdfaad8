import type { Values } from '../../define/option.ts';
import { many, on, oneOf, text, truth, whole } from '../../define/option.ts';
import { UsageError } from '../../errors.ts';

/** How to show what a command returns: OpenStackClient's options, for every command. */
export const outputOptions = {
  format: oneOf('-f, --format <FORMAT>', 'How to print the result', [
    'table',
    'json',
    'jsonl',
    'yaml',
    'csv',
    'value',
    'shell',
  ]),
  column: many(
    text('-c, --column <COLUMN>', 'Print this column or field only; can be repeated', { complete: 'column' }),
  ),
  sortColumn: many(
    text('--sort-column <COLUMN>', 'Sort a list by this column; can be repeated, the first counts most', {
      complete: 'column',
    }),
  ),
  sortAscending: on('--sort-ascending', 'Sort from low to high'),
  sortDescending: on('--sort-descending', 'Sort from high to low'),
  maxWidth: whole('--max-width <COLUMNS>', 'Make a table no wider than this; 0 for no limit', {
    env: ['CLIFF_MAX_TERM_WIDTH'],
  }),
  fitWidth: {
    ...truth('--fit-width', 'Make a table no wider than the terminal', { env: ['CLIFF_FIT_WIDTH'] }),
    bare: true,
  },
  printEmpty: on('--print-empty', 'Print the header of a table without rows'),
  noindent: on('--noindent', 'Print JSON on one line'),
  quote: oneOf('--quote <MODE>', 'What to quote in csv: nonnumeric when nothing is said', [
    'all',
    'minimal',
    'none',
    'nonnumeric',
  ]),
  prefix: text('--prefix <PREFIX>', 'Begin the names of shell variables with this'),
  color: oneOf('--color <WHEN>', 'Use colour', ['auto', 'always', 'never']),
};

/** What was said of the output. */
export type OutputChoice = Values<typeof outputOptions>;

/** Refuses options that contradict each other. */
export function refuseChoice({ sortAscending, sortDescending }: OutputChoice): void {
  if (sortAscending && sortDescending) {
    throw new UsageError("'--sort-ascending' and '--sort-descending' cannot be used together");
  }
}
