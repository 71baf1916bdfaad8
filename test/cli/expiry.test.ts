import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { type Bend, cut, on, refused } from '../../src/sandbox/faults.ts';
import { it, startCloud } from '../support/cloud.ts';

/** Bends every request in the same way, but for some, by their number, which are refused for their token. */
const refusing = (refusedAt: (turn: number) => boolean, bend: Bend = (next) => next): Bend => {
  let turn = 0;
  return (next) => (request) => {
    turn += 1;
    return (refusedAt(turn) ? refused(401) : bend)(next)(request);
  };
};

const formats = '--disk-format raw --container-format bare';

describe('P18: a token that is refused in the middle', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

  it.for<[string, (turn: number) => boolean, object]>([
    ['of a list is replaced, and no page is lost', (turn) => turn === 3, { code: 0, err: '' }],
    ['of a list time and again is replaced', (turn) => turn % 2 === 0, { code: 0, err: '' }],
    ['of a list for good ends it after one login', (turn) => turn >= 3, { code: 3, out: '' }],
  ])('%s', async ([, refusedAt, expected], { path }) => {
    const cloud = await startCloud({
      dir: path('cloud'),
      faults: [on('GET /v2/images', refusing(refusedAt))],
    });
    for (const name of names) await cloud.run(`image-create --name ${name}`);
    const outcome = await cloud.run('image-list --page-size 2 -f table -c Name --sort name:asc');
    expect(outcome).toMatchObject(expected);
    if (outcome.code === 0) expect(outcome.out.match(/\b[a-g]\b/g)).toEqual(names);
    await cloud.stop();
  });

  it.for(['', '--resume', '--parallel 2'])(
    'of a download that breaks is replaced, and the file exact %s',
    async (more, { path }) => {
      const data = randomBytes(3_000_000);
      writeFileSync(path('disk'), data);
      const bend = refusing((turn) => turn === 3 || turn === 5, cut(600_000));
      const cloud = await startCloud({ dir: path('cloud'), faults: [on('GET /v2/images/:id/file', bend)] });
      await cloud.run(`image-create --name one ${formats} --file ${path('disk')}`);
      const words = `image-download one --file ${path('copy')} ${more}`;
      expect(await cloud.run(words)).toMatchObject({ code: 0, err: '' });
      expect(readFileSync(path('copy')).equals(data)).toBe(true);
      await cloud.stop();
    },
  );
});
