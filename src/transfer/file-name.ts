/**
 * A plain name for a file after words of a server, the first of which that leaves something is taken: one component,
 * with nothing in it that leads elsewhere, hides the file, acts on a terminal or means a device somewhere.
 */
export function fileNameAfter(words: readonly string[]): string {
  const names = words.map(plain).filter((name) => name !== '');
  return names[0] ?? 'image';
}

/** File names have at most 255 bytes, and a temporary one is longer than the one that it becomes. */
const mostBytes = 200;

function plain(word: string): string {
  const safe = word
    .replace(/[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|]/gu, '_')
    .replace(/^[\s.]+|[\s.]+$/gu, '')
    .replace(/^-/, '_');
  const short = cut(safe).replace(/[\s.]+$/u, '');
  // https://learn.microsoft.com/windows/win32/fileio/naming-a-file
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(short) ? `_${short}` : short;
}

/** Keeps whole characters. */
function cut(name: string): string {
  let short = '';
  for (const char of name) {
    if (Buffer.byteLength(short + char) > mostBytes) break;
    short += char;
  }
  return short;
}
