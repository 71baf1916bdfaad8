import type { Completion } from '../define/option.ts';
import type { Flag, Page, Program } from '../define/program.ts';
import {
  asWords,
  dividedGlobals,
  isSeveral,
  offered,
  offerFor,
  offerForWord,
  switches,
  takers,
  takingOf,
} from './offer.ts';

/** The completion of the program for fish 3.1 or newer, with descriptions. */
export function fish(program: Program): string {
  const { common, connection } = dividedGlobals(program);
  const globals = [...common, ...connection];
  const { commands } = program;
  const names = commands.map(({ name }) => name);
  return `# Completion of tglance for fish 3.1 or newer, written by "npm run generate".

# The options that are followed by a value: those of every command, or those of the command $argv.
function __tglance_takers
  switch "$argv"
    case ''
      string split ' ' -- '${takers(globals).join(' ')}'
${commands.flatMap(branch).join('\n')}
  end
end

# The words before the cursor that are no options and no values of options: the command and what it was given.
function __tglance_words
  set -l line (commandline -opc)
  set -l takers (__tglance_takers)
  set -l words
  set -l taken
  for word in $line[2..-1]
    if set -q taken[1]
      set -e taken[1]
    else if contains -- $word $takers
      set taken $word
    else if not string match -q -- '-*' $word
      set -a words $word
      test (count $words) = 1; and set -a takers (__tglance_takers $word)
    end
  end
  string join -- \\n $words
end

# Whether this is the command, and its next word the first, the second... (1+ is the first or a later one); of no
# command, whether there is none yet.
function __tglance_in
  set -l words (__tglance_words)
  test "$words[1]" = "$argv[1]"; or return
  set -q argv[2]; or return 0
  test (count $words) = $argv[2]; or begin
    string match -q -- '*+' $argv[2]; and test (count $words) -ge (string trim -c + $argv[2])
  end
end

# What the cloud has of the kind $argv, asked for with the options on the line that say which cloud is meant.
function __tglance_names
  set -l line (commandline -opc)
  set -l given
  for at in (seq 2 (count $line))
    switch $line[$at]
      case ${[...switches(connection), ...takers(connection).map((name) => `'${name}=*'`)].join(' ')}
        set -a given $line[$at]
      case ${takers(connection).join(' ')}
        set -q line[(math $at + 1)]; and set -a given $line[$at] $line[(math $at + 1)]
    end
  end
  set -l typed (string replace -r -- '^--[^=]*=' '' (commandline -ct))
  set -l prefix (string unescape -- $typed; or echo $typed)
  set -l before
  test "$argv" = store; and set before (string match -r -- '.*,' $prefix)
  set prefix (string replace -- "$before" '' "$prefix")
  set -l found (command tglance $given __complete $argv "$prefix" (__tglance_words)[2..-1] </dev/null 2>/dev/null)
  string join -- \\n "$before"$found
end

complete -c tglance -f
${[
  ...commands.map(({ name, summary }) => `-n __tglance_in -a ${name} -d ${single(summary)}`),
  ...globals.flatMap((flag) => optionOf(flag, names)),
  ...commands.flatMap((page) => linesOf(page, names).map((line) => `-n '__tglance_in ${page.name}${line}`)),
]
  .map((line) => `complete -c tglance ${line}\n`)
  .join('')}`;
}

function branch({ name, options }: Page): string[] {
  const names = takers(options);
  return names.length === 0 ? [] : [`    case ${name}`, `      string split ' ' -- '${names.join(' ')}'`];
}

/** What is offered behind a command, from the condition's end on. */
function linesOf({ args, options, columns }: Page, commands: readonly string[]): string[] {
  const places = args.map((argument, at) => {
    const offer = offerOf(offerForWord(argument), commands);
    return offer === '' ? [] : ` ${at + 1}${isSeveral(argument.name) ? '+' : ''}'${offer}`;
  });
  const shown = asWords(columns).join(' ').replace(/[()]/g, '\\$&');
  return [
    ...places.flat(),
    ...options.flatMap((flag) => optionOf(flag, commands)).map((option) => `' ${option}`),
    ...(shown === '' ? [] : [`' -s c -l column -l sort-column -x -a ${single(shown)}`]),
  ];
}

function optionOf(flag: Flag, commands: readonly string[]): string[] {
  const names = offered(flag).map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name[1]}`,
  );
  const must = { nothing: '', perhaps: '', one: ' -r', several: ' -r' };
  const value = must[takingOf(flag)] + offerOf(offerFor(flag), commands);
  return names.length === 0 ? [] : [`${names.join(' ')}${value} -d ${single(flag.about)}`];
}

function offerOf(offer: Completion | undefined, commands: readonly string[]): string {
  if (offer === undefined || offer === 'column') return '';
  if (offer === 'file') return ' -F';
  return ` -a ${single(offerWords(offer, commands))}`;
}

function offerWords(offer: Completion, commands: readonly string[]): string {
  if (typeof offer === 'object') return offer.join(' ');
  if (offer === 'directory') return '(__fish_complete_directories)';
  return offer === 'command' ? commands.join(' ') : `(__tglance_names ${offer})`;
}

const single = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
