import { describe, expect } from 'vitest';
import { it, type TestCloud } from '../support/cloud.ts';

const schema = {
  description: 'A place in a rack that is a well-known number of units high',
  required: ['at'],
  properties: { at: { title: 'At', type: 'integer', minimum: 1 } },
};

const withSlot = async (cloud: TestCloud) => {
  const admin = cloud.as('admin');
  await admin.run('md-namespace-create Rack');
  await admin.run(['md-object-create', 'Rack', '--name', 'Slot', '--schema', JSON.stringify(schema)]);
  return admin;
};

it('an object is made, and printed with the names of its properties', async ({ cloud }) => {
  const admin = cloud.as('admin');
  await admin.run('md-namespace-create Rack');
  const words = ['md-object-create', 'Rack', '--name', 'Slot', '--schema', JSON.stringify(schema)];
  const { out, err, code } = await admin.run(words);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  expect(out).toMatch(/\| properties +\| \["at"\] +\|\n\| required +\| \["at"\] +\|\n/);
  expect(out).not.toContain('| self');
  expect(await admin.json('md-object-show Rack Slot')).toMatchObject({ name: 'Slot', ...schema });
});

it('md-object-list wraps descriptions at 50 characters, as glance does', async ({ cloud }) => {
  const admin = await withSlot(cloud);
  expect((await admin.run('md-object-list Rack')).out).toBe(
    [
      '+------+----------------------------------------------------+',
      '| name | description                                        |',
      '+------+----------------------------------------------------+',
      '| Slot | A place in a rack that is a well-known number of   |',
      '|      | units high                                         |',
      '+------+----------------------------------------------------+',
      '',
    ].join('\n'),
  );
});

describe('md-object-update', () => {
  it('changes what the schema names, and nothing else', async ({ cloud }) => {
    const admin = await withSlot(cloud);
    const words = [
      'md-object-update',
      'Rack',
      'Slot',
      '--name',
      'Place',
      '--schema',
      '{"description":"new"}',
    ];
    expect(await admin.json(words)).toMatchObject({ ...schema, name: 'Place', description: 'new' });
    expect(await admin.run('md-object-show Rack Slot')).toMatchObject({ code: 4, out: '' });
  });

  it("lets the schema's name win, as glance does", async ({ cloud }) => {
    const admin = await withSlot(cloud);
    const words = ['md-object-update', 'Rack', 'Slot', '--name', 'a', '--schema', '{"name":"b"}'];
    expect(await admin.json(words)).toMatchObject({ name: 'b' });
  });
});

describe('md-object-property-show', () => {
  it('shows one property with its name', async ({ cloud }) => {
    const admin = await withSlot(cloud);
    const { out } = await admin.run('md-object-property-show Rack Slot at');
    expect(out).toBe(
      [
        '+----------+---------+',
        '| Property | Value   |',
        '+----------+---------+',
        '| minimum  | 1       |',
        '| name     | at      |',
        '| title    | At      |',
        '| type     | integer |',
        '+----------+---------+',
        '',
      ].join('\n'),
    );
  });

  it.for(['up', 'constructor', '__proto__'])('does not find %s', async (name, { cloud }) => {
    const admin = await withSlot(cloud);
    const outcome = await admin.run(['md-object-property-show', 'Rack', 'Slot', name]);
    expect(outcome).toMatchObject({
      ...{ code: 4, out: '' },
      err: `Property ${name} not found in object Slot.\n`,
    });
  });
});

it('objects are deleted, one or all of a namespace', async ({ cloud }) => {
  const admin = await withSlot(cloud);
  for (const name of ['a', 'b', 'c']) await admin.run(`md-object-create Rack --name ${name} --schema {}`);
  expect(await admin.run('md-object-delete Rack a')).toMatchObject({ code: 0, out: '', err: '' });
  expect(await admin.json('md-object-list Rack -c name')).toEqual([
    { name: 'Slot' },
    { name: 'b' },
    { name: 'c' },
  ]);
  expect(await admin.run('md-object-delete Rack a')).toMatchObject({ code: 4 });
  expect(await admin.run('md-namespace-objects-delete Rack')).toMatchObject({ code: 0, out: '', err: '' });
  expect(await admin.json('md-object-list Rack')).toEqual([]);
});

it.for([
  ['md-object-create Rack --name x', '--schema'],
  ['md-object-create Rack --schema {}', '--name'],
  ['md-object-create Rack --name x --schema [1]', 'Schema is not a valid JSON object.'],
  ['md-object-create Rack --name x --schema {', 'Schema is not a valid JSON object.'],
  ['md-object-create Rack --name a/b --schema {}', "'a/b' cannot be the name of a definition"],
  ['md-object-update Rack Slot --schema 5', 'Schema is not a valid JSON object.'],
  ['md-object-update Rack Slot --name a/b', "'a/b' cannot be the name of a definition"],
  ['md-object-show Rack Slot/x', "'Slot/x' cannot be the name of a definition"],
])('P37: %s is refused before anything is sent', async ([line = '', words], { cloud }) => {
  const admin = await withSlot(cloud);
  const { out, code, err } = await admin.run(line);
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(err).toContain(words);
});
