import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { folder } from './support/disks.ts';
import { demo, other, type Person, wordsOf } from './support/people.ts';
import { type Around, type Ran, start, tglanceCommand } from './support/program.ts';
import { endpointOf, make, tokenOf } from './support/witness.ts';

/** Runs tglance with no login around it but what the test gives, and none that is kept. */
const tglance = (line: string, around?: Around): Promise<Ran> =>
  start([...tglanceCommand, '--no-cache', ...wordsOf(line)], around).ended;

const without = ({ env }: Person, ...names: string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));

const flagsOf = ({ env }: Person): string =>
  Object.entries(env)
    .map(([name, value]) => `--${name.toLowerCase().replaceAll('_', '-')} ${value}`)
    .join(' ');

const worked = { code: 0, err: '' };

describe('logging in', () => {
  it('by variables', async () => {
    expect(await tglance('import-info', { env: demo.env })).toMatchObject(worked);
  });

  it('by flags, before the command and after it', async () => {
    expect(await tglance(`${flagsOf(demo)} import-info`)).toMatchObject(worked);
    expect(await tglance(`import-info ${flagsOf(demo)}`)).toMatchObject(worked);
    expect(
      await tglance(
        `import-info ${flagsOf(demo).replace(/--\S+/g, (flag) => flag.replaceAll('-', '_').replace('__', '--'))}`,
      ),
    ).toMatchObject(worked);
  });

  it('by flags that win over variables', async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later, { visibility: 'private' });
    const { username, project_name } = demo.login;
    const line = `image-show ${id} --os-username ${username} --os-project-name ${project_name}`;
    expect(await tglance(line, { env: other.env })).toMatchObject(worked);
  });

  it('with domains by ID, tenants for projects, or an address without its version', async () => {
    const { OS_AUTH_URL = '', OS_PROJECT_NAME = '' } = demo.env;
    const domains = { OS_USER_DOMAIN_ID: 'default', OS_PROJECT_DOMAIN_ID: 'default' };
    const bare = without(
      demo,
      'OS_USER_DOMAIN_NAME',
      'OS_PROJECT_DOMAIN_NAME',
      'OS_PROJECT_NAME',
      'OS_AUTH_URL',
    );
    const env = {
      ...bare,
      ...domains,
      OS_TENANT_NAME: OS_PROJECT_NAME,
      OS_AUTH_URL: OS_AUTH_URL.replace('/v3', ''),
    };
    expect(await tglance('import-info', { env })).toMatchObject(worked);
  });

  it('by a token and the address of the Image service', async () => {
    const url = await endpointOf(demo);
    for (const address of [url, `${url}/`, `${url}/v2`]) {
      const env = { OS_AUTH_TOKEN: await tokenOf(demo), OS_IMAGE_URL: address };
      expect(await tglance('import-info', { env })).toMatchObject(worked);
    }
  });

  it('to an Image service at an address of its own', async () => {
    const env = { ...demo.env, OS_IMAGE_URL: `${await endpointOf(demo)}/v2/` };
    expect(await tglance('import-info', { env })).toMatchObject(worked);
  });

  it('by a cloud of clouds.yaml, its password in secure.yaml', async ({ onTestFinished: later }) => {
    const home = await folder(later);
    const place = join(home, '.config', 'openstack');
    await mkdir(place, { recursive: true });
    const { password, ...auth } = demo.login;
    await writeFile(
      join(place, 'clouds.yaml'),
      stringify({ clouds: { mine: { auth, region_name: 'RegionOne' } } }),
    );
    await writeFile(join(place, 'secure.yaml'), stringify({ clouds: { mine: { auth: { password } } } }), {
      mode: 0o600,
    });
    const env = { HOME: home };
    expect(await tglance('--os-cloud mine import-info', { env })).toMatchObject(worked);
    expect(await tglance('import-info', { env: { ...env, OS_CLOUD: 'mine' } })).toMatchObject(worked);
    // a named cloud is not mixed with the login of somebody else
    expect(await tglance('import-info --os-cloud=mine', { env: { ...other.env, ...env } })).toMatchObject({
      code: 0,
    });
    const unknown = await tglance('--os-cloud yours import-info', { env });
    expect(unknown).toMatchObject({ out: '', err: expect.stringContaining('yours') });
    expect(unknown.code).toBeGreaterThan(0);
  });

  it('by the clouds.yaml of the folder, or the one that a variable names', async ({
    onTestFinished: later,
  }) => {
    const place = await folder(later);
    const file = join(place, 'clouds.yaml');
    await writeFile(file, stringify({ clouds: { here: { auth: demo.login } } }));
    expect(await tglance('import-info --os-cloud here', { cwd: place })).toMatchObject(worked);
    const env = { OS_CLIENT_CONFIG_FILE: file };
    expect(await tglance('import-info --os-cloud here', { env })).toMatchObject(worked);
  });

  it('in a region or by an interface that is there', async () => {
    for (const flag of [
      '--os-region-name RegionOne',
      '--os-endpoint-type internalURL',
      '--os-endpoint-type admin',
    ]) {
      expect(await tglance(`import-info ${flag}`, { env: demo.env })).toMatchObject(worked);
    }
  });
});

describe('a login that fails', () => {
  it.for([
    ['a wrong password', 3, { OS_PASSWORD: 'wrong-secret' }, 'requires authentication'],
    ['an unknown user', 3, { OS_USERNAME: 'nobody' }, 'requires authentication'],
    ['a project that is not mine', 3, { OS_PROJECT_NAME: 'other' }, ''],
    ['a region that is not there', 3, { OS_REGION_NAME: 'Nowhere' }, 'RegionOne'],
    ['nobody at the address', 6, { OS_AUTH_URL: 'http://127.0.0.1:1/v3' }, '127.0.0.1:1'],
    ['no name for the host', 6, { OS_AUTH_URL: 'http://keystone.invalid/v3' }, 'keystone.invalid'],
    ['no user', 3, { OS_USERNAME: '' }, 'OS_USERNAME'],
    ['no password', 3, { OS_PASSWORD: '' }, 'OS_PASSWORD'],
    ['no address', 3, { OS_AUTH_URL: '' }, 'OS_AUTH_URL'],
  ] as const)('for %s ends in a few lines', async ([, code, env, said]) => {
    const ran = await tglance('image-list', { env: { ...demo.env, ...env } });
    expect(ran).toMatchObject({ code, out: '', err: expect.stringContaining(said) });
    expect(ran.err.split('\n').length).toBeLessThanOrEqual(4);
    expect(ran.err).not.toContain('wrong-secret');
  });
});

describe('globals', () => {
  it('accept version 2 of the Image API, and refuse version 1 in a line', async () => {
    expect(await demo.tglance('--os-image-api-version=2 import-info')).toMatchObject(worked);
    expect(await demo.tglance('--os-image-api 2 import-info')).toMatchObject(worked);
    const one = await demo.tglance('--os-image-api-version 1 image-list');
    expect(one).toMatchObject({ out: '', err: expect.stringContaining('1') });
    expect(one.code).toBeGreaterThan(0);
  });

  it('P23: --debug shows requests and answers, and no secret', async () => {
    const { code, out, err } = await demo.tglance('--no-cache --debug import-info');
    expect({ code, out }).toEqual({ code: 0, out: await demo.says('import-info') });
    expect(err).toContain('/v3/auth/tokens');
    expect(err).toContain('/v2/info/import');
    expect(err).not.toContain(demo.login.password);
    // what a Fernet token begins with
    expect(err).not.toMatch(/gAAAAA/);
  });
});
