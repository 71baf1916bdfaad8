import { describe, expect } from 'vitest';
import { it, type TestCloud } from '../support/cloud.ts';

const withTags = async (cloud: TestCloud, names = 'steel,glass') => {
  const admin = cloud.as('admin');
  await admin.run('md-namespace-create Rack');
  await admin.run(['md-tag-create-multiple', 'Rack', '--names', names]);
  return admin;
};

const tagsOf = async (cloud: TestCloud) =>
  (await cloud.json<{ name: string }[]>('md-tag-list Rack')).map(({ name }) => name).sort();

it('a tag is made and printed as glance prints it, without the space around it', async ({ cloud }) => {
  const admin = await withTags(cloud);
  const { out, err, code } = await admin.run(['md-tag-create', 'Rack', '--name', ' wood ']);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  expect(out).toMatch(
    /^\+-+\+-+\+\n\| Property +\| Value +\|\n\+-+\+-+\+\n\| created_at \| .*Z \|\n\| name +\| wood +\|\n\| updated_at \| .*Z \|\n\+-+\+-+\+\n$/,
  );
  expect(await admin.json('md-tag-show Rack wood')).toMatchObject({ name: 'wood' });
});

describe('md-tag-create-multiple', () => {
  it('puts tags in place of those that were there, and lists what it made', async ({ cloud }) => {
    const admin = await withTags(cloud);
    const { out } = await admin.run(['md-tag-create-multiple', 'Rack', '--names', ' wood,, iron ,']);
    expect(out).toBe('+------+\n| name |\n+------+\n| wood |\n| iron |\n+------+\n');
    expect(await tagsOf(admin)).toEqual(['iron', 'wood']);
  });

  it('adds to them with --append, over which glance stumbles (defect d)', async ({ cloud }) => {
    const admin = await withTags(cloud);
    const { out, code } = await admin.run('md-tag-create-multiple Rack --names wood --append');
    expect({ out, code }).toEqual({ out: '+------+\n| name |\n+------+\n| wood |\n+------+\n', code: 0 });
    expect(await tagsOf(admin)).toEqual(['glass', 'steel', 'wood']);
  });

  it('splits names at what it is told to', async ({ cloud }) => {
    const admin = await withTags(cloud);
    await admin.run(['md-tag-create-multiple', 'Rack', '--names', 'a,b::c', '--delim', '::']);
    expect(await tagsOf(admin)).toEqual(['a,b', 'c']);
  });

  it('keeps what was there when one of them is taken', async ({ cloud }) => {
    const admin = await withTags(cloud);
    const { code, out } = await admin.run('md-tag-create-multiple Rack --names a,steel --append');
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(await tagsOf(admin)).toEqual(['glass', 'steel']);
  });
});

it('md-tag-update renames a tag', async ({ cloud }) => {
  const admin = await withTags(cloud);
  expect(await admin.json('md-tag-update Rack steel --name metal')).toMatchObject({ name: 'metal' });
  expect(await tagsOf(admin)).toEqual(['glass', 'metal']);
  expect(await admin.run('md-tag-update Rack steel --name x')).toMatchObject({ code: 4 });
  expect(await admin.run('md-tag-update Rack metal --name glass')).toMatchObject({ code: 5 });
});

it('tags are deleted, one or all of a namespace', async ({ cloud }) => {
  const admin = await withTags(cloud, 'a,b,c');
  expect(await admin.run('md-tag-delete Rack b')).toMatchObject({ code: 0, out: '', err: '' });
  expect(await tagsOf(admin)).toEqual(['a', 'c']);
  expect(await admin.run('md-tag-delete Rack b')).toMatchObject({ code: 4 });
  expect(await admin.run('md-namespace-tags-delete Rack')).toMatchObject({ code: 0, out: '', err: '' });
  expect((await admin.run('md-tag-list Rack')).out).toBe('+------+\n| name |\n+------+\n+------+\n');
});

it.for([
  [['md-tag-create', 'Rack', '--name', ' '], 'Please supply at least one non-blank tag name.'],
  [['md-tag-update', 'Rack', 'steel', '--name', ''], 'Please supply at least one non-blank tag name.'],
  [
    ['md-tag-create-multiple', 'Rack', '--names', ' , '],
    'Please supply at least one tag name. For example: --names Tag1',
  ],
  [['md-tag-create-multiple', 'Rack', '--names', 'a,b/c'], "'b/c' cannot be the name of a definition"],
  [['md-tag-create', 'Rack'], '--name'],
  [['md-tag-delete', 'Rack', 'a/b'], "'a/b' cannot be the name of a definition"],
] as const)('P37: %j is refused before anything is sent', async ([words, said], { cloud }) => {
  const admin = await withTags(cloud);
  const { out, code, err } = await admin.run(words);
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(err).toContain(said);
  expect(await tagsOf(admin)).toEqual(['glass', 'steel']);
});
