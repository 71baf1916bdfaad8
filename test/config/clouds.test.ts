import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { given, it } from './place.ts';

const login = 'auth_url: http://k/v3, username: u, password: p';
const cloud = (rest: string) => ({ 'cwd/clouds.yaml': `clouds:\n  prod: {auth: {${login}}, ${rest}}\n` });
const OS_CLOUD = 'prod';

describe('the search', () => {
  const names = (user: string) => `clouds: {prod: {auth: {username: ${user}}}}`;

  it.for([
    ['cwd/clouds.yaml', {}],
    ['cwd/clouds.yml', {}],
    ['cwd/clouds.json', {}],
    ['xdg/openstack/clouds.yaml', { XDG_CONFIG_HOME: '$ROOT/xdg' }],
    ['home/.config/openstack/clouds.yml', { XDG_CONFIG_HOME: '$ROOT/xdg' }],
    ['snap/.config/openstack/clouds.yaml', { SNAP_REAL_HOME: '$ROOT/snap' }],
    ['site/openstack/clouds.yaml', { XDG_CONFIG_DIRS: '$ROOT/other:$ROOT/site' }],
    ['etc/xdg/openstack/clouds.yaml', {}],
    ['etc/openstack/clouds.yaml', {}],
    ['cwd/deep/mine.yaml', { OS_CLIENT_CONFIG_FILE: 'deep/mine.yaml' }],
  ] as const)('finds %s with %o', async ([path, env], { machine }) => {
    const settings = await machine.resolve({ OS_CLOUD, ...env }, {}, { [path]: names('found') });
    expect(settings.get('username')).toBe('found');
    expect(settings.origin('username')).toBe(`cloud 'prod' (${join(machine.root, path)})`);
  });

  it('takes the first file whole and merges no other', async ({ machine }) => {
    const files = {
      'own.yaml': names('own'),
      'cwd/clouds.yaml': names('cwd'),
      'cwd/clouds.yml': names('yml'),
      'home/.config/openstack/clouds.yaml': 'clouds: {other: {}}',
    };
    expect((await machine.resolve({ OS_CLOUD }, {}, files)).get('username')).toBe('cwd');
    const env = { OS_CLOUD, OS_CLIENT_CONFIG_FILE: '$ROOT/own.yaml' };
    expect((await machine.resolve(env)).get('username')).toBe('own');
    expect(await machine.problem({ OS_CLOUD: 'other' })).toContain('Cloud other was not found');
  });

  it('P26: goes on after what cannot be read, and notes it', async ({ machine }) => {
    await mkdir(join(machine.root, 'cwd/clouds.yaml'), { recursive: true });
    const settings = await machine.resolve({ OS_CLOUD }, {}, { 'cwd/clouds.yml': names('next') });
    expect(settings.get('username')).toBe('next');
    expect(settings.notes).toContain(`${join(machine.root, 'cwd/clouds.yaml')} is passed over: EISDIR`);
  });
});

describe('secure.yaml', () => {
  it('lies over clouds.yaml key by key, wherever it was found', async ({ machine }) => {
    const settings = await machine.resolve(
      { OS_CLOUD },
      {},
      {
        'cwd/clouds.yaml':
          'clouds: {prod: {region_name: A, interface: admin, auth: {username: u, password: old}}}',
        'home/.config/openstack/secure.yaml': 'clouds: {prod: {region_name: B, auth: {password: s3cret}}}',
      },
    );
    expect(given(settings)).toEqual({
      cloud: 'prod',
      username: 'u',
      password: 's3cret',
      region_name: 'B',
      interface: 'admin',
    });
    expect(settings.origin('password')).toContain('secure.yaml');
  });

  it('can be a file of its own', async ({ machine }) => {
    const files = { 'run/secrets.json': '{"clouds": {"prod": {"auth": {"password": "x"}}}}' };
    const env = { OS_CLOUD, OS_CLIENT_SECURE_FILE: '$ROOT/run/secrets.json' };
    expect((await machine.resolve(env, {}, files)).get('password')).toBe('x');
  });
});

