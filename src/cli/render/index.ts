import type { Fields, Rows, View } from '../../define/view.ts';
import { brief } from './brief.ts';
import type { OutputChoice } from './options.ts';
import { refuseChoice } from './options.ts';

/** Where the result goes: standard output, or what a test puts in its place. */
export interface Out {
  /** Resolves when there is room for more. */
  write(text: string): void | Promise<void>;
  readonly terminal: boolean;
  /** The terminal's width, where there is one. */
  readonly columns: number | undefined;
  /** What says how the terminal is (NO_COLOR, TERM): the process's own when missing. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A format: the text of a result in pieces, each at least a line. */
export type Format = (view: Rows | Fields, choice: OutputChoice, out: Out) => Pieces | Promise<Pieces>;
export type Pieces = Iterable<string> | AsyncIterable<string>;

/** Prints what a command returned. What cannot be printed is refused before a list's source is asked for anything. */
export async function render(view: View, choice: OutputChoice, out: Out): Promise<void> {
  refuseChoice(choice);
  switch (view.kind) {
    case 'done':
      return;
    case 'text':
      return send([view.text], out);
    default: {
      const format = await formats[choice.format ?? view.usual]();
      if (view.kind === 'fields') return send(await format(view, choice, out), out);
      const { items, over } = brief(view.items);
      try {
        return await send(await format({ ...view, items }, choice, out), out);
      } finally {
        over();
      }
    }
  }
}

const formats: Record<NonNullable<OutputChoice['format']>, () => Promise<Format>> = {
  table: async () => (await import('./table.ts')).table,
  json: async () => (await import('./json.ts')).json,
  jsonl: async () => (await import('./jsonl.ts')).jsonl,
  yaml: async () => (await import('./yaml.ts')).yaml,
  csv: async () => (await import('./csv.ts')).csv,
  value: async () => (await import('./value.ts')).value,
  shell: async () => (await import('./shell.ts')).shell,
};

const enough = 65_536;

/** Few large writes: a system call for each line would cost more than the lines. */
async function send(pieces: Pieces, out: Out): Promise<void> {
  let text = '';
  const flush = (): void | Promise<void> => {
    const batch = text;
    text = '';
    return out.write(batch);
  };
  if (Symbol.asyncIterator in pieces) {
    for await (const piece of pieces) {
      text += piece;
      if (text.length >= enough) await flush();
    }
  } else {
    for (const piece of pieces) {
      text += piece;
      if (text.length >= enough) await flush();
    }
  }
  if (text !== '') await flush();
}
