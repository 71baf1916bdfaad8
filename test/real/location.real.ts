import { createHash, randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './support/ask.ts';
import { both, expectRefusal, fill, hasGlance } from './support/beside.ts';
import { servePages } from './support/pages.ts';
import { admin, demo } from './support/people.ts';
import { alike, type Scene } from './support/twins.ts';
import { type Later, look, make } from './support/witness.ts';

const afterwards: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const act of afterwards) await act();
});
const later: Later = (act) => void afterwards.push(act);

const formats = { disk_format: 'raw', container_format: 'bare' };
const bytes = 'twelve bytes';
const sha512 = createHash('sha512').update(bytes).digest('hex');
let web = '';

/**
 * {queued} has no data; those of {placed} lie at {web}/a and {web}/b; {active} has data in a store, at a place with its
 * ID, which has no letters: where a long value is broken, a hyphen between two of them matters.
 */
const scene: Scene = async () => {
  const [queued, placed] = [await make(demo, later, formats), await make(demo, later, formats)];
  const id = randomUUID().replace(/[a-f]/g, () => String(randomInt(10)));
  const active = await make(demo, later, { ...formats, id }, Buffer.from(bytes));
  for (const page of ['a', 'b']) {
    const value = { url: `${web}/${page}`, metadata: { page } };
    await ask(demo, `PATCH /v2/images/${placed.id}`, [{ op: 'add', path: '/locations/-', value }], {
      'content-type': 'application/openstack-images-v2.1-json-patch',
    });
  }
  const ids = { queued: queued.id, placed: placed.id, active: active.id };
  return new Map(Object.entries({ ...ids, web, sha512 }));
};

let words: ReadonlyMap<string, string> = new Map();
beforeAll(async () => {
  web = await servePages({ '/a': bytes, '/b': bytes, '/c': bytes, '/empty': '' }, later);
  words = await scene();
});

describe.skipIf(!hasGlance)('beside glance', () => {
  it('shows the same image', async () => {
    const { ours, theirs } = await both(demo, fill('image-show {placed}', words));
    expect(ours).toMatchObject({ code: 0, out: theirs.out, err: '' });
    expect(theirs.out).toContain(`${web}/a`);
  });

  it.each([
    'location-add {queued} --url {web}/a',
    'location-add {queued} --url {web}/a --metadata {"rack":"7","größe":"L"}',
    'location-add {queued} --url {web}/a --hash-algo sha512 --hash-value {sha512}',
    `location-add {queued} --url {web}/a --hash-algo sha512 --hash-value {sha512} --checksum ${'0'.repeat(32)}`,
    'location-add {active} --url {web}/c',
    'location-update {placed} --url {web}/b --metadata {"rack":"7"}',
    'location-update {placed} --url {web}/a --metadata {"page":"a","store":"web"}',
  ])('does the same, and prints the same, for %s', async (line) => {
    const { ours, theirs } = await alike(demo, scene, line);
    expect(theirs).toMatchObject({ code: 0 });
    expect(ours).toEqual(theirs);
  });

  it.each(['location-delete {placed} --url {web}/a', 'location-delete {placed} --url {web}/b'])(
    'does the same for administrators: %s',
    async (line) => {
      const { ours, theirs } = await alike(admin, scene, line);
      expect(theirs).toEqual({ code: 0, out: '' });
      expect(ours).toEqual(theirs);
    },
  );

  it('prints no warning among the data, where glance does', async () => {
    const { ours, theirs } = await alike(demo, scene, 'location-update {placed} --url {web}/a');
    const [warning = '', ...lines] = theirs.out.split('\n');
    expect(warning).toMatch(/^WARNING -- /);
    expect(ours).toEqual({ code: 0, out: lines.join('\n') });
  });

  it.concurrent.each([
    'location-add {queued}',
    'location-add {queued} --url {web}/missing',
    'location-add {queued} --url {web}/empty',
    'location-add {queued} --url file:///etc/passwd',
    'location-add {queued} --url {web}/a --metadata no',
    'location-add {placed} --url {web}/a --metadata {"page":"a"}',
    'location-add {queued} --url {web}/a --hash-algo md5 --hash-value 00',
    'location-update {placed} --url {web}/c --metadata {"a":"b"}',
    'location-update {placed} --url {web}/a --metadata no',
    'location-delete {placed} --url {web}/c',
    'location-delete {placed} --url {web}/a',
    'location-delete {placed}',
  ])('P37: refuses with a word, as glance does, %s', async (line) => {
    expectRefusal(await both(demo, fill(line, words), { input: 'closed' }));
  });
});

it('locations are deleted from the end, so that each is the one that was named', async ({
  onTestFinished,
}) => {
  const { id } = await make(demo, onTestFinished, { name: randomUUID(), ...formats });
  for (const page of ['a', 'b', 'c']) await demo.says(`location-add ${id} --url ${web}/${page}`);
  expect(await admin.says(`location-delete ${id} --url ${web}/a --url ${web}/b`)).toBe('');
  expect(await look(demo, id)).toMatchObject({ locations: [{ url: `${web}/c` }] });
});

it('add-location says that a server of before 2.17 cannot do it', async ({ onTestFinished }) => {
  const { id } = await make(demo, onTestFinished);
  expect(await demo.tglance(`add-location ${id} --url ${web}/a`)).toMatchObject({
    code: 1,
    out: '',
    err: 'HTTP This operation is not supported by Glance.\n',
  });
});
