import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admin, demo, other, wordsOf } from './support/people.ts';
import { make, projectOf } from './support/witness.ts';

const tag = `listing-${randomUUID()}`;
const after: (() => Promise<void>)[] = [];
const big = Buffer.alloc(3000, 'b');
const digest = (algorithm: string): string => createHash(algorithm).update(big).digest('hex');

beforeAll(async () => {
  const later = (act: () => Promise<void>) => void after.push(act);
  const shared = { tags: [tag], os_distro: 'debian' };
  await make(demo, later, { ...shared, name: 'a', visibility: 'private' });
  await make(demo, later, { ...shared, name: 'b', visibility: 'shared' }, big);
  await make(
    demo,
    later,
    { ...shared, name: 'c', visibility: 'community', os_distro: 'arch' },
    Buffer.from('c'),
  );
  await make(demo, later, {
    name: 'd',
    tags: [tag, 'extra'],
    min_ram: 64,
    disk_format: 'iso',
    container_format: 'bare',
  });
  await make(demo, later, { ...shared, name: 'e', protected: true });
  await make(demo, later, { ...shared, name: 'hidden', os_hidden: true });
});

afterAll(async () => {
  for (const act of after) await act();
});

const namesOf = async (line: string, who = demo): Promise<string[]> => {
  const found: { name: string }[] = JSON.parse(
    await who.says([...wordsOf(line), '--tag', tag, '-f', 'json']),
  );
  return found.map(({ name }) => name);
};

describe('image-list', () => {
  it.each([
    ['', 'abcde'],
    ['--visibility private', 'a'],
    ['--visibility shared', 'bde'],
    ['--visibility community', 'c'],
    ['--visibility all', 'abcde'],
    ['--owner {demo}', 'abcde'],
    ['--owner {other}', ''],
    ['--property-filter os_distro=debian', 'abe'],
    ['--property-filter os_distro=debian --property-filter status=active', 'b'],
    ['--property-filter status=in:active,queued', 'abcde'],
    ['--property-filter size_min=2', 'b'],
    ['--property-filter disk_format=iso', 'd'],
    ['--property-filter protected=true', 'e'],
    ['--property-filter name=c', 'c'],
    [`--checksum ${digest('md5')}`, 'b'],
    [`--hash ${digest('sha512')}`, 'b'],
    ['--tag extra', 'd'],
    ['--member-status accepted', 'abcde'],
    ['--sort name:desc', 'edcba'],
    ['--sort size:desc,name:asc', 'bcade'],
    ['--sort-key name --sort-dir desc', 'edcba'],
    ['--sort-key status --sort-key name --sort-dir asc --sort-dir desc', 'cbeda'],
    ['--limit 2', 'ab'],
    ['--limit 0', 'abcde'],
    ['--page-size 2', 'abcde'],
    ['--page-size 2 --limit 3', 'abc'],
    ['--page-size 2 --sort name:desc', 'edcba'],
    ['--page-size 1', 'abcde'],
    ['--page-size=5', 'abcde'],
    ['--lim 4 --page 3', 'abcd'],
  ])('%s finds %s', async (words, names) => {
    const ids = { demo: await projectOf(demo), other: await projectOf(other) };
    const line = words.replace('{demo}', ids.demo).replace('{other}', ids.other);
    expect((await namesOf(`image-list ${line}`.trim())).join('')).toBe(names);
  });

  it('shows hidden images only when asked for them', async () => {
    expect(await namesOf('image-list --hidden')).toEqual(['hidden']);
    expect(await namesOf('image-list --hidden true')).toEqual(['hidden']);
    expect(await namesOf('image-list --hidden false')).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('shows others what is theirs to see', async () => {
    expect(await namesOf('image-list', other)).toEqual([]);
    expect(await namesOf('image-list --visibility community', other)).toEqual(['c']);
    expect(await namesOf('image-list', admin)).toEqual(['a', 'b', 'd', 'e']);
  });

  it('shows more columns when asked', async () => {
    const head = async (line: string) => (await demo.says([...wordsOf(line), '--tag', tag])).split('\n')[1];
    expect(await head('image-list')).toMatch(/^\| ID +\| Name \|$/);
    const verbose = /^\| ID +\| Name \| Disk_format \| Container_format \| Size \| Status \| Owner +\|$/;
    expect(await head('--verbose image-list')).toMatch(verbose);
    expect(await head('image-list -v')).toMatch(verbose);
    expect(await head('image-list --include-stores')).toMatch(/^\| ID +\| Name \| Stores \|$/);
  });

  it.each([
    ['--sort colour', 'colour'],
    ['--sort name:up', 'up'],
    ['--sort name --sort-key size', "'sort'"],
    ['--sort-key colour', 'colour'],
    ['--sort-key name --sort-dir asc --sort-dir desc', 'directions'],
    ['--limit many', 'many'],
    ['--limit -1', 'limit'],
    ['--property-filter alone', 'alone'],
    ['--visibility nowhere', 'nowhere'],
    ['--bogus', '--bogus'],
  ])('P37: refuses %s', async (words, said) => {
    const { code, out, err } = await demo.tglance(`image-list ${words}`);
    expect(out).toBe('');
    expect(code).toBeGreaterThan(0);
    expect(err).toContain(said);
    expect(err.split('\n').length).toBeLessThanOrEqual(4);
  });
});
