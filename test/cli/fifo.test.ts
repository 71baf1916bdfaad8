import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { it } from '../support/cloud.ts';

const program = join(import.meta.dirname, '../../bin/tglance.js');

/** In a process of its own: what waits for a FIFO hears no signal but SIGKILL. */
async function run(home: string, words: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, ...words], {
    env: { HOME: home, PATH: process.env.PATH ?? '', ...env },
    cwd: home,
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  child.stdin.end();
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { out, err, code };
}

const box = ['--os-cloud', 'sandbox', 'image-list'];

it.for(['.config/tglance/config.json', 'clouds.yaml', '.config/openstack/clouds.yaml', 'secure.yaml'])(
  'a FIFO in place of ~/%s does not hang a command',
  async (place, { path }) => {
    mkdirSync(path('.config/tglance'), { recursive: true });
    mkdirSync(path('.config/openstack'), { recursive: true });
    execFileSync('mkfifo', [path(place)]);
    expect(await run(path(''), box)).toMatchObject({ code: 0 });
    expect((await run(path(''), ['--debug', ...box])).err).toContain(
      `${place} is passed over: no regular file`,
    );
  },
);

it('a FIFO in place of what config-set saves is refused', async ({ path }) => {
  mkdirSync(path('.config/tglance'), { recursive: true });
  execFileSync('mkfifo', [path('.config/tglance/config.json')]);
  const { err, code } = await run(path(''), ['config-set', 'format', 'json']);
  expect(code).toBe(1);
  expect(err).toContain('is no regular file, and nothing is saved in it');
});

it('a FIFO in place of a file of the cache does not hang a command', async ({ cloud, path }) => {
  mkdirSync(path('home'));
  expect(await run(path('home'), ['image-list'], cloud.env)).toMatchObject({ code: 0 });
  const folder = path('home/.cache/tglance/tokens');
  const names = readdirSync(folder);
  expect(names).not.toEqual([]);
  for (const name of names) {
    rmSync(join(folder, name));
    execFileSync('mkfifo', ['-m', '600', join(folder, name)]);
  }
  expect(await run(path('home'), ['image-list'], cloud.env)).toMatchObject({ err: '', code: 0 });
});

it('clouds.yaml may still be a pipe where somebody says so', ({ path }) => {
  const yaml = 'clouds: {piped: {auth: {auth_url: "http://127.0.0.1:1"}}}';
  const env = { OS_CLIENT_CONFIG_FILE: '/dev/stdin', HOME: path(''), PATH: process.env.PATH };
  const line = 'printf "%s" "$1" | "$2" "$3" cloud-list';
  const out = execFileSync('sh', ['-c', line, 'sh', yaml, process.execPath, program], {
    env,
    encoding: 'utf8',
  });
  expect(out).toContain('piped');
});
