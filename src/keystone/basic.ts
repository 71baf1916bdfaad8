import type { Desk } from './pass.ts';

/** What the `authorization` header says for a name and a password. https://www.rfc-editor.org/rfc/rfc7617 */
export function basic(name: string, password: string, desk: Desk): string {
  const words = Buffer.from(`${name}:${password}`).toString('base64');
  desk.hide(words);
  return `Basic ${words}`;
}
