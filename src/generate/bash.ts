import type { Completion } from '../define/option.ts';
import type { Flag, Page, Program } from '../define/program.ts';
import { code } from './bash-code.ts';
import {
  asWords,
  dividedGlobals,
  filled,
  isSeveral,
  offered,
  offerFor,
  offerForWord,
  quoted,
  takingOf,
} from './offer.ts';

/** The completion of the program for bash 4.2 or newer: a table of what each command takes, and the code that reads it. */
export function bash(program: Program): string {
  const { common, connection } = dividedGlobals(program);
  return `# Completion of tglance for bash 4.2 or newer, written by "npm run generate".

# Sets what the command $1 takes, and what every command does. An option says behind = what its value can be: some words,
# or a kind of things behind @. With ? it may have a value, with * several; one with ! is known and not offered. Of the
# words in places the last one may be repeated when it begins with *; @ alone can be anything.
_tglance_takes() {
  commands=(
${filled(
  program.commands.map(({ name }) => name),
  '    ',
)}
  )
  common=(
${entries(common, '    ')}
  )
  connection=(
${entries(connection, '    ')}
  )
  own=() places=() columns=()
  case $1 in
${program.commands.map(branch).join('\n')}
  esac
}

${code}
`;
}

function branch({ name, options, args, columns }: Page): string {
  const places = args.map((it) =>
    quoted((isSeveral(it.name) ? '*' : '') + (offerWords(offerForWord(it)) || '@')),
  );
  const parts = [
    ...(options.length === 0 ? [] : [`      own=(\n${entries(options, '        ')}\n      )`]),
    ...(places.length === 0 ? [] : [`      places=(${places.join(' ')})`]),
    ...(columns.length === 0 ? [] : [`      columns=(${asWords(columns).map(quoted).join(' ')})`]),
  ];
  return [`    ${name})`, ...parts, '      ;;'].join('\n');
}

const entries = (flags: readonly Flag[], indent: string): string => filled(flags.flatMap(entriesOf), indent);

const marks = { nothing: '', one: '=', perhaps: '?=', several: '*=' };

function entriesOf(flag: Flag): string[] {
  const shown = offered(flag);
  const taking = takingOf(flag);
  const value = marks[taking] + (taking === 'nothing' ? '' : offerWords(offerFor(flag)));
  return flag.names.map((name) => quoted((shown.includes(name) ? '' : '!') + name + value));
}

const offerWords = (offer: Completion | undefined): string =>
  typeof offer === 'string' ? `@${offer}` : (offer?.join(' ') ?? '');
