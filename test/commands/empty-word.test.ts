import { expect } from 'vitest';
import { it } from '../support/cloud.ts';

it.for([
  ['image-delete', ''],
  ['image-delete', '--wait', ''],
  ['image-show', ''],
  ['image-update', '', '--name', 'y'],
  ['image-deactivate', ''],
  ['image-tasks', ''],
  ['image-download', '', '--file', '/dev/null'],
  ['image-inspect', ''],
  ['image-list', '--marker', ''],
  ['member-list', '--image-id', ''],
  ['cache-delete', ''],
  ['cache-queue', ''],
])(
  "an empty IMAGE word is not taken for the name of an image that is called '': %j",
  async (words, { cloud }) => {
    const { id } = await cloud.json([
      'image-create',
      '--name',
      '',
      '--container-format',
      'bare',
      '--disk-format',
      'raw',
    ]);
    const { out, err, code } = await cloud.run(words);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain("'' cannot be the name or ID of anything\n");
    expect(await cloud.json(`image-show ${id}`)).toMatchObject({ id, name: '' });
  },
);

it('an empty word among others does not keep them from being deleted', async ({ cloud }) => {
  const { id } = await cloud.json('image-create --name other');
  const { err, code } = await cloud.run(['image-delete', '', 'other']);
  expect(code).not.toBe(0);
  expect(err).toContain("'' cannot be the name or ID of anything\n");
  expect((await cloud.run(`image-show ${id}`)).code).not.toBe(0);
});
