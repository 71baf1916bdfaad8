import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './support/ask.ts';
import { both, expectRefusal, fill, hasGlance } from './support/beside.ts';
import { admin, demo, other } from './support/people.ts';
import { alike, type Scene } from './support/twins.ts';
import { type Later, make, projectOf } from './support/witness.ts';

const afterwards: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const act of afterwards) await act();
});
const later: Later = (act) => void afterwards.push(act);

/** {image} is shared with {member} and with {theirs}, the project of other; {fresh} with nobody. */
const scene: Scene = async () => {
  const [image, fresh] = [await make(demo, later), await make(demo, later)];
  const [member, theirs] = [randomUUID(), await projectOf(other)];
  for (const project of [member, theirs]) {
    await ask(demo, `POST /v2/images/${image.id}/members`, { member: project });
  }
  return new Map(Object.entries({ image: image.id, fresh: fresh.id, member, theirs }));
};

let words: ReadonlyMap<string, string> = new Map();
beforeAll(async () => {
  words = await scene();
});

describe.skipIf(!hasGlance)('beside glance', () => {
  it.concurrent.each([
    'member-list --image-id {image}',
    'member-list --image-id {fresh}',
    'member-get {image} {member}',
    'member-get {image} {theirs}',
  ])('prints the same for %s', async (line) => {
    const { ours, theirs } = await both(demo, fill(line, words));
    expect(theirs).toMatchObject({ code: 0 });
    expect(ours).toMatchObject({ code: 0, out: theirs.out, err: '' });
  });

  it.each([
    [demo, 'member-create {fresh} {member}'],
    [demo, 'member-delete {image} {member}'],
    [other, 'member-update {image} {theirs} accepted'],
    [other, 'member-update {image} {theirs} rejected'],
    [admin, 'member-update {image} {member} pending'],
  ])('does the same, and prints the same: %#', async (who, line) => {
    const { ours, theirs } = await alike(who, scene, line);
    expect(theirs).toMatchObject({ code: 0 });
    expect(ours).toEqual(theirs);
  });

  it.concurrent.each([
    'member-list',
    'member-list --image-id nobody',
    'member-get {image} absent',
    'member-create {image} {member}',
    'member-update {image} {member} accepted',
    'member-update {image} {member} perhaps',
    'member-delete {image} absent',
    'member-delete {image}',
  ])('P37: refuses with a word, as glance does, %s', async (line) => {
    expectRefusal(await both(demo, fill(line, words), { input: 'closed' }));
  });
});

describe('names', () => {
  it('do for projects and images, where glance wants IDs', async ({ onTestFinished }) => {
    const name = `shared ${randomUUID()}`;
    const { id } = await make(admin, onTestFinished, { name });
    const theirs = await projectOf(other);
    const added = JSON.parse(await admin.says(['member-create', name, 'other', '-f', 'json']));
    expect(added).toMatchObject([{ image_id: id, member_id: theirs, status: 'pending' }]);
    // other may not list projects, and has not accepted the image yet
    await other.says(['member-update', name, 'other', 'accepted']);
    expect(JSON.parse(await admin.says(['member-list', name, '-f', 'json']))).toMatchObject([
      { member_id: theirs, status: 'accepted' },
    ]);
    expect(await admin.says(['member-delete', name, 'other', '--project-domain', 'Default'])).toBe('');
    expect(JSON.parse(await admin.says(['member-list', name, '-f', 'json']))).toEqual([]);
  });

  it('do for owners', async ({ onTestFinished }) => {
    const { id } = await make(admin, onTestFinished);
    const changed = JSON.parse(await admin.says(`image-update ${id} --project other -f json`));
    expect(changed).toMatchObject({ owner: await projectOf(other) });
    const listed = `image-list --property-filter id=${id} -f value -c ID --owner`;
    expect(await admin.says(`${listed} other`)).toBe(`${id}\n`);
    expect(await admin.says(`${listed} demo`)).toBe('');
  });
});
