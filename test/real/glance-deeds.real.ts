import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { both, expectRefusal, fill, hasGlance } from './support/beside.ts';
import { deeds, differences, refusals } from './support/comparison.ts';
import { ipxe } from './support/disks.ts';
import { demo } from './support/people.ts';
import { type Image, type Later, look, make, newId } from './support/witness.ts';

const words = new Map<string, string>();
const afterwards: (() => Promise<void>)[] = [];

/** The images that lines name in braces: one with data, one without, one that is not there yet. */
async function scene(later: Later, id: () => string = randomUUID): Promise<Map<string, string>> {
  const formats = { name: 'twin', disk_format: 'raw', container_format: 'bare' };
  const fields = { ...formats, id: id(), old: '1', tags: ['old'] };
  const active = await make(demo, later, fields, Buffer.from('data'));
  const queued = await make(demo, later, { ...formats, id: id() });
  const ids = { active: active.id, queued: queued.id, new: newId(demo, later, id()) };
  return new Map(Object.entries({ ...ids, ipxe }));
}

/** Digits for digits and letters for letters: text is broken into lines by which of them a hyphen joins. */
const sister = (id: string): string =>
  id.replace(/[0-9a-f]/g, (sign) => '1234567890bcdefa'[Number.parseInt(sign, 16)] ?? sign);

beforeAll(async () => {
  const later = (act: () => Promise<void>) => void afterwards.push(act);
  for (const [name, id] of await scene(later)) words.set(name, id);
  const name = `named-${randomUUID()}`;
  const harm = { tab: '\t', escape: '\u001b[31m', joiner: 'a\u200db', bidi: '\u202e' };
  words.set('protected', (await make(demo, later, { name, protected: true })).id);
  words.set('harmful', (await make(demo, later, harm)).id);
  words.set('name', name);
});

afterAll(async () => {
  for (const act of afterwards) await act();
});

/** The layout of an output, which is the same for sisters. */
const layout = (out: string): string => out.replace(/\d/g, '0').replace(/[a-f]/g, 'a');

/** What an output says, wherever its lines are broken. */
const content = (out: string): string => out.replace(/[\s|]/g, '');

/** The text without what is another for every image: its ID, and when things happened. */
const masked = (text: string, ids: Iterable<string>): string =>
  [...ids]
    .reduce((before, id) => before.replaceAll(id, id.replace(/\w/g, '0')), text)
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'then');

/** What has become of the images of a scene. */
async function outcome(ids: ReadonlyMap<string, string>): Promise<(Image | null)[]> {
  const records = ['active', 'queued', 'new'].map((name) => look(demo, ids.get(name) ?? ''));
  const text = JSON.stringify((await Promise.all(records)).map((record) => record ?? null));
  return JSON.parse(masked(text, ids.values()));
}

describe.skipIf(!hasGlance)('beside glance', () => {
  it.concurrent.for(deeds)(
    'does the same, and prints the same, for %s',
    async (line, { onTestFinished: later }) => {
      const one = await scene(later);
      const ids = ['active', 'queued', 'new'].map((name) => sister(one.get(name) ?? ''));
      const two = await scene(later, () => ids.shift() ?? '');
      const around = { input: 'closed' } as const;
      const [ours, theirs] = await Promise.all([
        demo.tglance(fill(line, one), around),
        demo.glance(fill(line, two), around),
      ]);
      expect(theirs).toMatchObject({ code: 0 });
      expect(layout(ours.out)).toBe(layout(theirs.out));
      expect(masked(content(ours.out), one.values())).toBe(masked(content(theirs.out), two.values()));
      expect(ours).toMatchObject({ code: 0 });
      expect(await outcome(one)).toEqual(await outcome(two));
    },
  );

  it.concurrent.for(refusals)('P37: refuses with a word, as glance does, %s', async (line) => {
    expectRefusal(await both(demo, fill(line, words), { input: 'closed' }));
  });

  it.concurrent.for(differences)(
    'does otherwise, for $why: $line',
    async ({ line, theirs, ours }, { onTestFinished: later }) => {
      const another = new Map([...words, ['new', newId(demo, later)]]);
      const [his, its] = await Promise.all([
        demo.glance(fill(line, another)),
        demo.tglance(fill(line, words)),
      ]);
      expect({ theirs: his.code, ours: its.code }).toEqual({ theirs, ours });
      expect(its.out).not.toBe(his.out);
    },
  );
});
