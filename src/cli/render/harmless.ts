// What a terminal acts on or leaves out instead of drawing, newline aside: control characters, fillers and
// joiners of no width, marks and overrides of direction, line and paragraph separators, tags, and halves of
// surrogate pairs (which is what \ud800-\udfff means to an expression with the u flag).
const unseen = [
  String.raw`\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f`,
  String.raw`\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff`,
  String.raw`\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e00ff}`,
].join('');
const harm = new RegExp(`[${unseen}]`, 'gu');
const harmOrNewline = new RegExp(`[\\n${unseen}]`, 'gu');

/** The text with whatever could repaint, reorder or hide on a terminal written out: `\n`, `\x1b`, `\u202e`. */
export const harmless = (text: string, { newlines = false } = {}): string =>
  isPrintableAscii(text) ? text : text.replace(newlines ? harm : harmOrNewline, visible);

/** The text with each such character, newlines aside, as `write` spells it: for formats with escapes of their own. */
export const escapeHarm = (text: string, write: (char: string) => string): string =>
  isPrintableAscii(text) ? text : text.replace(harm, write);

/** Whether one of them, newlines aside, is in the text. */
export const harms = (text: string): boolean => !isPrintableAscii(text) && text.search(harm) >= 0;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A character as Python's repr writes one that cannot be printed. */
export function visible(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x100) return short[char] ?? `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

/** A code in lower-case hexadecimal digits, at least `digits` of them. */
export const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');

const printable = /^[\x20-\x7e]*$/;

/** The quick test that most text passes: there is nothing in it to escape, and each character takes one column. */
export const isPrintableAscii = (text: string): boolean => printable.test(text);
