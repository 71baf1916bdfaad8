import { UsageError } from '../errors.ts';
import { didYouMean } from './nearest.ts';

/** What a shell can offer for a value: some likely words, or a kind of things that it knows or asks for. */
export type Completion = readonly string[] | Local | Named;

/** What the shell finds by itself: paths, the program's commands, the columns of a command's list. */
export type Local = 'file' | 'directory' | 'command' | 'column';

/** Things with names: the clouds of this machine, the settings that can be saved, and what is in the cloud. */
export type Named =
  | 'cloud'
  | 'setting'
  | 'setting-value'
  | 'image'
  | 'image-tag'
  | 'member'
  | 'store'
  | 'import-method'
  | 'task'
  | 'namespace'
  | 'resource-type'
  | 'object'
  | 'property'
  | 'definition-tag';

/**
 * One option of a command, as data that parsing, help, completion and reference all read.
 * `flags` is in commander's form: `--name <NAME>`, `--progress`, `--hidden [BOOL]`, `--tags <TAG...>`;
 * further spellings stand before it, separated by commas.
 */
export interface Option<T = unknown> {
  readonly flags: string;
  readonly about: string;
  /** From the word on the command line to the value; refuses with a UsageError. */
  read(word: string, before: T | undefined): T;
  /** What a switch, or an option given without its optional value, means. */
  readonly bare?: T;
  readonly fallback?: T;
  /** Variables that stand in for the option, first one first; empty ones count as unset. */
  readonly env?: readonly string[];
  readonly choices?: readonly string[];
  readonly complete?: Completion;
  /** Accepted for scripts of another time, kept out of help and completion. */
  readonly hidden?: boolean;
  /** Unknown to glance: a beginning that also fits one of glance's options means that one. */
  readonly beyond?: boolean;
  readonly required?: boolean;
  /** Each use adds a value. */
  readonly repeatable?: boolean;
}

/** What there is to know of an option in a sentence, and in brackets what else may stand there or says it. */
export function aboutOf({ about, choices, env, fallback }: Option): string {
  const notes = [
    ...(choices === undefined ? [] : [`choices: ${choices.join(', ')}`]),
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
    ...(env === undefined ? [] : [`env: ${env.join(', ')}`]),
  ];
  return notes.length === 0 ? about : `${about} (${notes.join('; ')})`;
}

/** An option that is always there once parsed. */
export type Given<T> = Option<T> & { readonly given: true };

type Extra = Pick<Option, 'env' | 'complete' | 'hidden' | 'beyond'>;

/** An option with the words as they are. */
export const text = (flags: string, about: string, extra: Extra = {}): Option<string> => ({
  flags,
  about,
  read: (word) => word,
  ...extra,
});

/** A whole number, sign allowed; the server judges the range. */
export const whole = (flags: string, about: string, extra: Extra = {}): Option<number> => ({
  flags,
  about,
  read: readWhole,
  ...extra,
});

/** The number in `word`, or a UsageError that names it. */
export function readWhole(word: string): number {
  const number = Number(word);
  if (!/^\s*[+-]?[0-9]+\s*$/.test(word) || !Number.isSafeInteger(number)) {
    throw new UsageError(`'${word}' is not a whole number`);
  }
  return number;
}

/** A switch without a value. */
export const on = (flags: string, about: string, extra: Extra = {}): Option<boolean> => ({
  flags,
  about,
  read: () => true,
  bare: true,
  ...extra,
});

/** One of a fixed set of words. */
export const oneOf = <const C extends string>(
  flags: string,
  about: string,
  choices: readonly C[],
  extra: Extra = {},
): Option<C> => ({
  flags,
  about,
  choices,
  read: (word) => chosenOf(choices, word),
  ...extra,
});

/** The word, if it is among the choices, or a UsageError that names the nearest of them. */
export function chosenOf<const C extends string>(choices: readonly C[], word: string): C {
  const found = choices.find((choice) => choice === word);
  if (found !== undefined) return found;
  throw new UsageError(`'${word}' is not one of ${choices.join(', ')}${didYouMean(word, choices)}`);
}

