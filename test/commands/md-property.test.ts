import { expect } from 'vitest';
import { it, type TestCloud } from '../support/cloud.ts';

const create = 'md-property-create Rack --name height --title Height';

const withRack = async (cloud: TestCloud) => {
  const admin = cloud.as('admin');
  await admin.run('md-namespace-create Rack');
  return admin;
};

it('a property is made, and printed as glance prints it', async ({ cloud }) => {
  const admin = await withRack(cloud);
  const { out, err, code } = await admin.run(`${create} --type integer --schema {"minimum":1,"default":4}`);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  expect(out).toBe(
    [
      '+----------+---------+',
      '| Property | Value   |',
      '+----------+---------+',
      '| default  | 4       |',
      '| minimum  | 1       |',
      '| name     | height  |',
      '| title    | Height  |',
      '| type     | integer |',
      '+----------+---------+',
      '',
    ].join('\n'),
  );
});

it('the type may stand in the schema, as glance 4.1 had it, and wins there over --type', async ({
  cloud,
}) => {
  const admin = await withRack(cloud);
  const { code, err } = await admin.run(`${create} --schema {}`);
  expect({ code, err: err.split('\n')[0] }).toEqual({
    code: 2,
    err: 'tglance md-property-create: error: Say what its values are, with --type or in the schema',
  });
  expect(await admin.json('md-property-list Rack')).toEqual([]);
  expect(await admin.json(`${create} --type string --schema {"type":"integer"}`)).toMatchObject({
    type: 'integer',
  });
});

it('md-property-list shows names, titles and types', async ({ cloud }) => {
  const { out } = await cloud.run('md-property-list OS::Compute::VirtCPUTopology');
  expect(out.split('\n').slice(0, 5)).toEqual([
    '+-----------------+-----------------+---------+',
    '| name            | title           | type    |',
    '+-----------------+-----------------+---------+',
    '| cpu_cores       | CPU cores       | integer |',
    '| cpu_max_cores   | CPU max cores   | integer |',
  ]);
  expect(await cloud.run('md-property-list OS::Software::DBMS')).toMatchObject({
    out: '+------+-------+------+\n| name | title | type |\n+------+-------+------+\n+------+-------+------+\n',
  });
});

it('md-property-show shows the values that there may be, as wide as asked for', async ({ cloud }) => {
  const show = 'md-property-show OS::Compute::CPUPinning cpu_thread_policy';
  const { out } = await cloud.run(`${show} --max-column-width 20`);
  expect(out).toMatch(/\| enum +\| \["isolate", +\|\n\| +\| "prefer", "require"\] \|\n/);
  expect(await cloud.json(show)).toMatchObject({
    name: 'cpu_thread_policy',
    enum: ['isolate', 'prefer', 'require'],
  });
});

it('md-property-update changes what it is told, and keeps the rest', async ({ cloud }) => {
  const admin = await withRack(cloud);
  await admin.run(`${create} --type integer --schema {"minimum":1}`);
  const words = 'md-property-update Rack height --name units --title Units --schema {"maximum":52}';
  const updated = { name: 'units', title: 'Units', type: 'integer', minimum: 1, maximum: 52 };
  expect(await admin.json(words)).toEqual(updated);
  expect(await admin.json('md-property-show Rack units')).toEqual(updated);
  expect(await admin.run('md-property-show Rack height')).toMatchObject({ code: 4 });
});

it('properties are deleted, one or all of a namespace', async ({ cloud }) => {
  const admin = await withRack(cloud);
  for (const name of ['a', 'b', 'c']) {
    await admin.run(`md-property-create Rack --name ${name} --title T --type string --schema {}`);
  }
  expect(await admin.run('md-property-delete Rack a')).toMatchObject({ code: 0, out: '', err: '' });
  expect(await admin.json('md-property-list Rack -c name')).toEqual([{ name: 'b' }, { name: 'c' }]);
  const none = await admin.run('md-namespace-properties-delete Rack');
  expect(none).toMatchObject({ code: 0, out: '', err: '' });
  expect(await admin.json('md-property-list Rack')).toEqual([]);
  expect(await admin.run('md-property-delete OS::Compute::Watchdog watchdog_action')).toMatchObject({
    ...{ code: 3, out: '' },
    err: expect.stringContaining('property watchdog_action is protected and cannot be deleted.'),
  });
});

const rest = ['--title', 'T', '--type', 'string', '--schema', '{}'];

it('a property may have any name, and is found by it alone', async ({ cloud }) => {
  const admin = await withRack(cloud);
  for (const name of ['__proto__', 'constructor', 'a?b', 'CPU Limits']) {
    await admin.run(['md-property-create', 'Rack', '--name', name, ...rest]);
    expect(await admin.json(['md-property-show', 'Rack', name])).toMatchObject({ name, title: 'T' });
  }
  expect(await admin.run('md-property-show Rack toString')).toMatchObject({ code: 4 });
});
it.for([
  ['md-property-create Rack --title T --type string --schema {}', '--name'],
  ['md-property-create Rack --name x --type string --schema {}', '--title'],
  [`${create} --type string`, '--schema'],
  [`${create} --type text --schema {}`, "'text' is not one of string, integer"],
  [`${create} --type string --schema [1]`, 'Schema is not a valid JSON object.'],
  ['md-property-update Rack height --schema x', 'Schema is not a valid JSON object.'],
  ['md-property-delete Rack ..', "'..' cannot be the name of a definition"],
])('P37: %s is refused before anything is sent', async ([line = '', words], { cloud }) => {
  const { out, code, err } = await cloud.as('admin').run(line);
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(err).toContain(words);
});
