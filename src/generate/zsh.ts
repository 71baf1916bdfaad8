import type { Completion } from '../define/option.ts';
import type { Flag, Page, Program } from '../define/program.ts';
import {
  asWords,
  dividedGlobals,
  isSeveral,
  offered,
  offerFor,
  offerForWord,
  quoted,
  switches,
  takers,
  takingOf,
} from './offer.ts';

/** The completion of the program for zsh, with descriptions. */
export function zsh(program: Program): string {
  const { common, connection } = dividedGlobals(program);
  return `#compdef tglance
# Completion of tglance for zsh, written by "npm run generate".

# Offers what the cloud has of the kind $1, asked for with the options on the line that say which cloud is meant.
_tglance_names() {
  local word name kind=$1
  local -a given names found views expl
  local -i at
  [[ $PREFIX == -* ]] && return 1
  for (( at = 2; at <= $#tglance_line; at++ )); do
    word=\${(Q)tglance_line[at]}
    case \${word%%=*} in
      (${takers(connection).join('|')})
        [[ $word == *=* ]] || word+="=\${(Q)tglance_line[++at]}"
        (( at > $#tglance_line )) || given+=($word)
        ;;
      (${switches(connection).join('|')}) given+=($word) ;;
    esac
  done
  [[ $kind == store ]] && compset -P '*,'
  names=(\${(f)"$(_call_program \${kind}s $tglance_line[1] \${(q)given} __complete $kind \\
    \${(q)\${(Q)PREFIX}} \${(q)\${(Q)line[1,-2]}} </dev/null 2>/dev/null)"})
  for name in $names; do
    found+=("\${name%%$'\\t'*}") views+=("\${name/$'\\t'/  -- }")
  done
  _wanted \${kind}s expl $kind compadd -l -d views -a found
}

_tglance_columns() {
  compadd "$@" -a shown
}

_tglance_commands() {
  local -a found
  found=(
${indented(program.commands.map(described), '    ')}
  )
  _describe -t commands command found "$@"
}

_tglance() {
  local curcontext=$curcontext context state state_descr line ret=1
  local -A opt_args
  local -a tglance_line own common connection shown
  tglance_line=("\${(@)words[1,CURRENT-1]}")
  common=(
${indented(common.flatMap(specsOf), '    ')}
  )
  connection=(
${indented(connection.flatMap(specsOf), '    ')}
  )
  _arguments -C -S $common $connection '(-): :_tglance_commands' '(-)*:: :->words' && ret=0
  if [[ $state == words ]]; then
    curcontext=\${curcontext%:*}-$words[1]:
    case $words[1] in
${program.commands.map(branch).join('\n')}
    esac
    # the many options of the connection are offered when their beginning is typed
    [[ $PREFIX == --?* ]] || connection=('!'\${^connection})
    _arguments -S $own $common $connection && ret=0
  fi
  return ret
}

if [[ $funcstack[1] == _tglance ]]; then
  _tglance "$@"
else
  compdef _tglance tglance
fi
`;
}

const indented = (lines: readonly string[], indent: string) => lines.map((line) => indent + line).join('\n');

const described = ({ name, summary }: Page) => single(`${name.replaceAll(':', '\\:')}:${summary}`);

function branch({ name, options, args, columns }: Page): string {
  const specs = [...options.flatMap(specsOf), ...args.map(specOfWord)];
  return [
    `        (${name})`,
    ...(specs.length === 0 ? [] : [`          own=(\n${indented(specs, '            ')}\n          )`]),
    ...(columns.length === 0 ? [] : [`          shown=(${asWords(columns).map(quoted).join(' ')})`]),
    '          ;;',
  ].join('\n');
}

const marks = { nothing: '', one: '=', perhaps: '=', several: '' };

/** How `_arguments` wants an option described: https://zsh.sourceforge.io/Doc/Release/Completion-System.html */
function specsOf(flag: Flag): string[] {
  const shown = offered(flag);
  const taking = takingOf(flag);
  const others = flag.repeatable || shown.length < 2 ? '' : `(${shown.join(' ')})`;
  return flag.names.map((name) => {
    const hidden = shown.includes(name) ? '' : '!';
    const mark = name.startsWith('--') ? marks[taking] : marks[taking].replace('=', '+');
    const about = `[${flag.about.replace(/[\\[\]]/g, '\\$&')}]`;
    return single(hidden + others + (flag.repeatable ? '*' : '') + name + mark + about + valuesOf(flag));
  });
}

function valuesOf(flag: Flag): string {
  const name = flag.value.replace(/^.|(\.\.\.)?.$/g, '').replace(/[\\:]/g, '\\$&');
  const offer = action(offerFor(flag));
  const value = `:${name}:${offer}`;
  // there is no way to say "up to the next option", so it is said that there may be nine more; those must not
  // announce themselves, or no option that follows would be completed
  const further = `::${name}:${offer === message ? '()' : offer}`;
  const values = { nothing: '', one: value, perhaps: `:${value}`, several: value + further.repeat(9) };
  return values[takingOf(flag)];
}

function specOfWord(argument: Page['args'][number]): string {
  const optional = argument.name.startsWith('[') ? ':' : '';
  const about = argument.about.replace(/[\\:]/g, '\\$&');
  return single(
    `${isSeveral(argument.name) ? '*' : ''}:${optional}${about}:${action(offerForWord(argument))}`,
  );
}

/** Only what is expected is shown. */
const message = ' ';

function action(offer: Completion | undefined): string {
  if (offer === undefined) return message;
  if (typeof offer === 'object') return `(${offer.join(' ')})`;
  if (offer === 'file') return '_files';
  if (offer === 'directory') return '_files -/';
  return offer === 'command' || offer === 'column' ? `_tglance_${offer}s` : ` _tglance_names ${offer}`;
}

const single = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
