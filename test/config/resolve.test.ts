import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { given, it } from './place.ts';

const openrc = {
  OS_AUTH_URL: 'http://env/v3',
  OS_USERNAME: 'ann',
  OS_PASSWORD: 'env-secret',
  OS_PROJECT_NAME: 'demo',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PROJECT_DOMAIN_NAME: 'Default',
};

const fromEnv = {
  auth_url: 'http://env/v3',
  username: 'ann',
  password: 'env-secret',
  project_name: 'demo',
  user_domain_name: 'Default',
  project_domain_name: 'Default',
};

const prod = `
clouds:
  prod:
    auth: {auth_url: http://prod/v3, username: bob, password: file-secret, project_name: web}
    region_name: North
`;

describe('variables', () => {
  it('say it all when no cloud is named, and no file is opened', async ({ machine }) => {
    const settings = await machine.resolve(openrc, {}, { 'cwd/clouds.yaml': '{ this is broken' });
    expect(given(settings)).toEqual(fromEnv);
    expect(settings.cloud).toBe(undefined);
    expect(settings.origin('username')).toBe('OS_USERNAME');
    expect(settings.secrets).toEqual(new Set(['env-secret']));
  });

  it('count as unset when they are empty, and the next spelling is looked at', async ({ machine }) => {
    const settings = await machine.resolve({ ...openrc, OS_PROJECT_NAME: '', OS_TENANT_NAME: 'old' });
    expect(settings.get('project_name')).toBe('old');
    expect(settings.origin('project_name')).toBe('OS_TENANT_NAME');
  });

  it('are the cloud that OS_CLOUD_NAME names', async ({ machine }) => {
    const env = { ...openrc, OS_CLOUD_NAME: 'mine', OS_CLOUD: 'mine' };
    expect((await machine.resolve(env)).get('username')).toBe('ann');
  });

  it('that only say how to connect leave the only cloud of the files to be chosen', async ({ machine }) => {
    const env = { OS_CACERT: '~/ca.pem', OS_REGION_NAME: 'North', OS_IDENTITY_API_VERSION: '3' };
    const settings = await machine.resolve(env, {}, { 'cwd/clouds.yaml': prod });
    expect(settings.cloud).toBe('prod');
    expect(settings.get('cacert')).toBe(join(machine.root, 'home/ca.pem'));
  });
});

describe('flags', () => {
  it('win over variables and over a cloud, and keep the rest of it', async ({ machine }) => {
    const settings = await machine.resolve(
      openrc,
      { cloud: 'prod', username: 'eve' },
      { 'cwd/clouds.yaml': prod },
    );
    expect(given(settings)).toEqual({
      cloud: 'prod',
      auth_url: 'http://prod/v3',
      username: 'eve',
      password: 'file-secret',
      project_name: 'web',
      region_name: 'North',
    });
    expect(settings.origin('username')).toBe('flag --os-username');
    expect(settings.origin('password')).toBe(`cloud 'prod' (${join(machine.root, 'cwd/clouds.yaml')})`);
  });

  it('with a name win over a weaker id of the same thing', async ({ machine }) => {
    const settings = await machine.resolve({ ...openrc, OS_PROJECT_ID: 'p1' }, { project_name: 'other' });
    expect(settings.get('project_id')).toBe(undefined);
    expect(settings.get('project_name')).toBe('other');
    expect(settings.notes).toEqual([
      'project_id of OS_PROJECT_ID is ignored: flag --os-project-name says project_name',
    ]);
  });

  it('that say where to log in keep the only cloud of the files out of it', async ({ machine }) => {
    const settings = await machine.resolve({}, { auth_url: 'http://flag' }, { 'cwd/clouds.yaml': prod });
    expect(given(settings)).toEqual({ auth_url: 'http://flag' });
    const flags = { auth_type: 'none', image_url: 'http://flag' };
    expect(given(await machine.resolve({}, flags))).toEqual(flags);
  });
});

describe('a named cloud', () => {
  it('wins over the variables of another one, which is noted; their secrets stay secret', async ({
    machine,
  }) => {
    const env = { ...openrc, OS_CLOUD: 'prod', OS_INTERFACE: 'internal', OS_INSECURE: 'true' };
    const settings = await machine.resolve(env, {}, { 'cwd/clouds.yaml': prod });
    expect(given(settings)).toEqual({
      cloud: 'prod',
      auth_url: 'http://prod/v3',
      username: 'bob',
      password: 'file-secret',
      project_name: 'web',
      region_name: 'North',
      interface: 'internal',
      insecure: 'true',
    });
    expect(settings.notes).toEqual([
      "ignored because cloud 'prod' was named: OS_AUTH_URL, OS_USERNAME, OS_PASSWORD, OS_USER_DOMAIN_NAME, OS_PROJECT_NAME, OS_PROJECT_DOMAIN_NAME",
    ]);
    expect(settings.secrets).toEqual(new Set(['env-secret', 'file-secret']));
  });

  it('that nobody defined is refused with the choices and their file', async ({ machine }) => {
    expect(await machine.problem({}, { cloud: 'nope' }, { 'cwd/clouds.yaml': prod })).toBe(
      'UsageError: Cloud nope was not found; there is sandbox (built in) and prod ($ROOT/cwd/clouds.yaml)',
    );
  });

  it('is looked for in every directory of the search path, which the refusal lists', async ({ machine }) => {
    expect(await machine.problem({ OS_CLOUD: 'nope' })).toBe(
      'UsageError: Cloud nope was not found; there is sandbox (built in) only: no clouds.yaml in $ROOT/cwd, $ROOT/home/.config/openstack, $ROOT/etc/xdg/openstack, $ROOT/etc/openstack',
    );
  });

  it('may say what nothing here uses, which is noted', async ({ machine }) => {
    const text = 'clouds: {prod: {auth: {auth_url: http://k, pasword: x}, networks: [], image-format: raw}}';
    expect((await machine.resolve({ OS_CLOUD: 'prod' }, {}, { 'cwd/clouds.yaml': text })).notes).toEqual([
      `not used of cloud 'prod' (${join(machine.root, 'cwd/clouds.yaml')}): networks, image_format, auth.pasword`,
    ]);
  });

  it('must not be called as the one of the variables', async ({ machine }) => {
    const env = { OS_CLOUD: 'prod', OS_CLOUD_NAME: 'prod' };
    expect(await machine.problem(env, {}, { 'cwd/clouds.yaml': prod })).toBe(
      'UsageError: $ROOT/cwd/clouds.yaml, line 4: prod is the name of the cloud that OS_* variables describe; choose another, or set OS_CLOUD_NAME',
    );
  });

  it('sandbox is built in, without the variables of another cloud', async ({ machine }) => {
    const settings = await machine.resolve({ ...openrc, OS_CLOUD: 'sandbox', OS_REGION_NAME: 'R' });
    expect(settings).toMatchObject({ cloud: 'sandbox', sandbox: true });
    expect(given(settings)).toEqual({ cloud: 'sandbox' });
  });

  it('sandbox is the one of a file that defines it', async ({ machine }) => {
    const files = { 'cwd/clouds.yaml': 'clouds: {sandbox: {auth: {auth_url: http://mine}}}' };
    const settings = await machine.resolve({ OS_CLOUD: 'sandbox' }, {}, files);
    expect(settings).toMatchObject({ cloud: 'sandbox', sandbox: false });
    expect(settings.get('auth_url')).toBe('http://mine');
  });
});

