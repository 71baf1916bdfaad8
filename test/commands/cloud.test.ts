import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { it } from '../support/folder.ts';
import { tglance } from '../support/tglance.ts';

const clouds = `
clouds:
  prod:
    auth: {auth_url: 'https://ann:s3cr3t-word@k/v3', username: ann, password: s3cr3t-word, project_name: web}
    regions: [North, South]
  robot:
    auth: {auth_url: http://r, application_credential_id: a1, application_credential_secret: s3cr3t-word}
    auth_type: v3applicationcredential
  public:
    profile: otc
    auth: {user_id: u1, project_id: p1}
  theirs:
    profile: https://vendor.example
  gone:
    profile: betacloud
`;

const at = (home: string) => {
  const folder = join(home, '.config/openstack');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'clouds.yaml'), clouds);
  writeFileSync(join(folder, 'secure.yaml'), 'clouds: {robot: {auth: {password: other-word}}}');
  return folder;
};

it('cloud-list shows the clouds there are, where they stand and which one would be used, without asking any', async ({
  path,
}) => {
  const home = path('home');
  const folder = at(home);
  const [file, secure] = [join(folder, 'clouds.yaml'), join(folder, 'secure.yaml')];
  const env = { OS_CLOUD: 'prod', OS_USERNAME: 'eve', OS_PASSWORD: 's3cr3t-word', OS_REGION_NAME: 'North' };
  const { out, err, code } = await tglance('cloud-list -f json', { home, cwd: home, env });
  const nothing = { auth_url: null, regions: [], user: null, project: null };
  expect(JSON.parse(out)).toEqual([
    {
      name: 'envvars',
      current: false,
      auth_type: 'password',
      auth_url: null,
      regions: ['North'],
      user: 'eve',
      project: null,
      from: ['OS_* variables'],
    },
    {
      name: 'prod',
      current: true,
      auth_type: 'password',
      auth_url: 'https://***@k/v3',
      regions: ['North', 'South'],
      user: 'ann',
      project: 'web',
      from: [file],
    },
    {
      name: 'robot',
      current: false,
      auth_type: 'v3applicationcredential',
      auth_url: 'http://r',
      regions: [],
      user: null,
      project: null,
      from: [secure, file],
    },
    {
      name: 'public',
      current: false,
      auth_type: 'password',
      auth_url: 'https://iam.eu-de.otc.t-systems.com/v3',
      regions: ['eu-de', 'eu-nl'],
      user: 'u1',
      project: 'p1',
      from: [file],
    },
    { name: 'theirs', current: false, auth_type: 'password', ...nothing, from: [file] },
    { name: 'gone', current: false, auth_type: null, ...nothing, from: [file] },
    { name: 'sandbox', current: false, auth_type: null, ...nothing, from: ['built in'] },
  ]);
  expect({ err, code }).toEqual({
    err: 'Cloud gone cannot be used: The profile betacloud is of a cloud that is no more: betacloud.de has ceased business\n',
    code: 0,
  });
});

it('cloud-list is a table, and says of a place without any cloud that there is the sandbox', async ({
  path,
}) => {
  const { out, err, code } = await tglance('cloud-list', { home: path('home'), cwd: path('home') });
  expect({ err, code }).toEqual({ err: '', code: 0 });
  expect(out).toBe(
    `+---------+---------+-----------+----------+---------+------+---------+----------+
| Name    | Current | Auth type | Auth URL | Regions | User | Project | From     |
+---------+---------+-----------+----------+---------+------+---------+----------+
| sandbox |         |           |          |         |      |         | built in |
+---------+---------+-----------+----------+---------+------+---------+----------+
`,
  );
});

it('cloud-list marks the cloud of the variables, the saved one, and none where one would be asked for', async ({
  path,
}) => {
  const home = path('home');
  at(home);
  const marked = async (env: Record<string, string> = {}) => {
    const { out } = await tglance('cloud-list -f json', { home, cwd: home, env });
    const listed: { name: string; current: boolean }[] = JSON.parse(out);
    return listed.filter(({ current }) => current).map(({ name }) => name);
  };
  expect(await marked()).toEqual([]);
  expect(await marked({ OS_AUTH_URL: 'http://k', OS_USERNAME: 'eve', OS_CLOUD_NAME: 'mine' })).toEqual([
    'mine',
  ]);
  await tglance('config-set cloud robot', { home, cwd: home });
  expect(await marked()).toEqual(['robot']);
  expect(await marked({ OS_CLOUD: 'sandbox' })).toEqual(['sandbox']);
});

it('cloud-list names the file and the line that cannot be read', async ({ path }) => {
  const home = path('home');
  const folder = at(home);
  writeFileSync(join(folder, 'clouds.yaml'), 'clouds:\n  prod: [\n');
  const { out, err, code } = await tglance('cloud-list', { home, cwd: home });
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(err).toContain(`${join(folder, 'clouds.yaml')}, line 3: not valid YAML`);
});
