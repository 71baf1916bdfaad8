import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { cut, on, slow } from '../../src/sandbox/faults.ts';
import { it, startCloud, type TestCloud } from '../support/cloud.ts';
import { qcow2Compressed, vmdkImage } from '../support/disk-images.ts';
import { tglance } from '../support/tglance.ts';

const program = join(import.meta.dirname, '../../bin/tglance.js');
const MiB = 1024 * 1024;
const bytes = randomBytes(3_000_000);
const formats = ['--disk-format', 'raw', '--container-format', 'bare'];

function start(words: readonly string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [program, ...words], {
    env: { HOME: '/nonexistent', ...env, PATH: process.env.PATH ?? '' },
  });
  child.stdin?.on('error', () => {}); // a child that is killed takes no more
  return child;
}

async function ended(child: ChildProcess): Promise<{ out: string; err: string; code: number }> {
  const [out = '', err = '', [code]] = await Promise.all([
    child.stdout && !child.stdout.destroyed ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'close'),
  ]);
  return { out, err, code };
}

const statuses = (cloud: TestCloud) => cloud.json<{ status: string }[]>('image-list');

/** Waits until the cloud says so, for what another process does. */
async function until(true_: () => Promise<boolean> | boolean): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    if (await true_()) return;
    await sleep(25);
  }
  throw new Error('it never came to that');
}

it('twenty cold commands at once log in once or twice', async ({ path }) => {
  let logins = 0;
  const counting = on('POST /v3/auth/tokens', (next) => (request) => {
    logins += 1;
    return next(request);
  });
  const cloud = await startCloud({ dir: path('cloud'), faults: [counting] });
  const env = { ...cloud.env, XDG_CACHE_HOME: path('cache') };
  const all = await Promise.all(Array.from({ length: 20 }, () => ended(start(['image-list'], env))));
  await cloud.stop();
  expect(all.map(({ code, err }) => [code, err])).toEqual(Array(20).fill([0, '']));
  expect(logins).toBeLessThanOrEqual(2);
});

it('P23: a password on the command line is out of the process list while the command runs', async ({
  path,
}) => {
  const cloud = await startCloud({ dir: path('cloud'), faults: [on('POST /v3/auth/tokens', slow(60_000))] });
  const { OS_PASSWORD = '', ...env } = cloud.env;
  const child = start([`--os-passw=${OS_PASSWORD}`, 'image-list'], env);
  const line = () => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8');
  await until(() => /^tglance/.test(line()));
  expect(line()).not.toContain(OS_PASSWORD);
  child.kill();
  await ended(child);
  await cloud.stop();
});

it('what is written down at build time is what the program says', async () => {
  const whole = [[], ['--help'], ['-h'], ['help'], ['--version']];
  const one = [
    ['image-list', '--help'],
    ['help', 'md-tag-list'],
    ['help', 'help'],
    ['usage', '-h'],
  ];
  for (const words of [...whole, ...one]) {
    expect(await ended(start(words, {}))).toMatchObject({
      err: '',
      code: 0,
      out: (await tglance(words)).out,
    });
  }
});

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('P22: %s', (signal, code) => {
  it('in an upload ends it, and leaves neither an active image nor a record', async ({ cloud }) => {
    const child = start(['image-create', '--name', 'one', ...formats], cloud.env);
    child.stdin?.write(bytes);
    await until(async () => (await statuses(cloud)).some(({ status }) => status === 'saving'));
    child.kill(signal);
    const { out, err, code: ended_ } = await ended(child);
    expect({ out, err, code: ended_ }).toEqual({ out: '', err: '', code });
    await until(async () => (await statuses(cloud)).length === 0);
  });

  it('in a download leaves no file', async ({ folder, path }) => {
    const { cloud, child } = await slowDownload(path, folder);
    child.kill(signal);
    expect(await ended(child)).toEqual({ out: '', err: '', code });
    expect(readdirSync(folder).sort()).toEqual(['cloud', 'disk']);
    await cloud.stop();
  });

  it('that comes twice, as from timeout(1), leaves no file of a download either', async ({
    folder,
    path,
  }) => {
    const { cloud, child } = await slowDownload(path, folder);
    const again = setInterval(() => child.kill(signal), 1);
    const { out, err } = await ended(child);
    clearInterval(again);
    expect({ out, err }).toEqual({ out: '', err: '' });
    expect(child.exitCode ?? constants.signals[child.signalCode ?? signal] + 128).toBe(code);
    expect(readdirSync(folder).sort()).toEqual(['cloud', 'disk']);
    await cloud.stop();
  });
});

/** A download in another process that has begun its file in the folder, and takes a while. */
async function slowDownload(path: (name: string) => string, folder: string) {
  const cloud = await startCloud({ dir: path('cloud'), faults: [on('GET /v2/images/:id/file', slow(50))] });
  writeFileSync(path('disk'), bytes);
  await cloud.run(['image-create', '--name', 'one', ...formats, '--file', path('disk')]);
  const child = start(['image-download', 'one', '--file', path('copy')], cloud.env);
  await until(() => readdirSync(folder).length > 2);
  return { cloud, child };
}

