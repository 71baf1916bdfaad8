import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folder } from './support/disks.ts';
import { type Env, inCloud, refuseSecrets, secretsIn, type Who } from './support/logins.ts';
import { admin, demo } from './support/people.ts';
import { type Ran, start, tglanceCommand } from './support/program.ts';
import { type Forwarded, relay } from './support/relay.ts';
import { endpointOf, type Later, look, newId, revoke } from './support/witness.ts';

/** Somebody at a machine where nothing is kept but what tglance keeps itself. */
async function machine(env: Env, later: Later) {
  const home = await folder(later);
  const tglance = (line: string): Promise<Ran> =>
    start([...tglanceCommand, ...line.split(' ')], { env: { HOME: home, ...env } }).ended;
  const says = async (line: string): Promise<string> => {
    const { code, out, err } = await tglance(line);
    expect({ line, code, err }).toEqual({ line, code: 0, err: '' });
    return out;
  };
  return {
    home,
    tglance,
    says,
    token: async () => (await says('token-issue -f value -c id')).trim(),
    who: async (flags = '') => JSON.parse(await says(`whoami -f json${flags}`)) as Who,
  };
}

/** Where the Image service believes no token that is revoked. */
const strict = async (): Promise<string> => `${await endpointOf(demo)}/strict`;

it('P19: a token that was revoked meanwhile is replaced without a word', async ({
  onTestFinished: later,
}) => {
  const { says, tglance, token } = await machine({ ...demo.env, OS_IMAGE_URL: await strict() }, later);
  await says('image-list');
  const first = await token();
  const warm = await tglance('--debug image-list');
  expect(warm.err).not.toContain('/auth/tokens');
  await revoke(demo, first);
  await says('image-list');
  const second = await token();
  expect(second).not.toBe(first);
  // it holds for the next command, too
  expect(await token()).toBe(second);
});

it('a token of one project is exchanged for one of another', async ({ onTestFinished: later }) => {
  const { who } = await machine(inCloud('roamer'), later);
  expect(await who()).toMatchObject({ project: 'demo', methods: ['password'] });
  const elsewhere = await who(' --os-project-name other');
  expect(elsewhere).toMatchObject({ user: 'roamer', project: 'other', roles: ['reader'] });
  expect([...elsewhere.methods].sort()).toEqual(['password', 'token']);
});

it('P25: what is kept is open to nobody else, and has no password in it', async ({
  onTestFinished: later,
}) => {
  const { home, says } = await machine(admin.env, later);
  await says('image-list');
  const entries = await readdir(join(home, '.cache', 'tglance'), { recursive: true, withFileTypes: true });
  expect(entries.filter((it) => it.isFile())).not.toEqual([]);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    expect([path, (await stat(path)).mode & 0o777]).toEqual([path, entry.isFile() ? 0o600 : 0o700]);
    if (entry.isFile()) expect(await readFile(path, 'utf8')).not.toContain(admin.login.password);
  }
});

it('P18: a token that dies between the record and the data loses nothing', async ({
  onTestFinished: later,
}) => {
  const data = randomBytes(3 * 1024 * 1024);
  const file = join(await folder(later), 'disk');
  await writeFile(file, data);
  const id = newId(demo, later);
  const dead: string[] = [];
  const beforeData = async ({ method, url, headers }: Forwarded) => {
    if (method !== 'PUT' || !url.endsWith('/file') || dead.length > 0) return;
    dead.push(String(headers['x-auth-token']));
    await revoke(demo, dead[0] ?? '');
  };
  const endpoint = await relay(await strict(), beforeData, later);
  const { says } = await machine({ ...demo.env, OS_IMAGE_URL: endpoint }, later);
  await says(`image-create --id ${id} --disk-format raw --container-format bare --file ${file}`);
  expect(dead).toHaveLength(1);
  expect(await look(demo, id)).toMatchObject({
    status: 'active',
    size: data.length,
    os_hash_value: createHash('sha512').update(data).digest('hex'),
  });
});

it('P23: a token that is shown on purpose is shown nowhere else', async ({ onTestFinished: later }) => {
  const { tglance } = await machine(demo.env, later);
  const { code, out, err } = await tglance('--debug token-issue -f value -c id');
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^gAAAAA\S+\n$/) });
  refuseSecrets(err, secretsIn(demo.env));
});
