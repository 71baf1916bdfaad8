import { lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cloudFolder, demo } from './support/people.ts';
import { type Ran, start, tglanceCommand } from './support/program.ts';
import { make } from './support/witness.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tglance-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

/** Runs the program in an empty home, beside the clouds.yaml of the cloud. */
const run = (line: string, env: Record<string, string> = {}): Promise<Ran> =>
  start([...tglanceCommand, ...line.split(' ')], {
    env: { HOME: home, OS_CLIENT_CONFIG_FILE: join(cloudFolder, 'clouds.yaml'), ...env },
  }).ended;

const json = async (line: string, env?: Record<string, string>) =>
  JSON.parse((await run(`${line} -f json`, env)).out);

it('a cloud that is saved is the one that is used, until another is named', async () => {
  expect((await run('whoami')).err).toMatch(/^Choose a cloud with --os-cloud or OS_CLOUD: /);
  expect(await run('config-set cloud demo')).toMatchObject({ code: 0, out: '', err: '' });
  expect(await json('whoami')).toMatchObject({ cloud: 'demo', user: 'demo', project: 'demo' });
  expect(await json('--os-cloud other whoami')).toMatchObject({ user: 'other' });
  expect(await json('whoami', { OS_CLOUD: 'admin' })).toMatchObject({ user: 'admin' });
  expect(await json('whoami', { ...demo.env, OS_USERNAME: 'demo' })).toMatchObject({ cloud: null });
  expect(lstatSync(join(home, '.config/tglance/config.json')).mode & 0o777).toBe(0o600);
});

it('a list has the columns that are saved for it', async ({ onTestFinished: later }) => {
  const { id } = await make(demo, later, { name: 'saved' });
  await run('config-set cloud demo');
  await run('config-set columns.image-list name,status');
  await run('config-set format csv');
  expect((await run(`image-list --property-filter id=${id}`)).out).toBe(
    '"Name","Status"\n"saved","queued"\n',
  );
});

it('P23: neither the clouds nor the settings are listed with what is secret', async () => {
  const listed = await run('cloud-list');
  expect(listed).toMatchObject({ code: 0, err: '' });
  expect(listed.out).toMatch(/^\| demo +\| +\| password +\| http:/m);
  const settings = await run('--os-cloud demo config-list --debug');
  expect(settings.out).toMatch(/\| password +\| \*\*\* /);
  expect(listed.out + settings.out + settings.err).not.toContain(demo.login.password);
});
