import { expect } from 'vitest';
import { it } from '../support/cloud.ts';

it('md-resource-type-list lists the types that there are', async ({ cloud }) => {
  const { out } = await cloud.run('md-resource-type-list -f value');
  expect(out.trim().split('\n').sort()).toEqual([
    'OS::Cinder::Volume',
    'OS::Glance::Image',
    'OS::Nova::Aggregate',
    'OS::Nova::Flavor',
    'OS::Nova::Server',
    'OS::Trove::Instance',
  ]);
});

it('md-namespace-resource-type-list shows prefixes and targets, and nothing for None', async ({ cloud }) => {
  const { out } = await cloud.run('md-namespace-resource-type-list OS::Compute::CPUPinning');
  expect(out).toBe(
    [
      '+--------------------+--------+-------------------+',
      '| name               | prefix | properties_target |',
      '+--------------------+--------+-------------------+',
      '| OS::Glance::Image  | hw_    |                   |',
      '| OS::Cinder::Volume | hw_    | image             |',
      '| OS::Nova::Flavor   | hw:    |                   |',
      '+--------------------+--------+-------------------+',
      '',
    ].join('\n'),
  );
});

it('a type is associated with a prefix of its own, and deassociated', async ({ cloud }) => {
  const admin = cloud.as('admin');
  await admin.run('md-namespace-create Rack');
  const words = '--name My::Rack --prefix rack_ --properties-target image';
  const { out, code } = await admin.run(`md-resource-type-associate Rack ${words}`);
  expect(code).toBe(0);
  expect(out).toMatch(
    /\| name +\| My::Rack +\|\n\| prefix +\| rack_ +\|\n\| properties_target \| image +\|\n/,
  );
  expect(await admin.json('md-namespace-resource-type-list Rack')).toMatchObject([{ prefix: 'rack_' }]);
  expect(await admin.run('md-resource-type-associate Rack --name My::Rack')).toMatchObject({ code: 5 });
  const gone = await admin.run('md-resource-type-deassociate Rack My::Rack');
  expect(gone).toMatchObject({ code: 0, out: '', err: '' });
  expect(await admin.json('md-namespace-resource-type-list Rack')).toEqual([]);
  expect(await admin.run('md-resource-type-deassociate Rack My::Rack')).toMatchObject({ code: 4 });
});

it('--prefix means shell variables before the name of the command, and the association behind it', async ({
  cloud,
}) => {
  const admin = cloud.as('admin');
  await admin.run('md-namespace-create Rack');
  const line = '--prefix md_ md-resource-type-associate Rack --name A --prefix a_ -f shell -c name -c prefix';
  expect((await admin.run(line)).out).toBe('md_name="A"\nmd_prefix="a_"\n');
});

it('P37: the type has to be named, and is asked for before anything is sent', async ({ cloud }) => {
  const { out, code, err } = await cloud.as('admin').run('md-resource-type-associate Rack --prefix x_');
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(err).toContain('--name');
});
