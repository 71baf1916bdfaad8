import type { Argument } from './command.ts';
import type { Option } from './option.ts';

/** The whole program, every command loaded, as its manual and its completion are written from. */
export interface Program {
  readonly commands: readonly Page[];
  /** The options of every command, by the headings they stand under. */
  readonly globals: Readonly<Record<string, readonly Flag[]>>;
}

/** What there is to say of one command. */
export interface Page {
  readonly name: string;
  readonly group: string;
  readonly summary: string;
  readonly about: string;
  readonly args: readonly Argument[];
  readonly options: readonly Flag[];
  /** The columns that its list can show; none where it shows no list. */
  readonly columns: readonly string[];
  readonly examples: readonly string[];
}

/** An option and how it is written. */
export interface Flag extends Option {
  /** The spelling to show. */
  readonly name: string;
  /** Every spelling. */
  readonly names: readonly string[];
  /** `<X>`, `[X]`, `<X...>` or empty. */
  readonly value: string;
}
