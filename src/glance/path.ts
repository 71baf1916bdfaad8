import { UsageError } from '../errors.ts';

/**
 * A path whose `${parts}` cannot leave their place: each is percent-encoded, and what would name another
 * resource (`.`, `..`, nothing at all) is refused before anything is sent.
 */
export function path(fixed: TemplateStringsArray, ...parts: string[]): string {
  return fixed.reduce((whole, piece, at) => whole + segment(parts[at - 1] ?? '') + piece);
}

function segment(word: string): string {
  if (word === '' || word === '.' || word === '..') {
    throw new UsageError(`'${word}' cannot be the name or ID of anything`);
  }
  if (!word.isWellFormed()) throw new UsageError(`'${word}' is not valid Unicode text`);
  return encodeURIComponent(word);
}
