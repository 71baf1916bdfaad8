import type { App } from './app.ts';
import type { Completion, Option, Values } from './option.ts';
import type { Columns, View } from './view.ts';

/** One positional word, or all the remaining ones when `name` ends in `...>`. */
export interface Argument<T = unknown> {
  readonly name: string;
  readonly about: string;
  readonly complete: Completion | undefined;
  readonly choices: readonly string[] | undefined;
  readonly type?: T;
}

/** One word: `arg('<IMAGE>', 'Name or ID of the image', 'image')`; `[IMAGE]` may be missing. */
export const arg = (name: string, about: string, complete?: Completion): Argument<string> => ({
  name,
  about,
  complete,
  choices: undefined,
});

/** One word or more. */
export const args = (name: string, about: string, complete?: Completion): Argument<string[]> => ({
  name: name.replace(/>$/, '...>'),
  about,
  complete,
  choices: undefined,
});

/** One word of a fixed set. */
export const argOf = <const C extends string>(
  name: string,
  about: string,
  choices: readonly C[],
): Argument<C> => ({ name, about, complete: undefined, choices });

export type Arguments = Readonly<Record<string, Argument>>;
export type Options = Readonly<Record<string, Option>>;

/** What a command takes, what it says of itself, and what it does. */
export interface Command<A extends Arguments = Arguments, O extends Options = Options> {
  readonly about: string;
  readonly args?: A;
  readonly options?: O;
  /** Those that its list can show; `-c` names some of them. */
  readonly columns?: Columns<never>;
  /** Command lines that parse; shown in help. */
  readonly examples?: readonly string[];
  run(
    input: {
      args: { [K in keyof A]: A[K] extends Argument<infer T> ? T : never };
      options: Values<O>;
    },
    app: App,
  ): Promise<View> | View;
}

/** A text that is written over several lines, as one for whoever breaks it himself. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Infers the types of a command's input; does nothing. */
// biome-ignore lint/complexity/noBannedTypes: {} is the empty table of arguments or options
export const command = <A extends Arguments = {}, O extends Options = {}>(it: Command<A, O>): Command<A, O> =>
  it;
