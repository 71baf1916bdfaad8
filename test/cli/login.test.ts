import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect } from 'vitest';
import { it } from '../support/cloud.ts';
import { tglance } from '../support/tglance.ts';

const flagsOf = (env: Record<string, string>) =>
  Object.entries(env)
    .filter(([name]) => name !== 'OS_IDENTITY_API_VERSION')
    .flatMap(([name, value]) => [`--${name.toLowerCase().replaceAll('_', '-')}`, value]);

describe('a login', () => {
  it('comes from variables', async ({ cloud }) => {
    expect((await cloud.run('image-list')).code).toBe(0);
  });

  it('comes from flags, before or after the command, with hyphens or underscores', async ({ cloud }) => {
    const flags = flagsOf(cloud.env);
    expect((await tglance([...flags, 'image-list'])).code).toBe(0);
    expect((await tglance(['image-list', ...flags])).code).toBe(0);
    const underscored = flags.map((word) =>
      word.startsWith('--') ? `--${word.slice(2).replaceAll('-', '_')}` : word,
    );
    expect((await tglance([...underscored, 'image-list'])).code).toBe(0);
  });

  it('comes from a cloud in clouds.yaml, which wins over variables that happen to be set', async ({
    cloud,
    folder,
    path,
  }) => {
    const { OS_PASSWORD, ...env } = cloud.env;
    const auth = Object.entries(env).map(
      ([name, value]) => `      ${name.slice(3).toLowerCase()}: ${value}\n`,
    );
    writeFileSync(path('clouds.yaml'), `clouds:\n  box:\n    auth:\n${auth.join('')}`);
    writeFileSync(path('secure.yaml'), `clouds: {box: {auth: {password: ${OS_PASSWORD}}}}`);
    const stale = { OS_USERNAME: 'somebody', OS_PASSWORD: 'else', OS_AUTH_URL: 'http://127.0.0.1:1/v3' };
    expect(await tglance('--os-cloud box image-list', { cwd: folder, env: stale })).toMatchObject({
      err: '',
      code: 0,
    });
    expect(await tglance('image-list', { cwd: folder, env: { ...stale, OS_CLOUD: 'box' } })).toMatchObject({
      code: 0,
    });
    const { err, code } = await tglance('--os-cloud nope image-list', { cwd: folder });
    expect(code).toBe(2);
    expect(err).toContain('Cloud nope was not found');
    expect(err).toContain('box');
  });

  it('asks a person for a password that is missing', async ({ cloud }) => {
    const { OS_PASSWORD: password = '', ...env } = cloud.env;
    expect((await tglance('image-list', { env, password })).code).toBe(0);
    expect(await tglance('image-list', { env })).toMatchObject({
      code: 3,
      err: expect.stringContaining('You must provide a password via either --os-password, env[OS_PASSWORD]'),
    });
  });

  it('that is refused says so and keeps the password to itself', async ({ cloud }) => {
    const { out, err, code } = await cloud.run('image-list --debug', {
      env: { OS_PASSWORD: 'wrong-but-secret' },
    });
    expect({ out, code }).toEqual({ out: '', code: 3 });
    expect(err).toContain('The request you have made requires authentication. (HTTP 401)');
    expect(err).not.toContain('wrong-but-secret');
  });

  it.for<[string, string]>([
    ['OS_USERNAME', 'You must provide a username'],
    ['OS_PROJECT_NAME', 'You must provide a project_id or project_name'],
    ['OS_AUTH_URL', 'You must provide an auth url'],
  ])('without %s says what is missing', async ([name, message], { cloud }) => {
    const { err, code } = await cloud.run('image-list', { env: { [name]: '' } });
    expect(code).toBe(3);
    expect(err).toContain(message);
  });

  it('P36: names the region, the interface and the choices there are', async ({ cloud }) => {
    const { err, code } = await cloud.run('image-list --os-region-name nowhere');
    expect(code).toBe(3);
    expect(err).toContain('public endpoint for image service in nowhere region not found');
    expect(err).toContain('RegionOne');
  });

  it('P23: is traced without the password and the token', async ({ cloud }) => {
    const { err } = await cloud.run('image-list --debug');
    expect(err).toContain('$OS_TOKEN');
    expect(err).not.toContain(cloud.env.OS_PASSWORD);
    expect(err).not.toMatch(/x-subject-token: (?!\*\*\*)/);
  });

  it('is spared by a token and an endpoint', async ({ cloud }) => {
    const url = cloud.env.OS_AUTH_URL?.replace(/\/v3$/, '') ?? '';
    const { username, password, projectId } = cloud.sandbox.credentials.demo;
    const user = { name: username, domain: { id: 'default' }, password };
    const identity = { methods: ['password'], password: { user } };
    const body = JSON.stringify({ auth: { identity, scope: { project: { id: projectId } } } });
    const response = await fetch(`${url}/v3/auth/tokens`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    const token = response.headers.get('x-subject-token') ?? '';
    for (const endpoint of [`${url}/image`, `${url}/image/`, `${url}/image/v2`, `${url}/image/v2/`]) {
      expect(
        await tglance(['--os-auth-token', token, '--os-image-url', endpoint, 'image-list']),
      ).toMatchObject({ err: '', code: 0 });
    }
  });
});

it('P28: a certificate file that holds no certificate is named, instead of being passed over', async ({
  cloud,
}) => {
  const { err, code } = await cloud.run('image-list --os-cacert package.json');
  expect(code).toBe(2);
  expect(err).toContain('There is no certificate in package.json (flag --os-cacert)');
});

describe('P36: an endpoint', () => {
  it.for(['', '/', '/v2', '/v2/', '/v1', '/prefix', '/prefix/v2'])(
    'that ends in "%s" is used as it is meant',
    async (end) => {
      const asked: string[] = [];
      const server = createServer((request, response) => {
        asked.push(request.url ?? '');
        response.setHeader('content-type', 'application/json').end('{"images": []}');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${end}`;
      expect(await tglance(['--os-auth-token', 'secret', '--os-image-url', url, 'image-list'])).toMatchObject(
        { code: 0 },
      );
      server.close();
      expect(asked).toEqual([
        `${end.replace(/\/(v[12])?\/?$/, '')}/v2/images?limit=1000&sort_key=name&sort_dir=asc`,
      ]);
    },
  );
});

describe('the sandbox by name', () => {
  it('needs no set-up, no port, and keeps its images for the next run', async ({ folder }) => {
    const around = { home: folder };
    expect((await tglance('--os-cloud sandbox image-create --name kept', around)).code).toBe(0);
    expect(
      (await tglance('image-list -f value -c Name', { ...around, env: { OS_CLOUD: 'sandbox' } })).out,
    ).toBe('kept\n');
  });

  it('can be used as another of its users', async ({ folder }) => {
    const around = { home: folder };
    await tglance('--os-cloud sandbox image-create --name mine', around);
    expect(
      (await tglance('--os-cloud sandbox --os-username other image-list -f value -c Name', around)).out,
    ).toBe('');
    const { err, code } = await tglance('--os-cloud sandbox --os-username nobody image-list', around);
    expect(code).toBe(2);
    expect(err).toContain("The sandbox has no user 'nobody', only admin, demo, other");
  });

  it('gives way to a cloud of that name in clouds.yaml', async ({ folder, path }) => {
    mkdirSync(path('.config/openstack'), { recursive: true });
    const auth = 'auth_url: http://127.0.0.1:1/v3, username: u, password: p, project_name: p';
    writeFileSync(path('.config/openstack/clouds.yaml'), `clouds: {sandbox: {auth: {${auth}}}}`);
    expect((await tglance('--os-cloud sandbox image-list', { home: folder })).code).toBe(6);
  });
});
