import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { both, fill, hasGlance } from './support/beside.ts';
import { images, reads } from './support/comparison.ts';
import { admin, other } from './support/people.ts';
import { make, projectOf } from './support/witness.ts';

const data = Buffer.alloc(1_572_864, 'data');
const words = new Map<string, string>();
const afterwards: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const later = (act: () => Promise<void>) => void afterwards.push(act);
  for (const [name, fields] of Object.entries(images)) words.set(name, (await make(other, later, fields)).id);
  const active = { name: 'active', disk_format: 'qcow2', container_format: 'bare', tags: ['data'] };
  words.set('active', (await make(other, later, active, data)).id);
  words.set('small', (await make(other, later, { name: 'small' }, Buffer.alloc(11))).id);
  words.set('ours', await projectOf(other));
  for (const name of ['md5', 'sha512']) words.set(name, createHash(name).update(data).digest('hex'));
});

afterAll(async () => {
  for (const act of afterwards) await act();
});

describe.skipIf(!hasGlance)('beside glance', () => {
  it.concurrent.each(reads)('prints the same for %s', async (line) => {
    const { ours, theirs } = await both(other, fill(line, words));
    expect(theirs).toMatchObject({ code: 0 });
    expect(ours.out).toBe(theirs.out);
    expect(ours).toMatchObject({ code: 0, err: '' });
  });

  it.concurrent.each(['stores-info --detail', 'image-show {active}'])(
    'prints the same for administrators: %s',
    async (line) => {
      const { ours, theirs } = await both(admin, fill(line, words));
      expect(ours).toMatchObject({ code: 0, out: theirs.out, err: '' });
    },
  );
});
