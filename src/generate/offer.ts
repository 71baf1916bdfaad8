import type { Argument } from '../define/command.ts';
import type { Completion } from '../define/option.ts';
import type { Flag, Program } from '../define/program.ts';

/** What a shell can offer where a value is expected. */
export const offerFor = (flag: Pick<Flag, 'choices' | 'complete' | 'value'>): Completion | undefined =>
  flag.choices ?? flag.complete ?? (/^.BOOL.$/.test(flag.value) ? ['true', 'false'] : undefined);

/** What a shell can offer for a word that stands by itself. */
export const offerForWord = ({ choices, complete }: Argument): Completion | undefined => choices ?? complete;

/** Whether an option takes a value, and where that stands. */
export type Taking = 'nothing' | 'one' | 'perhaps' | 'several';

export function takingOf({ value }: Flag): Taking {
  if (value === '' || value.startsWith('[=')) return 'nothing'; // not as a word of its own
  if (value.startsWith('[')) return 'perhaps';
  return isSeveral(value) ? 'several' : 'one';
}

/** Every spelling of those that a value may follow. */
export const takers = (flags: readonly Flag[]): string[] =>
  flags.filter((flag) => takingOf(flag) !== 'nothing').flatMap(({ names }) => names);

/** Every spelling of the others. */
export const switches = (flags: readonly Flag[]): string[] =>
  flags.filter((flag) => takingOf(flag) === 'nothing').flatMap(({ names }) => names);

/** Whether every word from here on is meant. */
export const isSeveral = (name: string): boolean => name.endsWith('...>') || name.endsWith('...]');

/** The spellings of an option to offer: the main one and the single letter, not those of another time. */
export const offered = ({ name, names, hidden }: Flag): readonly string[] =>
  hidden ? [] : names.filter((it) => it === name || !it.startsWith('--'));

/** The options that say which cloud is meant, and as whom; the others are about the program itself. */
export function dividedGlobals({ globals }: Program): {
  common: readonly Flag[];
  connection: readonly Flag[];
} {
  const { Options = [], Output = [], ...others } = globals;
  return { common: [...Options, ...Output], connection: Object.values(others).flat() };
}

/** A word as bash and zsh read it, in quotation marks where it needs them. */
export const quoted = (text: string): string =>
  /^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** Columns as one word each: a space in a name counts as an underscore. */
export const asWords = (columns: readonly string[]): string[] =>
  columns.map((column) => column.replaceAll(' ', '_'));

/** Words in lines of at most 100 columns. */
export function filled(words: readonly string[], indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && indent.length + line.length + word.length > 99) {
      lines.push(indent + line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, indent + line].join('\n');
}
