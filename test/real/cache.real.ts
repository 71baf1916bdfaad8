import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './support/ask.ts';
import { both, expectRefusal, fill, hasGlance } from './support/beside.ts';
import { admin, demo } from './support/people.ts';
import { meanwhile } from './support/twins.ts';
import { type Later, make } from './support/witness.ts';

const afterwards: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const act of afterwards) await act();
});
const later: Later = (act) => void afterwards.push(act);

const words = new Map<string, string>();
beforeAll(async () => {
  words.set('active', (await make(demo, later, {}, Buffer.from('data'))).id);
  words.set('queued', (await make(demo, later)).id);
  words.set('nobody', '00000000-0000-4000-8000-000000000000');
});

interface State {
  readonly cached_images: readonly { readonly image_id: string }[];
}

const isCached = async (id = ''): Promise<boolean> => {
  const { cached_images } = JSON.parse((await ask(admin, 'GET /v2/cache')).body) as State;
  return cached_images.some(({ image_id }) => image_id === id);
};

describe('cache-queue, cache-delete and cache-clear', () => {
  it('have an image copied, and forgotten', async () => {
    const id = words.get('active') ?? '';
    const queued = await admin.tglance(`cache-queue ${id} --wait`);
    expect(queued).toMatchObject({ code: 0, out: '' });
    expect(await isCached(id)).toBe(true);
    expect(await admin.says(`cache-clear --target queue`)).toBe('');
    expect(await isCached(id)).toBe(true);
    expect(await admin.says(`cache-delete ${id}`)).toBe('');
    expect(await isCached(id)).toBe(false);
    await admin.tglance(`cache-queue ${id} --wait`);
    expect(await admin.says('cache-clear')).toBe('');
    expect(await isCached(id)).toBe(false);
  });
});

describe.skipIf(!hasGlance)('beside glance', () => {
  it('prints the same for cache-list, whatever is in the cache', async () => {
    for (const line of ['cache-clear', `cache-queue ${words.get('active')} --wait`]) {
      await admin.tglance(line);
      const { ours, theirs } = await meanwhile(admin, 'cache-list');
      expect(theirs).toMatchObject({ code: 0 });
      expect(ours).toMatchObject({ code: 0, out: theirs.out, err: '' });
    }
  });

  it.each([
    'cache-queue {active}',
    'cache-delete {active}',
    'cache-clear --target cache',
    'cache-clear --target queue',
  ])('says nothing, as glance does, for %s', async (line) => {
    const { ours, theirs } = await both(admin, fill(line, words));
    expect(theirs).toMatchObject({ code: 0, out: '' });
    expect(ours).toMatchObject({ code: 0, out: '', err: '' });
  });

  it.concurrent.each([
    [admin, 'cache-queue {queued}'],
    [admin, 'cache-queue {nobody}'],
    [admin, 'cache-delete {nobody}'],
    [demo, 'cache-queue {active}'],
    [demo, 'cache-delete {active}'],
    [demo, 'cache-clear'],
  ] as const)('defect f: fails where glance only says so: %#', async (who, line) => {
    const { ours, theirs } = await both(who, fill(line, words));
    expect(theirs).toMatchObject({ code: 0, out: '' });
    expect(ours.code).toBeGreaterThan(0);
    const [said] = theirs.err.trim().split('\n');
    expect(ours.err).toContain(said);
  });

  it.concurrent.each([
    [admin, 'cache-clear --target bogus'],
    [admin, 'cache-queue'],
    [demo, 'cache-list'],
  ] as const)('P37: refuses with a word, as glance does: %#', async (who, line) => {
    expectRefusal(await both(who, fill(line, words)));
  });
});

it.concurrent.each(['cache-clean', 'cache-prune', 'cache-nodes {active}'])(
  '%s says that a server of before 2.18 cannot do it',
  async (line) => {
    const ran = await admin.tglance(fill(line, words));
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/\(v2\.18\)\n$/) });
  },
);
