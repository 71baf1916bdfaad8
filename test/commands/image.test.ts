import { describe, expect } from 'vitest';
import { it } from '../support/cloud.ts';

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
type Image = Record<string, unknown> & { id: string };

describe('image-create', () => {
  it('makes a record and prints it as glance does', async ({ cloud }) => {
    const { out, err, code } = await cloud.run('image-create --name empty --min-disk 1 --property a=b');
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(
      out
        .replace(uuid, '<id>')
        .split('\n')
        .map((line) => line.trimEnd()),
    ).toEqual(expect.arrayContaining(['| Property         | Value                                |']));
    expect(out).toMatch(/\| a +\| b +\|\n\| checksum +\| None +\|/);
    expect(out).toMatch(/\| virtual_size +\| Not available +\|/);
    expect(out).not.toMatch(/\| (self|file|schema) /);
  });

  it('takes properties that look dangerous as data', async ({ cloud }) => {
    const made = await cloud.json<Image>('image-create --property __proto__=x --property constructor=y');
    expect(Object.hasOwn(made, '__proto__') && made.constructor).toBe('y');
  });

  it('takes the words of version 1 with a warning', async ({ cloud }) => {
    const { out, err } = await cloud.as('admin').run('image-create --is-public true -f value -c visibility');
    expect(out).toBe('public\n');
    expect(err).toBe(
      "--is-public is a word of the Image API's version 1; it is taken as --visibility public\n",
    );
  });

  it.for([
    ['--store fast', '--store option should only be provided with --file option or stdin.'],
    ['--size 3', '--size is the size of data'],
    ['--file /nonexistent/x --disk-format raw --container-format bare', '/nonexistent/x'],
    ['--file package.json', 'Must provide --disk-format, --container-format when using --file.'],
    [
      '--file package.json --disk-format raw --container-format bare --store nope',
      "Store 'nope' is not valid for this cloud.",
    ],
    ['--file package.json --disk-format raw --container-format bare --store fst', '(Did you mean fast?)'],
    [
      '--file package.json --size 1 --disk-format raw --container-format bare',
      'Size mismatch: provided size 1 does not match',
    ],
    ['--visibility everybody', "'everybody' is not one of public, private, community, shared"],
    ['--protected perhaps', "'perhaps' is not a boolean"],
    ['--property foo', "'foo' is not of the form KEY=VALUE"],
    ['--min-disk much', "'much' is not a whole number"],
  ])('P37: %s creates nothing', async ([words, message], { cloud }) => {
    const { out, err, code } = await cloud.run(`image-create ${words}`);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain(message);
    expect(err.split('\n').length).toBeLessThanOrEqual(4);
    expect(await cloud.json('image-list')).toEqual([]);
  });
});