it('P22: Ctrl-C in an upload to the sandbox in this process leaves no record either', async ({ folder }) => {
  const env = { HOME: folder, OS_CLOUD: 'sandbox' };
  const statusesAtHome = async () =>
    (await tglance('image-list -f value -c Status', { home: folder, env })).out.trim();
  const child = start(['image-create', '--name', 'one', ...formats], env);
  child.stdin?.write(bytes);
  await until(async () => (await statusesAtHome()) === 'saving');
  child.kill('SIGINT');
  expect(await ended(child)).toEqual({ out: '', err: '', code: 130 });
  expect(await statusesAtHome()).toBe('');
});

it('P22: a pipe that is closed ends a list without a word', async ({ cloud }) => {
  const child = start(['image-list'], cloud.env);
  child.stdout?.destroy();
  expect(await ended(child)).toMatchObject({ err: '', code: 0 });
});

it('P9: a pipe that is closed ends a download without a word, and not as if all were well', async ({
  cloud,
  path,
}) => {
  writeFileSync(path('disk'), bytes);
  await cloud.run(['image-create', '--name', 'one', ...formats, '--file', path('disk')]);
  const child = start(['image-download', 'one'], cloud.env);
  child.stdout?.once('data', () => child.stdout?.destroy());
  const [code] = await once(child, 'close');
  expect(code).toBe(141);
});

it('a pipe that is closed ends a conversion without a word, though threads unpack for it', async ({
  path,
}) => {
  writeFileSync(path('packed'), qcow2Compressed(Buffer.alloc(20 * MiB, 'The quick brown fox')));
  const child = start(['file-convert', path('packed'), '-'], {});
  child.stdout?.once('data', () => child.stdout?.destroy());
  const [err, [code]] = await Promise.all([child.stderr && text(child.stderr), once(child, 'close')]);
  expect([err, code]).toEqual(['', 141]);
});

it('P2: a conversion that is stopped while the map of a huge disk is gone through leaves nothing', async ({
  path,
  folder,
}) => {
  writeFileSync(path('huge'), hugeVmdk());
  truncateSync(path('huge'), 16 * MiB);
  const child = start(['file-convert', path('huge'), path('raw.qcow2')], {});
  await until(() => readdirSync(folder).length === 2);
  child.kill('SIGTERM');
  expect(await ended(child)).toMatchObject({ code: 143 });
  expect(readdirSync(folder)).toEqual(['huge']);
});

/** The beginning of a disk of 60 TiB without any data, whose directory stands at its first MiB. */
function hugeVmdk(): Buffer {
  const image = vmdkImage(Buffer.alloc(512), 'monolithicSparse');
  image.writeBigUInt64LE(60n * 2n ** 31n, 12);
  image.writeBigUInt64LE(2048n, 56);
  return image;
}

it('P9: a download that breaks again and again prints every byte once', async ({ path }) => {
  const cloud = await startCloud({
    dir: path('cloud'),
    faults: [on('GET /v2/images/:id/file', cut(1_000_000))],
  });
  writeFileSync(path('disk'), bytes);
  await cloud.run(['image-create', '--name', 'one', ...formats, '--file', path('disk')]);
  const { bytes: printed, code } = await cloud.run('image-download one');
  expect(code).toBe(0);
  expect(bytes.equals(printed)).toBe(true);
  await cloud.stop();
});

it('P20: a full disk under standard output is one line and no success', async ({ cloud }) => {
  const full = spawn('sh', ['-c', `exec "${process.execPath}" "${program}" image-list > /dev/full`], {
    env: { HOME: '/nonexistent', ...cloud.env, PATH: process.env.PATH ?? '' },
  });
  const { err, code } = await ended(full);
  expect(code).toBe(1);
  expect(err).toMatch(/^Cannot write the output: ENOSPC.*\n$/);
});

it('P26: no home, no cache and no data directory break nothing', async ({ cloud }) => {
  expect(await ended(start(['image-list'], { ...cloud.env, HOME: '/nonexistent' }))).toMatchObject({
    err: '',
    code: 0,
  });
});

it('P26: a home in which nothing can be made is named, and does not hold the program for ever', async () => {
  const { err, code } = await ended(start(['--os-cloud', 'sandbox', 'image-list'], { HOME: '/proc' }));
  expect(code).toBe(2);
  expect(err).toContain('Cannot make the folder /proc/.local');
});

describe('sandbox-start', () => {
  it('serves a cloud, prints how to reach it, and ends within two seconds', async ({ folder, path }) => {
    const file = path('clouds.yaml');
    const words = ['sandbox-start', '--dir', path('box'), '--write-clouds-yaml', file];
    const child = start(words, { HOME: folder });
    await until(() => existsSync(file));
    const around = { cwd: folder };
    expect((await tglance('--os-cloud sandbox-server image-create --name here', around)).code).toBe(0);
    expect((await tglance('--os-cloud sandbox-server image-list -f value -c Name', around)).out).toBe(
      'here\n',
    );
    child.kill('SIGTERM');
    const { out, code } = await ended(child);
    expect(code).toBe(143);
    expect(out).toMatch(/^export OS_AUTH_URL=http:\/\/127\.0\.0\.1:\d+\/v3$/m);
    expect(readFileSync(file, 'utf8')).toContain('sandbox-server');
  });
});
