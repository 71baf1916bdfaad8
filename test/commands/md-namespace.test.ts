import { writeFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { it, startCloud } from '../support/cloud.ts';

const time = () => Date.parse('2026-01-31T12:00:00Z');
const rack = {
  namespace: 'My::Rack',
  display_name: 'Racks',
  resource_type_associations: [{ name: 'OS::Nova::Flavor', prefix: 'rack:' }],
  properties: { height: { title: 'Height', type: 'integer', minimum: 1 } },
  objects: [{ name: 'Slot', required: ['at'], properties: { at: { title: 'At', type: 'integer' } } }],
  tags: [{ name: 'steel' }],
};

describe('md-namespace-create', () => {
  it('prints what glance prints', async () => {
    const cloud = await startCloud({ clock: time });
    const owner = cloud.sandbox.credentials.admin.projectId;
    const words = 'md-namespace-create My::Rack --display-name Racks --protected no --visibility public';
    const { out, err, code } = await cloud.as('admin').run(words);
    await cloud.stop();
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toBe(
      [
        '+--------------+----------------------------------+',
        '| Property     | Value                            |',
        '+--------------+----------------------------------+',
        '| created_at   | 2026-01-31T12:00:00Z             |',
        '| display_name | Racks                            |',
        '| namespace    | My::Rack                         |',
        `| owner        | ${owner} |`,
        '| protected    | False                            |',
        '| schema       | /v2/schemas/metadefs/namespace   |',
        '| updated_at   | 2026-01-31T12:00:00Z             |',
        '| visibility   | public                           |',
        '+--------------+----------------------------------+',
        '',
      ].join('\n'),
    );
  });

  it('takes resource types by their names, which glance sends in a form that Glance refuses', async ({
    cloud,
  }) => {
    const admin = cloud.as('admin');
    await admin.run('md-namespace-create N --resource-type-associations OS::Nova::Flavor My::Own');
    const types = await admin.json('md-namespace-resource-type-list N -c name');
    expect(types).toEqual([{ name: 'OS::Nova::Flavor' }, { name: 'My::Own' }]);
  });

  it.for([
    ['md-namespace-create', 2, 'namespace'],
    ['md-namespace-create N --visibility shared', 2, "'shared' is not one of public, private"],
    ['md-namespace-create N --protected maybe', 2, "'maybe' is not a boolean"],
    ['md-namespace-create OS::OperatingSystem', 5, 'already exists'],
  ] as const)('P37: %s is refused', async ([line, code, words], { cloud }) => {
    const outcome = await cloud.as('admin').run(line);
    expect(outcome).toMatchObject({ out: '', code, err: expect.stringContaining(words) });
  });

  it('is for administrators', async ({ cloud }) => {
    const { code, err } = await cloud.run('md-namespace-create N');
    expect({ code, err: err.split('\n')[0] }).toEqual({
      code: 3,
      err: 'HTTP 403 Forbidden: You are not authorized to complete add_metadef_namespace action.',
    });
  });
});

describe('md-namespace-import', () => {
  it('makes a namespace with its contents from a file', async ({ cloud, path }) => {
    await writeFile(path('rack.json'), JSON.stringify(rack));
    const admin = cloud.as('admin');
    const { out, code } = await admin.run(['md-namespace-import', '--file', path('rack.json')]);
    expect(code).toBe(0);
    expect(out).toMatch(/\| objects +\| \["Slot"\] +\|\n/);
    expect(out).toMatch(/\| properties +\| \["height"\] +\|\n/);
    expect(out).toMatch(/\| resource_type_associations \| \["OS::Nova::Flavor"\] +\|\n/);
    expect(out).toMatch(/\| tags +\| \["steel"\] +\|\n/);
    expect(await admin.json('md-namespace-show My::Rack')).toMatchObject({
      properties: rack.properties,
      objects: [rack.objects[0]],
      tags: rack.tags,
    });
  });

  it('takes what md-namespace-show prints as JSON, with links and times that Glance refuses', async ({
    cloud,
    path,
  }) => {
    const admin = cloud.as('admin');
    const shown = await admin.json('md-namespace-show OS::Software::WebServers');
    await writeFile(path('copy.json'), JSON.stringify({ ...shown, namespace: 'Copy' }));
    await admin.json(['md-namespace-import', '--file', path('copy.json')]);
    const list = 'md-object-list -f value -c name -c properties';
    const copied = await admin.run(`${list} Copy`);
    expect(copied).toEqual(await admin.run(`${list} OS::Software::WebServers`));
    expect(copied.out.split('\n')).toHaveLength(4);
  });

  it.for([
    ['[1]', "Schema is not a JSON object with a 'namespace', the name"],
    ['{"display_name":"x"}', "Schema is not a JSON object with a 'namespace', the name"],
    ['namespace: x', 'Schema is not a valid JSON object.'],
    ['{"namespace":"a/b"}', "'a/b' cannot be the name of a definition"],
    [' '.repeat(5_000_000), 'is too large for a namespace'],
  ])('P37: %.20s makes nothing', async ([text = '', words], { cloud, path }) => {
    await writeFile(path('file'), text);
    const outcome = await cloud.as('admin').run(['md-namespace-import', '--file', path('file')]);
    expect(outcome).toMatchObject({ out: '', code: 2, err: expect.stringContaining(words ?? '') });
  });

  it('says that there is nothing to import', async ({ cloud }) => {
    const { err, code } = await cloud.run('md-namespace-import');
    expect(code).toBe(2);
    expect(err).toContain('No metadata definition namespace passed via stdin or --file argument.');
  });
});

describe('md-namespace-list', () => {
  it('lists those that Glance ships, page after page, each once', async ({ cloud }) => {
    const names = async (words: string) =>
      (await cloud.as('admin').run(`md-namespace-list -f value -c namespace ${words}`)).out
        .trim()
        .split('\n')
        .sort();
    const all = await names('');
    expect(all).toHaveLength(33);
    expect(new Set(all).size).toBe(33);
    expect(await names('--page-size 7')).toEqual(all);
    expect(await names('--visibility private')).toEqual([
      'OS::Glance::CommonImageProperties',
      'OS::OperatingSystem',
    ]);
    expect(await names('--resource-types OS::Trove::Instance --resource-types OS::Nova::Server')).toEqual([
      'CIM::ProcessorAllocationSettingData',
      'OS::Software::DBMS',
      'OS::Software::Runtimes',
      'OS::Software::WebServers',
    ]);
  });

  it("shows nobody another project's private ones", async ({ cloud }) => {
    await cloud.as('admin').run('md-namespace-create Secret');
    const visible = await cloud.json<unknown[]>('md-namespace-list');
    expect(visible).toHaveLength(31);
    expect(await cloud.run('md-namespace-show Secret')).toMatchObject({ code: 4, out: '' });
  });

  it('without namespaces is a table without rows', async ({ cloud }) => {
    const { out } = await cloud.run('md-namespace-list --resource-types Nothing');
    expect(out).toBe('+-----------+\n| namespace |\n+-----------+\n+-----------+\n');
  });
});

describe('md-namespace-show', () => {
  it('calls properties as they are called on things of a type', async ({ cloud }) => {
    const shown = async (words: string) =>
      (await cloud.run(`md-namespace-show OS::Compute::Watchdog ${words} -f value -c properties`)).out;
    expect(await shown('')).toBe("['watchdog_action']\n");
    expect(await shown('--resource-type OS::Nova::Flavor')).toBe("['hw:watchdog_action']\n");
  });

  it('is as wide as it may be', async ({ cloud }) => {
    const { out } = await cloud.run('md-namespace-show OS::Compute::Watchdog --max-column-width 20');
    expect(out).toMatch(/^\+-{22}\+-{22}\+\n/);
  });

  it('a name with characters that mean something in URLs reaches its own namespace (defect n)', async ({
    cloud,
  }) => {
    const admin = cloud.as('admin');
    for (const name of ['a?b', 'a#b', 'a%2Fb', 'a b', 'größe']) {
      await admin.run(['md-namespace-create', name]);
      expect(await admin.json(['md-namespace-show', name])).toMatchObject({ namespace: name });
      expect(await admin.run(['md-namespace-delete', name])).toMatchObject({ code: 0, out: '', err: '' });
    }
  });
});

describe('md-namespace-update', () => {
  it('changes what was said, keeps the rest, and goes by its new name', async ({ cloud, path }) => {
    await writeFile(path('rack.json'), JSON.stringify(rack));
    const admin = cloud.as('admin');
    await admin.run(['md-namespace-import', '--file', path('rack.json')]);
    const updated = await admin.json(
      'md-namespace-update My::Rack --namespace My::Racks --visibility public --description new --owner somebody',
    );
    expect(updated).toMatchObject({
      ...{ namespace: 'My::Racks', display_name: 'Racks', description: 'new' },
      ...{ visibility: 'public', owner: 'somebody', properties: rack.properties, tags: rack.tags },
    });
    expect(await admin.run('md-namespace-show My::Rack')).toMatchObject({ code: 4 });
  });

  it('refuses the name of another one, and one that no path can hold', async ({ cloud }) => {
    const admin = cloud.as('admin');
    await admin.run('md-namespace-create N');
    expect(await admin.run('md-namespace-update N --namespace OS::OperatingSystem')).toMatchObject({
      code: 5,
    });
    expect(await admin.run('md-namespace-update N --namespace a/b')).toMatchObject({ code: 2 });
    expect(await admin.json('md-namespace-show N')).toMatchObject({ namespace: 'N' });
  });
});

describe('md-namespace-delete', () => {
  it('deletes a namespace with everything in it, but not a protected one', async ({ cloud }) => {
    const admin = cloud.as('admin');
    expect(await admin.run('md-namespace-delete OS::Compute::CPUMode')).toEqual(
      expect.objectContaining({ code: 0, out: '', err: '' }),
    );
    expect(await admin.run('md-property-list OS::Compute::CPUMode')).toMatchObject({ code: 4 });
    const { code, err } = await admin.run('md-namespace-delete OS::Compute::Watchdog');
    expect(code).toBe(3);
    expect(err).toContain('namespace OS::Compute::Watchdog is protected and cannot be deleted.');
  });

  it('P33: a name with a slash does not empty another namespace, as Glance would', async ({ cloud }) => {
    const admin = cloud.as('admin');
    await admin.run('md-namespace-create N');
    await admin.run('md-tag-create N --name steel');
    for (const name of ['N/tags', 'N/tags/steel', '../N', '..', '']) {
      expect(await admin.run(['md-namespace-delete', name])).toMatchObject({ code: 2, out: '' });
    }
    expect(await admin.json('md-tag-list N')).toEqual([{ name: 'steel' }]);
  });
});
