import { expect } from 'vitest';
import { it } from '../support/cloud.ts';

it('a tag is added, shown as glance shows it, and taken off', async ({ cloud }) => {
  const { id } = await cloud.json<{ id: string }>('image-create --name one');
  const { out } = await cloud.run('image-tag-update one new');
  expect(out).toBe(
    [
      '+--------------------------------------+---------+',
      '| ID                                   | Tags    |',
      '+--------------------------------------+---------+',
      `| ${id} | ['new'] |`,
      '+--------------------------------------+---------+',
      '',
    ].join('\n'),
  );
  expect(await cloud.run('image-tag-delete one new')).toMatchObject({ out: '', err: '', code: 0 });
  expect(await cloud.json('image-show one')).toMatchObject({ tags: [] });
});

it('a tag with characters that mean something in URLs reaches its own image', async ({ cloud }) => {
  await cloud.run('image-create --name one');
  await cloud.run('image-tag-update one a?b#c%2F');
  expect(await cloud.json('image-show one')).toMatchObject({ tags: ['a?b#c%2F'] });
});

it('an empty tag is refused in words', async ({ cloud }) => {
  const { err, code } = await cloud.run(['image-tag-update', 'one', '']);
  expect(code).toBe(2);
  expect(err).toContain('Unable to update tag. Specify image_id and tag_value');
});
