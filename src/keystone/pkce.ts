import { createHash, randomBytes } from 'node:crypto';
import type { Desk } from './pass.ts';

/** A word that nobody else can know: 256 bits, 43 characters that stand in a URL as they are. */
export function unguessable(desk: Desk): string {
  const word = randomBytes(32).toString('base64url');
  desk.hide(word);
  return word;
}

/**
 * What is shown of a word at the beginning of a login, to be proved by the word itself at its end.
 * https://www.rfc-editor.org/rfc/rfc7636#section-4.2
 */
export const challengeOf = (verifier: string, method: string): string =>
  method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
