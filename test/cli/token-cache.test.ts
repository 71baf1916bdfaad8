import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { on } from '../../src/sandbox/faults.ts';
import { startCloud, type TestCloud } from '../support/cloud.ts';
import { it as inFolder } from '../support/folder.ts';
import type { Outcome } from '../support/tglance.ts';

interface Counted extends TestCloud {
  /** How often somebody logged in, and asked for a list. */
  readonly count: { logins: number; lists: number };
}

/** A test with a cloud that counts, a home, and the program run at that home. */
const it = inFolder.extend<{
  cloud: Counted;
  home: string;
  run: (words: string, env?: Record<string, string>) => Promise<Outcome>;
}>({
  cloud: async ({ path }, use) => {
    const count = { logins: 0, lists: 0 };
    const counting =
      (name: keyof typeof count) => (next: (request: never) => unknown) => (request: never) => {
        count[name] += 1;
        return next(request);
      };
    const faults = [
      on('POST /v3/auth/tokens', counting('logins') as never),
      on('GET /v2/images', counting('lists') as never),
    ];
    const cloud = await startCloud({ dir: path('cloud'), faults });
    await use({ ...cloud, count });
    await cloud.stop();
  },
  home: async ({ path }, use) => {
    mkdirSync(path('home'));
    await use(path('home'));
  },
  run: async ({ cloud, home }, use) => use((words, env = {}) => cloud.run(words, { home, env })),
});

const folderOf = (home: string) => join(home, '.cache/tglance/tokens');
const filesOf = (home: string) => readdirSync(folderOf(home)).map((name) => join(folderOf(home), name));

it('a command after another is one request', async ({ cloud, run }) => {
  expect(await run('image-list')).toMatchObject({ code: 0, err: '' });
  expect(cloud.count).toEqual({ logins: 1, lists: 1 });
  expect(await run('image-list')).toMatchObject({ code: 0, err: '' });
  expect(cloud.count).toEqual({ logins: 1, lists: 2 });
});

it('--no-cache logs in anew and keeps nothing', async ({ cloud, run, home }) => {
  await run('--no-cache image-list');
  await run('--no-cache image-list');
  expect(cloud.count.logins).toBe(2);
  expect(readdirSync(home)).toEqual([]);
});

describe('P19: a kept token is used', () => {
  it('for the same login only', async ({ cloud, run }) => {
    await run('image-list');
    const { OS_AUTH_URL: url = '' } = cloud.env;
    const { username, password, projectName } = cloud.sandbox.credentials.other;
    const other = { OS_USERNAME: username, OS_PASSWORD: password, OS_PROJECT_NAME: projectName };
    const logins: [Record<string, string>, number][] = [
      [other, 0],
      [{ OS_REGION_NAME: 'Elsewhere' }, 3],
      [{ OS_AUTH_URL: url.replace('127.0.0.1', 'localhost') }, 0],
      [{ OS_AUTH_TYPE: 'v3password' }, 0],
    ];
    for (const [index, [env, code]] of logins.entries()) {
      expect(await run('image-list', env)).toMatchObject({ code });
      expect([index, cloud.count.logins]).toEqual([index, index + 2]);
    }
    await run('image-list');
    expect(cloud.count.logins).toBe(logins.length + 1);
  });

  it('not by somebody with another password', async ({ cloud, run }) => {
    await run('image-list');
    expect(await run('image-list', { OS_PASSWORD: 'wrong' })).toMatchObject({ code: 3, out: '' });
    expect(cloud.count.logins).toBe(2);
    expect(await run('image-list')).toMatchObject({ code: 0 });
    expect(cloud.count.logins).toBe(2);
  });

  it('without asking for the password again', async ({ cloud, run, home }) => {
    await run('image-list');
    const { OS_PASSWORD, ...env } = cloud.env;
    expect(await cloud.run('image-list', { home, env: { ...env, OS_PASSWORD: '' } })).toMatchObject({
      code: 0,
    });
    expect(cloud.count.logins).toBe(1);
  });

  it('until it is refused; then another takes its place without a word', async ({ cloud, run, home }) => {
    await run('image-list');
    const [file = ''] = filesOf(home);
    const entry = JSON.parse(readFileSync(file, 'utf8'));
    const { OS_AUTH_URL: url = '' } = cloud.env;
    const token = entry.pass.token;
    const revoked = await fetch(`${url}/auth/tokens`, {
      method: 'DELETE',
      headers: { 'x-auth-token': token, 'x-subject-token': token },
    });
    expect(revoked.status).toBe(204);
    expect(await run('image-list')).toMatchObject({ code: 0, err: '' });
    expect(cloud.count.logins).toBe(2);
    await run('image-list');
    expect(cloud.count).toEqual({ logins: 2, lists: 4 });
  });

  it('until it is about to expire', async ({ cloud, run, home }) => {
    await run('image-list');
    const [file = ''] = filesOf(home);
    const entry = JSON.parse(readFileSync(file, 'utf8'));
    entry.pass.issued = Date.now() - 3_500_000;
    entry.pass.expires = Date.now() + 100_000;
    writeFileSync(file, JSON.stringify(entry));
    await run('image-list');
    expect(cloud.count.logins).toBe(2);
  });
});