/** Any word, though some are usual: one that is only nearly one of them is taken for a slip. */
export const usually = (
  flags: string,
  about: string,
  usual: readonly string[],
  extra: Extra = {},
): Option<string> => ({
  flags,
  about,
  complete: usual,
  read: (word) => {
    const slip = usual.includes(word) || !/^\w+$/.test(word) ? '' : didYouMean(word, usual);
    if (slip !== '') throw new UsageError(`'${word}' is not one of ${usual.join(', ')}${slip}`);
    return word;
  },
  ...extra,
});

const truths = ['1', 't', 'true', 'on', 'y', 'yes'];
const untruths = ['0', 'f', 'false', 'off', 'n', 'no'];

/** A boolean word, any other refused: glance's strict kind (`--protected`). */
export const truth = (flags: string, about: string, extra: Extra = {}): Option<boolean> => ({
  flags,
  about,
  read: (word) => {
    const lower = word.trim().toLowerCase();
    if (truths.includes(lower)) return true;
    if (untruths.includes(lower)) return false;
    throw new UsageError(`'${word}' is not a boolean: say true or false`);
  },
  ...(flags.includes('[') && { bare: true }),
  ...extra,
});

/** A boolean word where anything unknown means no, and no word at all means yes where `flags` says so. */
export const leniently = (flags: string, about: string, extra: Extra = {}): Option<boolean> => ({
  flags,
  about,
  read: (word) => truths.includes(word.trim().toLowerCase()),
  ...(flags.includes('[') && { bare: true }),
  ...extra,
});

/** Options that glance does not know, whose names must not spoil the abbreviations of its own. */
export const beyond = <O extends Readonly<Record<string, Option>>>(options: O): O =>
  Object.fromEntries(
    Object.entries(options).map(([key, it]) => [key, { ...it, beyond: true }]),
  ) as unknown as O;

/** The same option, repeatable: its values in the order given. */
export const many = <T>(option: Option<T>): Option<T[]> => {
  const { read, bare: _bare, fallback: _fallback, ...rest } = option;
  return { ...rest, repeatable: true, read: (word, before) => [...(before ?? []), read(word, undefined)] };
};

/** Several words after one flag, up to the next option: `--tags a b`; the last use wins. */
export const several = (flags: string, about: string): Option<string[]> => ({
  flags,
  about,
  read: (word, before) => [...(before ?? []), word],
});

/** Repeatable `KEY=VALUE`. Keys such as `__proto__` are data like any other. */
export const pairs = (flags: string, about: string, extra: Extra = {}): Option<Map<string, string>> => ({
  flags,
  about,
  repeatable: true,
  read: (word, before) => {
    const at = word.indexOf('=');
    if (at < 1) throw new UsageError(`'${word}' is not of the form KEY=VALUE`);
    return new Map(before).set(word.slice(0, at), word.slice(at + 1));
  },
  ...extra,
});

/** With a value when nobody gives one. */
export const otherwise = <T>(option: Option<T>, fallback: NoInfer<T>): Given<T> => ({
  ...option,
  fallback,
  given: true,
});

/** Refused when it is missing. */
export const required = <T>(option: Option<T>): Given<T> => ({ ...option, required: true, given: true });

/** A table that has an option for every field of T, of the field's own type: forgetting one does not compile. */
export type FlagsFor<T> = { readonly [K in keyof Required<T>]: Option<NonNullable<T[K]>> };

/** What a table of options gives once parsed. */
export type Values<O> = {
  [K in keyof O as O[K] extends Given<unknown> ? K : never]: O[K] extends Option<infer T> ? T : never;
} & {
  [K in keyof O as O[K] extends Given<unknown> ? never : K]?: O[K] extends Option<infer T> ? T : never;
};