describe('image-list', () => {
  it.for([
    ['--status actve', "'actve' is not one of queued, saving", '(Did you mean active?)'],
    ['--member-status accept', "'accept' is not one of accepted", '(Did you mean accepted?)'],
    ['--visibility publc', "'publc' is not one of public", '(Did you mean public?)'],
  ])('P37: %s is taken for a slip', async ([words, message, hint], { cloud }) => {
    const { out, err, code } = await cloud.run(`image-list ${words}`);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain(message);
    expect(err).toContain(hint);
  });

  it('without images is a table without rows', async ({ cloud }) => {
    const { out } = await cloud.run('image-list');
    expect(out).toBe('+----+------+\n| ID | Name |\n+----+------+\n+----+------+\n');
  });

  it('follows pages, sorts, stops at a limit and shows more when asked to', async ({ cloud }) => {
    for (const name of ['c', 'a', 'd', 'b', 'e']) await cloud.run(`image-create --name ${name}`);
    const names = async (words: string) =>
      (await cloud.run(`image-list -f value -c Name ${words}`)).out.split('\n').join(' ').trim();
    expect(await names('--page-size 2')).toBe('a b c d e');
    expect(await names('--page-size 2 --limit 3')).toBe('a b c');
    expect(await names('--limit 0')).toBe('a b c d e');
    expect(await names('--sort name:desc')).toBe('e d c b a');
    expect(await names('--sort-key name --sort-dir desc')).toBe('e d c b a');
    expect(await names('--property-filter name=d')).toBe('d');
    const { out } = await cloud.run('image-list --verbose --include-stores --limit 1');
    const columns = ['ID', 'Name', 'Disk_format', 'Container_format', 'Size', 'Status', 'Owner', 'Stores'];
    expect(
      out
        .split('\n')[1]
        ?.split('|')
        .map((cell) => cell.trim())
        .filter(Boolean),
    ).toEqual(columns);
  });

  it('asks for every tag on every page, although the server forgets all but the last', async ({ cloud }) => {
    for (const tags of ['x y', 'y', 'x y', 'y'])
      await cloud.run(`image-create --name ${tags[0]} --tags ${tags}`);
    const words = 'image-list --page-size 1 --tag x --tag y -f value -c Name';
    expect((await cloud.run(words)).out).toBe('x\nx\n');
  });

  it('filters by tag, visibility and hiddenness', async ({ cloud }) => {
    await cloud.run('image-create --name tagged --tags x y');
    await cloud.run('image-create --name private --visibility private');
    await cloud.run('image-create --name hidden --hidden true');
    const names = async (words: string) =>
      (await cloud.json<{ Name: string }[]>(`image-list -c Name ${words}`)).map(({ Name }) => Name);
    expect(await names('--tag x --tag y')).toEqual(['tagged']);
    expect(await names('--visibility private')).toEqual(['private']);
    expect(await names('--hidden')).toEqual(['hidden']);
    expect(await names('--hidden false')).toEqual(['private', 'tagged']);
  });

  it.for([
    ['--sort bogus', 'Invalid sort key: bogus.'],
    ['--sort name:up', 'Invalid sort direction: name:up.'],
    ['--sort name --sort-key id', "The 'sort' argument is not supported"],
    ['--sort-key bogus', "'bogus' is not one of name, status"],
    ['--sort-key id --sort-dir asc --sort-dir desc', 'Unexpected number of sort directions'],
    ['--property-filter foo', "'foo' is not of the form KEY=VALUE"],
    ['-c bogus', "No recognized column names in ['bogus']"],
    ['-f shell', 'shell'],
    ['--limt 4', "unknown option '--limt' (Did you mean --limit?)"],
    ['superfluous', 'superfluous'],
  ])('P37: %s is refused, with the word at fault', async ([words, message], { cloud }) => {
    const { out, err, code } = await cloud.run(`image-list ${words}`);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain(message);
    expect(err).toContain("See 'tglance help image-list'.");
  });

  it('P31: a name can neither fake a row nor repaint the terminal, and is exact in JSON', async ({
    cloud,
  }) => {
    const name = 'ok\n| fake row |\x1b[31m\u202e☺\u200b';
    await cloud.run(['image-create', '--name', name]);
    for (const format of ['', '-f table', '-f csv', '-f value', '-f yaml']) {
      const { out } = await cloud.run(`image-list ${format}`);
      expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e\u200b]/);
    }
    expect((await cloud.run('image-list')).out.split('\n')).toHaveLength(6);
    expect(await cloud.json('image-list')).toMatchObject([{ name }]);
  });
});

describe('what people know from OpenStackClient', () => {
  it('a visibility can be said by a switch, and only once', async ({ cloud }) => {
    expect(await cloud.json('image-create --name one --private')).toMatchObject({ visibility: 'private' });
    expect(await cloud.json('image-update one --shared')).toMatchObject({ visibility: 'shared' });
    expect(await cloud.json('image-list --shared -c Name')).toEqual([{ Name: 'one' }]);
    expect(await cloud.json('image-list --private')).toEqual([]);
    const { err, code } = await cloud.run('image-update one --private --visibility shared');
    expect(code).toBe(2);
    expect(err).toContain('Only one visibility can be said, not shared and private');
  });

  it('lists are narrowed by name, status, size and time, and begin behind an image', async ({ cloud }) => {
    await cloud.run('image-create --name a --file LICENSE --disk-format raw --container-format bare');
    await cloud.run('image-create --name b');
    await cloud.run('image-create --name c');
    const names = async (words: string) =>
      (await cloud.run(`image-list -f value -c Name ${words}`)).out.split('\n').join(' ').trim();
    expect(await names('--name b')).toBe('b');
    expect(await names('--status active')).toBe('a');
    expect(await names('--size-min 1')).toBe('a');
    expect(await names('--size-max 10 --status active')).toBe('');
    expect(await names('--created-at gt:2100-01-01T00:00:00Z')).toBe('');
    expect(await names('--updated-at gt:2000-01-01T00:00:00Z')).toBe('a b c');
    expect(await names('--marker a')).toBe('b c');
    expect(await names('--max-items 2')).toBe('a b');
  });

  it('tags are added, taken off and replaced by image-update', async ({ cloud }) => {
    await cloud.run('image-create --name one --tags a b --tag c');
    const tags = async (words: string) =>
      [...((await cloud.json<{ tags: string[] }>(`image-update one ${words}`)).tags ?? [])].sort();
    expect(await tags('--tag d --remove-tag a')).toEqual(['b', 'c', 'd']);
    expect(await tags('--tags x y')).toEqual(['x', 'y']);
    expect(await tags('--name one')).toEqual(['x', 'y']);
  });

  it('an image is deactivated and activated by image-update', async ({ cloud }) => {
    const admin = cloud.as('admin');
    await admin.run('image-create --name one --file LICENSE --disk-format raw --container-format bare');
    expect(await admin.json('image-update one --deactivate')).toMatchObject({ status: 'deactivated' });
    expect(await admin.json('image-update one --activate')).toMatchObject({ status: 'active' });
  });

  it('protection and hiding are said by switches', async ({ cloud }) => {
    expect(await cloud.json('image-create --name one --protected --hidden')).toMatchObject({
      protected: true,
      os_hidden: true,
    });
    expect(await cloud.json('image-update one --unprotected --unhidden --description what')).toMatchObject({
      ...{ protected: false, os_hidden: false, description: 'what' },
    });
  });

  it("none of it spoils the abbreviations of glance's options", async ({ cloud }) => {
    expect((await cloud.run('image-list --m all --c abc --v shared')).code).toBe(0);
  });
});

