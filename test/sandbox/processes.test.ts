import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { freshSandbox, inProcess, jsonOf, logIn, made, overPort, voice, voices } from './talk.ts';

const images = '/image/v2/images';
const formats = { disk_format: 'raw', container_format: 'bare' };

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}

/** A process that serves the sandbox in `dir`, with no umask to hide behind. */
async function server(dir: string) {
  const script = join(import.meta.dirname, 'serve-child.ts');
  const child = spawn(
    'sh',
    ['-c', 'umask 0; exec "$@"', 'sh', process.execPath, '--import', 'tsx', script, dir],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  const [line] = await once(child.stdout, 'data');
  const { url, credentials } = JSON.parse(String(line)) as {
    url: string;
    credentials: Sandbox['credentials'];
  };
  return { url, kill, ...(await voices(credentials, overPort(url))) };
}

const left = (dir: string) =>
  ['incoming', 'staging', 'fast', 'cheap'].flatMap((place) => readdirSync(join(dir, place)));

it('lets several processes work on one folder at once, and loses nothing that they do', async () => {
  const dir = await folder();
  const [one, two] = await Promise.all([server(dir), server(dir)]);
  const id = await made(one.demo);
  const tags = Array.from({ length: 100 }, (_, at) => `tag${at}`);
  await Promise.all(
    tags.map((tag, at) => (at % 2 === 0 ? one : two).demo('PUT', `${images}/${id}/tags/${tag}`)),
  );
  const image = jsonOf<{ tags: string[] }>(await two.demo('GET', `${images}/${id}`));
  expect(new Set(image.tags)).toEqual(new Set(tags));
  const { sandbox } = await freshSandbox({ dir });
  const secret = await logIn(overPort(one.url), sandbox.credentials.demo);
  const here = voice(inProcess(sandbox), secret);
  expect(jsonOf(await here('GET', `${images}/${id}`))).toEqual(image);
});

it.each([
  ['file', 'saving'],
  ['stage', 'uploading'],
] as const)(
  'P42: a server that is killed in the middle of PUT …/%s leaves a queued image and no file',
  async (kind, meanwhile) => {
    const dir = await folder();
    const { url, kill, demo } = await server(dir);
    const id = await made(demo, formats);
    const { credentials } = await peek(dir);
    const token = await logIn(overPort(url), credentials.demo);
    const headers = { 'x-auth-token': token, 'content-type': 'application/octet-stream' };
    const upload = request(`${url}${images}/${id}/${kind}`, { method: 'PUT', headers });
    upload.on('error', () => undefined);
    upload.write(Buffer.alloc(1024 * 1024));
    while (left(dir).length === 0) await wait(5);
    expect(jsonOf(await demo('GET', `${images}/${id}`)).status).toBe(meanwhile);
    await kill();
    const { demo: later } = await freshSandbox({ dir });
    expect(jsonOf(await later('GET', `${images}/${id}`))).toMatchObject({
      status: 'queued',
      size: null,
      checksum: null,
    });
    expect(left(dir)).toEqual([]);
    expect((await later('PUT', `${images}/${id}/file`, { bytes: [Buffer.from('again')] })).status).toBe(204);
  },
);

/** What a second opening sees; it must not disturb the upload of a process that lives. */
async function peek(dir: string): Promise<Pick<Sandbox, 'credentials'>> {
  const sandbox = await createSandbox({ dir });
  await sandbox.close();
  return sandbox;
}

it('leaves alone what a living process is still taking in', async () => {
  const dir = await folder();
  const { sandbox, demo } = await freshSandbox({ dir });
  const id = await made(demo, formats);
  const data = (async function* () {
    yield Buffer.from('first ');
    const other = await server(dir);
    expect(jsonOf(await other.demo('GET', `${images}/${id}`)).status).toBe('saving');
    yield Buffer.from('second');
  })();
  expect((await demo('PUT', `${images}/${id}/file`, { bytes: data })).status).toBe(204);
  const again = voice(inProcess(sandbox), await logIn(inProcess(sandbox), sandbox.credentials.demo));
  expect((await again('GET', `${images}/${id}/file`)).bytes.toString()).toBe('first second');
});

it('P42: files are 0600 in folders that are 0700, whatever the umask', async () => {
  const dir = await folder();
  const { demo } = await server(dir);
  const id = await made(demo, formats);
  await demo('PUT', `${images}/${id}/file`, { bytes: [Buffer.from('x')] });
  const modes = readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => {
    const entry = lstatSync(join(dir, name));
    return [entry.isDirectory() ? 'folder' : 'file', (entry.mode & 0o777).toString(8)].join(' ');
  });
  expect(new Set(modes)).toEqual(new Set(['folder 700', 'file 600']));
  expect(lstatSync(dir).mode & 0o777).toBe(0o700);
});

it('P42: names of files say nothing of ids, and records hold no token', async () => {
  const dir = await folder();
  const { sandbox, demo } = await freshSandbox({ dir });
  const id = await made(demo, formats);
  await demo('PUT', `${images}/${id}/file`, { bytes: [Buffer.from('x')] });
  expect(left(dir)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  const secret = await logIn(inProcess(sandbox), sandbox.credentials.demo);
  expect(readFileSync(join(dir, 'records.mdb')).includes(secret)).toBe(false);
});

it('P42: takes over no folder with other files, and follows no link', async () => {
  const dir = await folder();
  await writeFile(join(dir, 'thesis.txt'), 'x');
  await expect(createSandbox({ dir })).rejects.toThrow('holds other files and cannot be a sandbox');
  const other = await folder();
  await symlink(join(dir, 'thesis.txt'), join(other, 'records.mdb'));
  await expect(createSandbox({ dir: other })).rejects.toThrow('ELOOP');
  expect(readFileSync(join(dir, 'thesis.txt'), 'utf8')).toBe('x');
});

it('keeps passwords and images from one opening to the next, and makes others for another cloud', async () => {
  const dir = await folder();
  const first = await createSandbox({ dir });
  const demo = voice(inProcess(first), await logIn(inProcess(first), first.credentials.demo));
  const id = await made(demo);
  await first.close();
  const { sandbox, demo: later } = await freshSandbox({ dir });
  expect(sandbox.credentials).toEqual(first.credentials);
  expect((await later('GET', `${images}/${id}`)).status).toBe(200);
  const { sandbox: foreign } = await freshSandbox();
  const passwords = [...Object.values(sandbox.credentials), ...Object.values(foreign.credentials)].map(
    (it) => it.password,
  );
  expect(new Set(passwords).size).toBe(6);
});

it('says in one line why a folder cannot be opened', async () => {
  for (const records of ['x', 'x'.repeat(8192)]) {
    const dir = await folder();
    await writeFile(join(dir, 'records.mdb'), records);
    await expect(createSandbox({ dir })).rejects.toThrow(`${dir}/records.mdb holds no records of a sandbox`);
  }
  const nowhere = createSandbox({ dir: '/dev/null/x' });
  await expect(nowhere).rejects.toThrow(/^Cannot .* \/dev\/null\/x: ENOTDIR/);
});
