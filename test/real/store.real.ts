import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './support/ask.ts';
import { both, expectRefusal, fill, hasGlance } from './support/beside.ts';
import { admin, demo } from './support/people.ts';
import { alike, type Scene } from './support/twins.ts';
import { type Later, look, make } from './support/witness.ts';

const afterwards: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const act of afterwards) await act();
});
const later: Later = (act) => void afterwards.push(act);

/** The data of {copied} are in the stores fast and cheap, those of {single} in fast alone. */
const scene: Scene = async () => {
  const [copied, single] = [
    await make(demo, later, {}, Buffer.from('data')),
    await make(demo, later, {}, Buffer.from('data')),
  ];
  await ask(admin, `POST /v2/images/${copied.id}/import`, {
    method: { name: 'copy-image' },
    stores: ['cheap'],
  });
  while ((await look(demo, copied.id))?.stores !== 'fast,cheap') await wait(100);
  return new Map(Object.entries({ copied: copied.id, single: single.id }));
};

let words: ReadonlyMap<string, string> = new Map();
beforeAll(async () => {
  words = await scene();
});

describe.skipIf(!hasGlance)('beside glance', () => {
  it('stores-delete deletes one copy and says nothing', async () => {
    const { ours, theirs } = await alike(admin, scene, 'stores-delete {copied} --store cheap');
    expect(theirs).toEqual({ code: 0, out: '' });
    expect(ours).toEqual(theirs);
  });

  it.concurrent.each([
    [admin, 'stores-delete {copied}'],
    [admin, 'stores-delete {single} --store fast'],
    [admin, 'stores-delete {single} --store cheap'],
    [admin, 'stores-delete {single} --store nowhere'],
    [admin, 'stores-delete 00000000-0000-4000-8000-000000000000 --store fast'],
    [demo, 'stores-delete {copied} --store cheap'],
  ] as const)('P37: refuses with a word, as glance does: %#', async (who, line) => {
    expectRefusal(await both(who, fill(line, words)));
  });
});

it('stores-delete comes back when the copy is gone, and leaves the other', async () => {
  const { copied = '' } = Object.fromEntries(await scene());
  expect(await admin.says(`stores-delete ${copied} --store fast --wait`)).toBe('');
  expect(await look(demo, copied)).toMatchObject({ stores: 'cheap', status: 'active' });
  expect(await demo.says(`image-download ${copied}`)).toBe('data');
});
