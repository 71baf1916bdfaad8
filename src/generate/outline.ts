import type { Page, Program } from '../define/program.ts';

/** The commands by the headings they stand under, in the order of the program's help. */
export function chapters({ commands }: Program): (readonly [heading: string, pages: readonly Page[]])[] {
  const headings = new Set(commands.map(({ group }) => group));
  return [...headings].map((heading) => [heading, commands.filter(({ group }) => group === heading)]);
}

/** How a command is written: `tglance image-show [options] <IMAGE>`. */
export const usage = ({ name, args, options }: Page): string =>
  ['tglance', name, ...(options.length === 0 ? [] : ['[options]']), ...args.map((it) => it.name)].join(' ');

/** How an option is written: `-f, --format <FORMAT>`. */
export const spelling = (names: readonly string[], value: string): string =>
  `${names.toSorted((one, other) => one.length - other.length).join(', ')} ${value}`
    .trim()
    .replace(' [=', '[=');

/** What the program's exit code says. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'Done; an empty list is done too.'],
  [1, 'The service or the machine refused, or some of several failed.'],
  [2, 'The command line is wrong.'],
  [3, 'Not allowed, or not logged in.'],
  [4, 'There is no such thing, or the name fits several.'],
  [5, 'A conflict: it exists, is in use, is in the wrong state, or a quota is used up.'],
  [6, 'No answer: name, connection, TLS, time-out.'],
  [7, 'Data are not what they should be: digest, size, format.'],
  [70, 'A bug in tglance.'],
  [130, 'Interrupted; 128 and the number of the signal.'],
];
