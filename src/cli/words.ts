import type { Option } from '../define/option.ts';
import { UsageError } from '../errors.ts';

/** How an option is written: its names, and whether words follow it. */
export interface Shape {
  /** The name that commander knows it by. */
  readonly name: string;
  readonly names: readonly string[];
  /** `<X>`, `[X]`, `<X...>` or empty, as in the option's flags. */
  readonly value: string;
  readonly choices?: readonly string[] | undefined;
  readonly beyond?: boolean | undefined;
}

/** What an option's flags say: every word that begins with a dash is a name, the last long one is the main one. */
export function shapeOf(option: Pick<Option, 'flags' | 'choices' | 'beyond'>): Shape {
  const known = shapes.get(option) ?? read(option);
  shapes.set(option, known);
  return known;
}

/** A command line asks for each of a hundred several times. */
const shapes = new WeakMap<object, Shape>();

function read({ flags, choices, beyond }: Pick<Option, 'flags' | 'choices' | 'beyond'>): Shape {
  const end = flags.search(/[<[]/);
  const spellings = (end < 0 ? flags : flags.slice(0, end)).trimEnd();
  const names = spellings.includes(' ') ? spellings.split(/[ ,]+/) : [spellings];
  return {
    name: names.findLast((name) => name.startsWith('--')) ?? flags,
    names,
    value: end < 0 ? '' : flags.slice(end),
    choices,
    beyond,
  };
}

/**
 * Splits a command line at the command's name: the first word that is neither an option nor the value of a
 * global one. Before the name, `-f` is glance's `--force` (which does nothing) unless a format follows it.
 */
export function splitAtCommand(
  words: readonly string[],
  globals: readonly Shape[],
): { before: readonly string[]; name: string | undefined; after: readonly string[] } {
  const before: string[] = [];
  const left = [...words];
  while (left[0]?.startsWith('-') && left[0] !== '-') {
    const word = left.shift() ?? '';
    if (word === '--') break;
    const letters = apart(word, globals);
    if (letters !== undefined) {
      left.unshift(...letters);
      continue;
    }
    const alone = word.startsWith('--') ? !word.includes('=') : word.length === 2;
    const shape = alone ? find(word, globals, []) : undefined;
    const value = shape?.value.startsWith('<') ? left[0] : undefined;
    if (word === '-f' && value !== '' && !shape?.choices?.includes(value ?? '')) continue;
    before.push(word);
    if (value !== undefined) before.push(left.shift() ?? '');
  }
  return { before, name: left[0], after: left.slice(1) };
}

/** `-vf` as `-v -f`, and `-fjson` as `-f json`; undefined for what is no such thing. */
function apart(word: string, globals: readonly Shape[]): readonly string[] | undefined {
  if (!/^-[^-]./s.test(word)) return undefined;
  const [flag, rest] = [word.slice(0, 2), word.slice(2)];
  const shape = find(flag, globals, []);
  if (shape === undefined) return undefined;
  const isValue = shape.value !== '' && (shape.choices?.includes(rest) ?? true);
  if (isValue) return [flag, rest];
  return rest.length === 1 && find(`-${rest}`, globals, []) === undefined ? undefined : [flag, `-${rest}`];
}

/**
 * Writes every option out in full, so that what follows needs one spelling only: `--lim 5` as `--limit 5`,
 * `--os_auth_url` as `--os-auth-url`. The command's own options go before the global ones, as argparse does.
 */
export function spellOut(
  words: readonly string[],
  own: readonly Shape[],
  globals: readonly Shape[],
): string[] {
  let out: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') return [...out, ...words.slice(at)];
    const [spelling = '', ...rest] = word.startsWith('--') ? word.split('=') : [word];
    const shape = word.startsWith('-') && word !== '-' ? find(spelling, own, globals) : undefined;
    if (shape === undefined) {
      out.push(word);
      continue;
    }
    const value = rest.length > 0 ? `=${rest.join('=')}` : '';
    const follows = shape.value.startsWith('<') && value === '';
    if (follows) refuseMissingValue(spelling, words[at + 1], own, globals);
    if (shape.value.endsWith('...>')) out = withoutUse(out, shape.name);
    if (follows && !shape.value.endsWith('...>')) {
      at += 1;
      // glued on, so that a value which begins with a dash stays a value
      out.push(`${shape.name}=${words[at] ?? ''}`);
    } else {
      // commander would take the next word for a value that only `=` can give
      const bare = shape.value.startsWith('[=') && value === '' ? '=true' : value;
      out.push(shape.name + bare);
    }
  }
  return out;
}

/** What is left when an earlier use of an option with several values no longer counts, as argparse has it. */
function withoutUse(words: readonly string[], name: string): string[] {
  const at = words.findIndex((word) => word === name || word.startsWith(`${name}=`));
  const next = words.findIndex((word, place) => place > at && /^-./s.test(word));
  const end = words[at] !== name ? at + 1 : next < 0 ? words.length : next;
  return at < 0 ? [...words] : [...words.slice(0, at), ...words.slice(end)];
}

function refuseMissingValue(
  spelling: string,
  next: string | undefined,
  own: readonly Shape[],
  globals: readonly Shape[],
): void {
  const isOption = next?.startsWith('--') && next.length > 2 && find(next.split('=')[0] ?? '', own, globals);
  if (next === undefined || isOption) throw new UsageError(`option '${spelling}' needs a value`);
}

/** The option that a word names: in full, by underscores, or by a beginning that fits no other. */
function find(word: string, own: readonly Shape[], globals: readonly Shape[]): Shape | undefined {
  if (!word.startsWith('--')) return [...own, ...globals].find(({ names }) => names.includes(word));
  const name = word.replaceAll('_', '-');
  for (const shapes of [own, globals]) {
    const exact = shapes.find(({ names }) => names.includes(name));
    if (exact !== undefined) return exact;
  }
  for (const shapes of [own, globals]) {
    const all = shapes.filter(({ names }) => names.some((full) => full.startsWith(name)));
    const glances = all.filter(({ beyond }) => !beyond);
    const fitting = glances.length > 0 ? glances : all;
    if (fitting.length === 1) return fitting[0];
    if (fitting.length > 1) {
      const names = fitting.map((shape) => shape.names.find((full) => full.startsWith(name)));
      throw new UsageError(`ambiguous option: ${word} could match ${names.join(', ')}`);
    }
  }
  return undefined;
}
