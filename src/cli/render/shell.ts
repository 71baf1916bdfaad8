import type { Fields, Rows } from '../../define/view.ts';
import { UsageError } from '../../errors.ts';
import { selectFields } from './columns.ts';
import { escapeHarm, harms, visible } from './harmless.ts';
import type { OutputChoice } from './options.ts';
import { str } from './python.ts';

/** Assignments that a POSIX shell can eval, whatever the values hold. There is no such form of a list. */
export function shell(view: Rows | Fields, { prefix = '', ...choice }: OutputChoice): string[] {
  if (view.kind === 'rows') {
    throw new UsageError(
      "'shell' is a format for one thing, not for a list: take table, json, jsonl, yaml, csv or value",
    );
  }
  return selectFields(choice, view.shown, view.value).map(
    ([name, value]) => `${variable(prefix, name)}=${word(str(value))}\n`,
  );
}

function variable(prefix: string, name: string): string {
  const safe = (prefix + name.toLowerCase()).replace(/[^A-Za-z0-9_]/g, '_');
  return /^[0-9]|^$/.test(safe) ? `_${safe}` : safe;
}

const word = (text: string): string =>
  harms(text) ? `$'${quoteBytes(text)}'` : `"${text.replace(/["$`\\]/g, '\\$&')}"`;

/**
 * The body of a `$'…'` word, where the bytes of characters that a terminal acts on can stand as octal digits. A
 * quotation mark does too: a shell that does not know the form (dash) would end the word at `\'` and run the rest.
 * What no variable can hold, NUL and halves of surrogate pairs, is made visible only.
 */
const quoteBytes = (text: string): string =>
  escapeHarm(
    text
      .replace(/[\0\ud800-\udfff]/gu, visible)
      .replaceAll('\\', '\\\\')
      .replaceAll("'", '\\047'),
    (char) => [...Buffer.from(char)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  );