it('many commands at once log in once', async ({ cloud, run }) => {
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => run('image-list')));
  expect(outcomes.map(({ code }) => code)).toEqual(Array(20).fill(0));
  expect(cloud.count).toEqual({ logins: 1, lists: 20 });
});

it('nobody waits for a process that died while it logged in', async ({ cloud, run, home }) => {
  await run('image-list');
  const [file = ''] = filesOf(home);
  writeFileSync(file, '');
  writeFileSync(`${file}.lock`, '999999999', { mode: 0o600 });
  expect(await run('image-list')).toMatchObject({ code: 0, err: '' });
  expect(cloud.count.logins).toBe(2);
  expect(filesOf(home)).toEqual([file]);
});

describe('P25: what is kept', () => {
  it('is for its owner alone, and holds no password', async ({ cloud, run, home }) => {
    const mask = process.umask(0);
    await run('image-list');
    process.umask(mask);
    const [file = '', ...others] = filesOf(home);
    expect(others).toEqual([]);
    expect(statSync(folderOf(home)).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(cloud.env.OS_PASSWORD);
  });

  it.for([0o644, 0o620])(
    'is not believed when others could have read or written it: %o',
    async (mode, { cloud, run, home }) => {
      await run('image-list');
      for (const file of filesOf(home)) chmodSync(file, mode);
      await run('image-list');
      expect(cloud.count.logins).toBe(2);
      for (const file of filesOf(home)) expect(statSync(file).mode & 0o777).toBe(0o600);
    },
  );

  it.for(['.cache/tglance', '.cache/tglance/tokens'])(
    'lies in a folder that is closed where it was open to everybody: %s',
    async (place, { cloud, run, home }) => {
      await run('image-list');
      chmodSync(join(home, place), 0o777);
      expect(await run('image-list')).toMatchObject({ code: 0, err: '' });
      expect(statSync(join(home, place)).mode & 0o777).toBe(0o700);
      expect(cloud.count.logins).toBe(1);
    },
  );

  it.for(['.cache/tglance', '.cache/tglance/tokens'])(
    'is ignored in a folder that belongs to somebody else: %s',
    async (place, { cloud, run, home, skip }) => {
      skip(process.getuid?.() !== 0, 'only root can give folders away');
      await run('image-list');
      const before = filesOf(home).map((file) => readFileSync(file, 'utf8'));
      chownSync(join(home, place), 12345, 12345);
      expect(await run('image-list')).toMatchObject({ code: 0, err: '' });
      expect(cloud.count.logins).toBe(2);
      expect(filesOf(home).map((file) => readFileSync(file, 'utf8'))).toEqual(before);
    },
  );

  it('is not written where a link leads', async ({ cloud, run, home, path }) => {
    mkdirSync(path('elsewhere'));
    mkdirSync(join(home, '.cache/tglance'), { recursive: true });
    symlinkSync(path('elsewhere'), folderOf(home));
    expect(await run('image-list')).toMatchObject({ code: 0, err: '' });
    await run('image-list');
    expect(readdirSync(path('elsewhere'))).toEqual([]);
    expect(cloud.count.logins).toBe(2);
  });
});

it('a kept login without the endpoint is replaced once before that is said', async ({ cloud, run }) => {
  const wish = { OS_INTERFACE: 'nowhere' };
  await run('image-list');
  expect(await run('image-list', wish)).toMatchObject({ code: 3 });
  expect(cloud.count.logins).toBe(2);
});

describe('P26: a command works although', () => {
  it.for(['', '{', '[]', 'null', '{"pass":{}}', '{"pass":null}', '"text"', '{"__proto__":{"pass":1}}'])(
    'what is kept has become %j',
    async (text, { cloud, run, home }) => {
      await run('image-list');
      for (const file of filesOf(home)) writeFileSync(file, text);
      expect(await run('image-list')).toMatchObject({ code: 0, err: '' });
      expect(await run('image-list')).toMatchObject({ code: 0, err: '' });
      expect(cloud.count.logins).toBe(2);
    },
  );

  it.for<[string, (pass: { token: string; catalog: unknown }) => void]>([
    ['is older than a service', (pass) => Object.assign(pass, { catalog: [] })],
    ['is damaged', (pass) => Object.assign(pass, { catalog: [null, { type: 'image', endpoints: 5 }, 'x'] })],
    ['has a token that no header can hold', (pass) => Object.assign(pass, { token: `a\r\nb\u0000` })],
    ['has no token', (pass) => Object.assign(pass, { token: '' })],
  ])('a login that is kept %s', async ([_what, spoil], { cloud, run, home }) => {
    await run('image-list');
    for (const file of filesOf(home)) {
      const entry = JSON.parse(readFileSync(file, 'utf8'));
      spoil(entry.pass);
      writeFileSync(file, JSON.stringify(entry));
    }
    expect(await run('image-list')).toMatchObject({ code: 0, err: '' });
    expect(cloud.count.logins).toBe(2);
    expect(await run('image-list')).toMatchObject({ code: 0, err: '' });
    expect(cloud.count.logins).toBe(2);
  });

  it('nothing can be kept', async ({ cloud, run, home }) => {
    writeFileSync(join(home, '.cache'), 'not a folder');
    expect(await run('image-list')).toMatchObject({ code: 0, err: '' });
    expect(await run('image-list')).toMatchObject({ code: 0, err: '' });
    expect(cloud.count.logins).toBe(2);
  });
});