describe('an entry', () => {
  it.for([
    [
      'keys of auth may stand beside it, where they are weaker',
      'username: out, project_name: w',
      { username: 'u', project_name: 'w' },
    ],
    ['tenant names are projects', 'tenant_name: t, tenant_id: 7', { project_name: 't', project_id: '7' }],
    [
      'dashes are underscores',
      'region-name: R, image-endpoint-override: http://i',
      { region_name: 'R', image_url: 'http://i' },
    ],
    ['image_endpoint is the URL of the service', 'image_endpoint: http://i', { image_url: 'http://i' }],
    [
      'the image service has an interface of its own',
      'interface: admin, image_interface: internal',
      { interface: 'internal' },
    ],
    ['endpoint types are interfaces', 'endpoint_type: internalURL', { interface: 'internalURL' }],
    ['interfaces may be a list', 'interface: [internal, public]', { interface: 'internal,public' }],
    [
      'the image service has a region of its own',
      'region_name: R, image_region_name: I',
      { region_name: 'I' },
    ],
    [
      'service type and name',
      'image_service_type: img, image_service_name: g',
      { service_type: 'img', service_name: 'g' },
    ],
    [
      'files of certificates may be in the home',
      'cacert: ~/ca, cert: /c, key: ~/k',
      { cacert: '$ROOT/home/ca', cert: '/c', key: '$ROOT/home/k' },
    ],
    ['verify: false is insecure', 'verify: false', { insecure: 'true' }],
    ['verify: true is not', 'verify: true, insecure: false', {}],
    ['insecure wins', 'verify: true, insecure: "True"', { insecure: 'true' }],
    ['api_timeout', 'api_timeout: 2.5', { timeout: '2.5' }],
    [
      'numbers and dates stay as they were written',
      'project_id: 0123, project_name: 2024-01-01',
      { project_id: '0123', project_name: '2024-01-01' },
    ],
    ['null and nothing are unset', 'region_name: ~, project_name: , interface: ""', {}],
    ['what is not ours is left alone', 'networks: [{name: n}], compute_api_version: 2', {}],
  ] as const)('%s', async ([, entry, expected], { machine }) => {
    const settings = await machine.resolve({ OS_CLOUD }, {}, cloud(entry));
    const values = JSON.parse(JSON.stringify(given(settings)).replaceAll(machine.root, '$ROOT'));
    expect(values).toEqual({
      cloud: 'prod',
      auth_url: 'http://k/v3',
      username: 'u',
      password: 'p',
      ...expected,
    });
  });

  it('may share mappings by reference, repeat keys, and be called anything', async ({ machine }) => {
    const text = `
base: &base {auth_url: http://k, username: first, username: second}
clouds:
  __proto__: {auth: {username: evil}}
  constructor:
    auth:
      <<: *base
      password: p
`;
    const settings = await machine.resolve({ OS_CLOUD: 'constructor' }, {}, { 'cwd/clouds.yaml': text });
    expect(settings.get('username')).toBe('second');
    expect(settings.get('password')).toBe('p');
    expect(await machine.problem({ OS_CLOUD: 'toString' })).toContain('Cloud toString was not found');
  });
});

describe('regions', () => {
  const regions =
    'regions: [{name: A, values: {interface: admin, auth: {username: in-a}}}, B], image_endpoint: "http://{region_name}.i"';

  it('the first one when nobody chooses, with its own values and its name in URLs', async ({ machine }) => {
    const settings = await machine.resolve({ OS_CLOUD }, {}, cloud(regions));
    expect(given(settings)).toMatchObject({
      region_name: 'A',
      interface: 'admin',
      username: 'in-a',
      image_url: 'http://A.i',
    });
  });

  it.for([
    [{ OS_CLOUD, OS_REGION_NAME: 'B' }, {}],
    [{ OS_CLOUD, OS_REGION_NAME: 'A' }, { region_name: 'B' }],
  ] as const)('the chosen one with %o and flags %o', async ([env, flags], { machine }) => {
    const settings = await machine.resolve(env, flags, cloud(regions));
    expect(given(settings)).toMatchObject({ region_name: 'B', username: 'u', image_url: 'http://B.i' });
  });

  it('another one is refused with the choices', async ({ machine }) => {
    expect(await machine.problem({ OS_CLOUD, OS_REGION_NAME: 'C' }, {}, cloud(regions))).toBe(
      'UsageError: Region C (OS_REGION_NAME) is not a valid region name for cloud prod. Valid choices are A, B',
    );
  });

  it('may be a list with commas', async ({ machine }) => {
    const settings = await machine.resolve({ OS_CLOUD }, {}, cloud('region_name: "A,B"'));
    expect(settings.get('region_name')).toBe('A');
  });

  it('that are neither names nor mappings are refused', async ({ machine }) => {
    expect(await machine.problem({ OS_CLOUD }, {}, cloud('regions: [{nom: A}]'))).toBe(
      'UsageError: $ROOT/cwd/clouds.yaml, line 2: a region must be a name, or a mapping of its name and its values',
    );
  });
});
