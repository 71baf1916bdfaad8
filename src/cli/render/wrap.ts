// Python's \w, the letters in it, and what can stand before a dash.
const word = String.raw`[\p{L}\p{N}_]`;
const letter = String.raw`[\p{L}\p{Nl}\p{No}_]`;
const before = String.raw`[\p{L}\p{N}_!"'&.,?]`;
const hyphen = `-(?:(?<=${letter}{2}-)|(?<=${letter}-${letter}-))(?=${letter}-?${letter})`;
const dash = '-{2,}';

/**
 * Space, a dash between words, or a word up to a hyphen inside it, to its end, or to a dash. Made when there is
 * something to wrap, for that takes longer than to draw a table.
 */
const chunk = () =>
  new RegExp(
    ` +|(?<=${before})${dash}(?=${word})|[^ ]+?(?:${hyphen}|(?= |$)|(?<=${before})(?=${dash}${word}))`,
    'gu',
  );

/**
 * Breaks one line of harmless text (so: no white space of ASCII but the space) where Python's `textwrap.fill` does:
 * at spaces, after hyphens inside words, and inside words longer than a line. `size` is what a character takes of
 * `room`, which is 2 at the least, for a wide one.
 * https://docs.python.org/3/library/textwrap.html
 */
export function wrap(text: string, room: number, size: Size = () => 1): string[] {
  const waiting = (text.match(chunk()) ?? []).reverse();
  const lines: string[] = [];
  while (waiting.length > 0) {
    const line = nextLine(waiting, lines.length > 0, Math.max(2, room), size);
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;
}

export type Size = (char: string) => number;

function nextLine(waiting: string[], later: boolean, room: number, size: Size): string[] {
  const line: string[] = [];
  let free = room;
  if (later && isBlank(waiting.at(-1))) waiting.pop();
  for (let next = waiting.at(-1); next !== undefined; next = waiting.at(-1)) {
    const part = fitting(next, free, size);
    if (part.end < next.length) {
      if (fitting(next, room, size).end < next.length) line.push(breakWord(waiting, next, part.end));
      break;
    }
    line.push(next);
    free = part.free;
    waiting.pop();
  }
  if (isBlank(line.at(-1))) line.pop();
  return line;
}

const isBlank = (chunk: string | undefined): boolean => chunk?.trim() === '';

/** Takes what fits of a word, or less: up to the last hyphen in it. The rest goes on waiting. */
function breakWord(waiting: string[], word: string, end: number): string {
  const hyphen = word.slice(0, end).lastIndexOf('-');
  const cut = /[^-]/.test(word.slice(0, Math.max(0, hyphen))) ? hyphen + 1 : end;
  waiting[waiting.length - 1] = word.slice(cut);
  return word.slice(0, cut);
}

/** Where the part of the chunk that fits ends, and the room it leaves. */
function fitting(chunk: string, room: number, size: Size): { end: number; free: number } {
  let end = 0;
  let free = room;
  for (const char of chunk) {
    const taken = size(char);
    if (taken > free) break;
    free -= taken;
    end += char.length;
  }
  return { end, free };
}
