import { UsageError } from '../errors.ts';

/**
 * A path whose `${parts}` cannot leave their place: each is percent-encoded, and what would name another
 * resource (`.`, `..`, nothing at all) is refused before anything is sent.
 */
export function path(fixed: TemplateStringsArray, ...parts: string[]): string {
  return fixed.reduce((whole, piece, at) => whole + segment(parts[at - 1] ?? '') + piece);
}

/** Refuses the empty word, before anything is sent: it is what a shell makes of a variable that is not set. */
export function refuseEmpty(word: string): void {
  if (word === '') throw nameless(word);
}

const nameless = (word: string) => new UsageError(`'${word}' cannot be the name or ID of anything`);

function segment(word: string): string {
  if (word === '' || word === '.' || word === '..') throw nameless(word);
  if (!word.isWellFormed()) throw new UsageError(`'${word}' is not valid Unicode text`);
  return encodeURIComponent(word);
}
