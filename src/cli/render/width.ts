import { eastAsianWidth } from 'get-east-asian-width';
import { isPrintableAscii } from './harmless.ts';

/** How many columns of a terminal one line takes: two for a wide East Asian character, none for a combining mark. */
export function width(line: string): number {
  if (isPrintableAscii(line)) return line.length;
  let columns = 0;
  for (const char of line) columns += charWidth(char);
  return columns;
}

function charWidth(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  return /[\p{Mn}\p{Me}]/u.test(char) ? 0 : eastAsianWidth(code);
}
