import { Unread } from '../errors.ts';

/** A line of a text, counted from 1. */
export interface TextLine {
  readonly number: number;
  readonly text: string;
}

/** What is behind this in a line (letters) is not looked at: expressions take long over what somebody made long. */
export const longestLine = 4096;

/** More lines are no configuration. */
export const mostLines = 100_000;

/** The lines of a text one after the other, without blanks around them; `where` names it when it has too many. */
export function* linesIn(text: string, where: string): Generator<TextLine> {
  let number = 0;
  for (let at = 0; at <= text.length; ) {
    const end = text.indexOf('\n', at);
    const next = end < 0 ? text.length : end;
    number += 1;
    if (number > mostLines) throw new Unread(`${where} has more than ${mostLines} lines`);
    yield { number, text: text.slice(at, Math.min(next, at + longestLine)).trim() };
    at = next + 1;
  }
}