describe('image-show', () => {
  it('finds by ID, by name, and among hidden ones', async ({ cloud }) => {
    const { id } = await cloud.json<Image>('image-create --name one');
    await cloud.run('image-create --name two --hidden true');
    expect(await cloud.json('image-show one')).toMatchObject({ id });
    expect(await cloud.json(`image-show ${id}`)).toMatchObject({ name: 'one' });
    expect(await cloud.json('image-show two')).toMatchObject({ os_hidden: true });
  });

  it('lists the images that a name fits, and shows none of them', async ({ cloud }) => {
    const first = await cloud.json<Image>('image-create --name twin');
    const second = await cloud.json<Image>('image-create --name twin');
    const { out, err, code } = await cloud.run('image-show twin');
    expect({ out, code }).toEqual({ out: '', code: 4 });
    expect(err).toContain(first.id);
    expect(err).toContain(second.id);
  });

  it('gives one column of one image to a script', async ({ cloud }) => {
    await cloud.run('image-create --name one --property os_distro=alpine');
    expect((await cloud.run('image-show one -f value -c os_distro')).out).toBe('alpine\n');
  });

  it('P33: a word that leads elsewhere finds nothing', async ({ cloud }) => {
    const { id } = await cloud.json<Image>('image-create --name one');
    for (const word of [`x/../${id}`, '..', '.', `${id}?x`, `${id}#`]) {
      const { out, err, code } = await cloud.run(['image-show', word]);
      expect({ out, code, lines: err.split('\n').length }).toEqual({ out: '', code: 4, lines: 2 });
    }
  });
});

describe('image-update', () => {
  it('changes fields, sets and removes properties', async ({ cloud }) => {
    await cloud.run('image-create --name one --property a=1 --property b=2');
    const words =
      'image-update one --name two --min-disk 5 --property a=9 --property c=3 --remove-property b';
    const changed = await cloud.json<Image>(words);
    expect(changed).toMatchObject({ name: 'two', min_disk: 5, a: '9', c: '3' });
    expect(changed).not.toHaveProperty('b');
  });

  it('keeps a property that is both set and removed, and says when there is nothing to remove', async ({
    cloud,
  }) => {
    await cloud.run('image-create --name one --property a=1');
    const { err, code } = await cloud.run(
      'image-update one --property a=2 --remove-property a --remove-property z',
    );
    expect({ err: err.replace(uuid, '<id>'), code }).toEqual({
      err: "Image <id> has no property 'z' to remove\n",
      code: 0,
    });
    expect(await cloud.json('image-show one')).toMatchObject({ a: '2' });
  });

  it('without changes asks for none', async ({ cloud }) => {
    const before = await cloud.json('image-create --name one');
    expect(await cloud.json('image-update one')).toEqual(before);
  });
});

describe('image-delete', () => {
  it('says nothing to a script', async ({ cloud }) => {
    await cloud.run('image-create --name one');
    expect(await cloud.run('image-delete one')).toMatchObject({ out: '', err: '', code: 0 });
  });

  it('goes on after a refusal and ends with the failure', async ({ cloud }) => {
    for (const name of ['a', 'b', 'c']) await cloud.run(`image-create --name ${name}`);
    await cloud.run('image-update b --protected true');
    const nobody = '00000000-0000-4000-8000-000000000000';
    const { out, err, code } = await cloud.run(`image-delete a b ${nobody} c`);
    expect({ out, code }).toEqual({ out: '', code: 1 });
    expect(err).toMatch(/You are not permitted to delete the image 'b'/);
    expect(err).toContain(`No image with an ID of '${nobody}' exists.`);
    expect(await cloud.json('image-list -c Name')).toEqual([{ Name: 'b' }]);
  });
});

describe('image-deactivate and image-reactivate', () => {
  it('keep an image from being read, and allow it again', async ({ cloud }) => {
    const admin = cloud.as('admin');
    await admin.run('image-create --name one --file LICENSE --disk-format raw --container-format bare');
    expect(await admin.run('image-deactivate one')).toMatchObject({ out: '', code: 0 });
    expect(await admin.json('image-show one')).toMatchObject({ status: 'deactivated' });
    expect(await admin.run('image-reactivate one')).toMatchObject({ out: '', code: 0 });
    expect(await admin.json('image-show one')).toMatchObject({ status: 'active' });
  });
});
