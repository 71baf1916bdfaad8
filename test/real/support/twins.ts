import { fill } from './beside.ts';
import type { Person } from './people.ts';
import type { Ran } from './program.ts';

/** What lines name in braces: made anew for each client, so that both find the same things. */
export type Scene = () => Promise<ReadonlyMap<string, string>>;

/** The same line with either client, each in a scene of its own; what is another one in each is made equal. */
export async function alike(
  who: Person,
  scene: Scene,
  line: string,
): Promise<{ ours: Pick<Ran, 'code' | 'out'>; theirs: Pick<Ran, 'code' | 'out'> }> {
  const turn = async (client: 'glance' | 'tglance') => {
    const words = await scene();
    const { code, out } = await who[client](fill(line, words), { input: 'closed' });
    return { code, out: masked(out, words.values()) };
  };
  return { theirs: await turn('glance'), ours: await turn('tglance') };
}

const masked = (text: string, words: Iterable<string>): string =>
  [...words]
    .reduce((before, word) => before.replaceAll(word, word.replace(/\w/g, '0')), text)
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/g, 'at some time or so ')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'an ID as long as all the others are  ');

/**
 * What both clients print of something that others change meanwhile: asked again until glance prints the same
 * before and after.
 */
export async function meanwhile(who: Person, line: string): Promise<{ ours: Ran; theirs: Ran }> {
  for (;;) {
    const before = await who.glance(line);
    const ours = await who.tglance(line);
    const theirs = await who.glance(line);
    if (before.out === theirs.out) return { ours, theirs };
  }
}
