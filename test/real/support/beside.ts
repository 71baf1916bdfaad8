import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import type { Person } from './people.ts';
import type { Around, Ran } from './program.ts';

/** Whether python-glanceclient is here to be compared with. */
export const hasGlance = spawnSync('glance', ['--version']).status === 0;
if (!hasGlance) console.log('comparison with glance skipped: python-glanceclient is not installed');

/** The words of a line, with those in braces replaced. */
export const fill = (line: string, words: ReadonlyMap<string, string>): string[] =>
  line.split(' ').map((word) => word.replace(/\{(\w+)\}/g, (braces, name) => words.get(name) ?? braces));

/** Runs the same words with either client at the same time. */
export async function both(
  who: Person,
  words: readonly string[],
  around?: Around,
): Promise<{ ours: Ran; theirs: Ran }> {
  const [ours, theirs] = await Promise.all([who.tglance(words, around), who.glance(words, around)]);
  return { ours, theirs };
}

/** Both clients refused, and ours in three lines at most. */
export function expectRefusal({ ours, theirs }: { ours: Ran; theirs: Ran }): void {
  expect(theirs.code).toBeGreaterThan(0);
  expect(ours).toMatchObject({ out: '', err: expect.stringMatching(/^(.+\n){1,3}$/) });
  expect(ours.code).toBeGreaterThan(0);
}
