import type { Command } from './command.ts';

/** One line of the program's table of contents; the command behind it is loaded when it is invoked. */
export interface Row {
  readonly name: string;
  readonly summary: string;
  /** Where it stands in the list of commands. */
  readonly group: string;
  load(): Promise<Command>;
}

/** The rows of one noun: names to the noun's exports and their summaries. A missing export does not compile. */
export const noun = <M extends object>(
  group: string,
  load: () => Promise<M>,
  rows: Readonly<Record<string, readonly [export_: keyof M, summary: string]>>,
): Row[] =>
  Object.entries(rows).map(([name, [key, summary]]) => ({
    name,
    summary,
    group,
    load: async () => (await load())[key] as Command,
  }));