describe('without a word', () => {
  it('the only cloud of the files is taken', async ({ machine }) => {
    expect((await machine.resolve({}, {}, { 'etc/openstack/clouds.yaml': prod })).cloud).toBe('prod');
  });

  it('several clouds are a question', async ({ machine }) => {
    expect(await machine.problem({}, {}, { 'cwd/clouds.yaml': 'clouds: {b: {}, a: {}}' })).toBe(
      'MissingSetting: Choose a cloud with --os-cloud or OS_CLOUD: a, b ($ROOT/cwd/clouds.yaml)',
    );
  });

  it('P26: nothing at all is no error, only the defaults', async ({ machine }) => {
    const settings = await machine.resolve();
    expect(given(settings)).toEqual({});
    expect(settings.get('service_type')).toBe('image');
    expect(settings.get('interface')).toBe('public');
    expect(settings.origin('interface')).toBe('default');
  });
});

describe('values', () => {
  it('that cannot be used are refused with the place they come from', async ({ machine }) => {
    expect(await machine.problem({ ...openrc, OS_IMAGE_API_VERSION: '3' })).toBe(
      'UsageError: OS_IMAGE_API_VERSION: Invalid API version parameter. Supported values are [1, 2]',
    );
    expect(await machine.problem(openrc, { timeout: 'soon' })).toBe(
      "UsageError: flag --timeout: 'soon' is not a number of seconds above 0",
    );
    expect(await machine.problem({ ...openrc, OS_INSECURE: 'perhaps' })).toBe(
      "UsageError: OS_INSECURE: 'perhaps' is not a boolean: say true or false",
    );
  });

  it.for([
    ['system_scope', 'all'],
    ['trust_id', 't1'],
    ['unscoped', 'true'],
  ] as const)(
    'a scope that a flag names takes the place of the project of a variable: %s',
    async ([name, word], { machine }) => {
      const settings = await machine.resolve(openrc, { [name]: word });
      expect(settings.get(name)).toBe(word);
      expect(settings.get('project_name')).toBe(undefined);
      expect(settings.notes).toEqual([
        'project_name of OS_PROJECT_NAME is ignored: a stronger word names another scope',
      ]);
    },
  );

  it('two scopes from one source both stand, for the login to refuse', async ({ machine }) => {
    const settings = await machine.resolve({ ...openrc, OS_TRUST_ID: 't1' });
    expect([settings.get('project_name'), settings.get('trust_id')]).toEqual(['demo', 't1']);
  });

  it('a domain beside a project is the domain of both; alone it is the scope', async ({ machine }) => {
    const { OS_USER_DOMAIN_NAME: _, OS_PROJECT_DOMAIN_NAME: __, OS_PROJECT_NAME, ...user } = openrc;
    const env = { ...user, OS_DOMAIN_ID: 'd1' };
    const settings = await machine.resolve({ ...env, OS_PROJECT_NAME });
    expect(settings.get('user_domain_id')).toBe('d1');
    expect(settings.get('project_domain_id')).toBe('d1');
    expect(settings.get('domain_id')).toBe(undefined);
    expect((await machine.resolve(env)).get('domain_id')).toBe('d1');
  });

  it('a default domain is that of whoever has none', async ({ machine }) => {
    const { OS_PROJECT_DOMAIN_NAME: _, ...env } = openrc;
    const settings = await machine.resolve({ ...env, OS_DEFAULT_DOMAIN: 'default' });
    expect(settings.get('user_domain_id')).toBe(undefined);
    expect(settings.get('project_domain_id')).toBe('default');
  });

  it('P25: a file with secrets that others may read is noted', async ({ machine }) => {
    await machine.write({ 'cwd/clouds.yaml': prod });
    expect((await machine.resolve()).notes).toEqual([]);
    await chmod(join(machine.root, 'cwd/clouds.yaml'), 0o644);
    expect((await machine.resolve()).notes).toEqual([
      `${join(machine.root, 'cwd/clouds.yaml')} has secrets of cloud 'prod' and is open to others`,
    ]);
  });
});
