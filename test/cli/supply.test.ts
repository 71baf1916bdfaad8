import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect } from 'vitest';
import { it } from '../support/folder.ts';
import { identity } from '../support/identity.ts';
import { inTurn, reply } from '../support/wire.ts';

const user = { OS_USERNAME: 'demo', OS_PROJECT_ID: 'p1' };
const passwords = (auths: readonly Record<string, unknown>[]) =>
  auths.map(
    ({ identity: it }) => (it as { password?: { user: { password: string } } }).password?.user.password,
  );

/** A program that says what it was told, as a helper has it. */
const helper = (path: (name: string) => string, code: string): string => {
  writeFileSync(path('helper.mjs'), code);
  return path('helper.mjs');
};
const node = `"${process.execPath}"`;
const saying = 'console.log(process.argv.slice(2).join("+") || "said")';

describe('a secret that nobody has set', () => {
  it('is said by a program, which is told what is wanted and for which cloud', async ({ folder, path }) => {
    const service = await identity();
    const program = path('helper');
    writeFileSync(program, '#!/bin/sh\necho "$# $1 $2"\n', { mode: 0o700 });
    const auth = `auth_url: '${service.url}', username: demo, project_id: p1`;
    writeFileSync(path('clouds.yaml'), `clouds: {box: {auth: {${auth}}}}`);
    const env = { OS_AUTH_HELPER: program, OS_CLOUD: 'box', PATH: process.env.PATH ?? '' };
    expect(await service.run(env, { cwd: folder })).toMatchObject({ code: 0, err: '' });
    expect(passwords(service.auths())).toEqual(['2 password box']);
  });

  it('is said by a program with words of its own, which says where it wants to be told', async ({ path }) => {
    const service = await identity();
    const command = `${node} '${helper(path, saying)}' for:{key} "two words" {cloud}`;
    expect(await service.run({ ...user, OS_AUTH_HELPER: command })).toMatchObject({ code: 0, err: '' });
    expect(passwords(service.auths())).toEqual(['for:password+two words+']);
  });

  it.for<[string, string]>([
    ['pass word', 'pass word'],
    [' two\\nlines\\n', ' two\nlines'],
    ['windows\\r\\n', 'windows'],
    ['grün', 'grün'],
  ])(
    'is what the program prints, without the end of its last line: "%s"',
    async ([printed, said], { path }) => {
      const service = await identity();
      const program = helper(path, `process.stdout.write("${printed}")`);
      await service.run({ ...user, OS_AUTH_HELPER: `${node} ${program}` });
      expect(passwords(service.auths())).toEqual([said]);
    },
  );

  it('P23: is not shown, whoever said it', async ({ path }) => {
    const service = await identity({
      'POST /v3/auth/tokens': reply(401, { error: { message: 'not tell-nobody' } }),
    });
    const command = `${node} ${helper(path, 'console.log("tell-nobody")')}`;
    const { err } = await service.run({ ...user, OS_AUTH_HELPER: command }, { words: '--debug image-list' });
    expect(err).toContain('not ***');
    expect(err).not.toContain('tell-nobody');
  });

  it('is asked for once, though the login is made twice; a passcode is asked for anew', async ({ path }) => {
    const again = () => ({ 'GET /image/v2/images': inTurn(reply(401), reply(200, { images: [] })) });
    const program = helper(
      path,
      `import { appendFileSync } from 'node:fs';
       appendFileSync('${path('calls')}', process.argv[2] + ' ');
       console.log('123456');`,
    );
    const env = { ...user, OS_AUTH_HELPER: `${node} ${program} {key}` };
    const service = await identity(again());
    expect(await service.run(env)).toMatchObject({ code: 0 });
    const both = { OS_AUTH_TYPE: 'v3multifactor', OS_AUTH_METHODS: 'v3password,v3totp' };
    expect(await (await identity(again())).run({ ...env, ...both })).toMatchObject({ code: 0 });
    expect(readFileSync(path('calls'), 'utf8')).toBe('password password passcode passcode ');
  });

  it('is not asked for where it is not needed', async ({ path }) => {
    const service = await identity();
    const env = { OS_PASSWORD: 'known', OS_AUTH_HELPER: path('no such program') };
    expect(await service.run({ ...user, ...env })).toMatchObject({ code: 0, err: '' });
  });

  it.for<[string, number, string]>([
    ['/no/such/program', 2, "cannot run '/no/such/program': ENOENT"],
    [`${node} -e process.exit(7) hunter2`, 3, `The auth helper '${process.execPath}' ended with status 7`],
    [`${node} -e process.kill(process.pid)`, 3, 'ended with SIGTERM'],
    [`${node} -e 0`, 3, 'You must provide a password'],
    ["'no end", 2, 'a quotation mark has no end'],
    ['  ', 2, 'not a command'],
  ])('is missing when the program fails: %s', async ([command, expected, message]) => {
    const service = await identity();
    const { code, err } = await service.run({ ...user, OS_AUTH_HELPER: command });
    expect([code, service.asked()]).toEqual([expected, []]);
    expect(err).toContain(message);
    expect(err).not.toContain('hunter2');
  });

  it('cannot be had by a file that names a program', async ({ folder, path }) => {
    const service = await identity();
    const auth = `auth_url: '${service.url}', username: demo, project_id: p1, auth_helper: /bin/ls`;
    writeFileSync(
      path('clouds.yaml'),
      `clouds: {box: {auth: {${auth}}, auth_helper: /bin/ls, password_fd: 0}}`,
    );
    const { code, err } = await service.run({ OS_CLOUD: 'box' }, { cwd: folder });
    expect(code).toBe(3);
    expect(err).toContain('You must provide a password');
  });

  it('P22: is given up when somebody presses Ctrl-C', async ({ path }) => {
    const stop = new AbortController();
    const program = helper(path, 'process.stdin.resume(); setInterval(() => {}, 1000)');
    const service = await identity();
    const outcome = service.run({ ...user, OS_AUTH_HELPER: `${node} ${program}` }, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('interrupted')), 200);
    expect((await outcome).err).toContain('interrupted');
  });
});

describe('--os-password-fd', () => {
  const words = (descriptor: number | string) => `--os-password-fd ${descriptor} image-list`;

  it('takes the first line of a descriptor', async ({ path }) => {
    const service = await identity();
    writeFileSync(path('secret'), 'first line\r\nsecond line\n');
    const descriptor = openSync(path('secret'), 'r');
    expect(await service.run(user, { words: words(descriptor) })).toMatchObject({ code: 0, err: '' });
    expect(passwords(service.auths())).toEqual(['first line']);
  });

  it.for([0, 3])('reads pipe %i', async (descriptor) => {
    const service = await identity();
    const program = join(import.meta.dirname, '../../bin/tglance.js');
    const child = spawn(process.execPath, [program, ...words(descriptor).split(' ')], {
      env: { ...user, OS_AUTH_URL: service.url, HOME: '/nonexistent' },
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    });
    const pipe = child.stdio[descriptor];
    if (pipe && 'write' in pipe) pipe.write('by the pipe\n');
    const [err, [code]] = await Promise.all([child.stderr ? text(child.stderr) : '', once(child, 'close')]);
    expect([code, err]).toEqual([0, '']);
    expect(passwords(service.auths())).toEqual(['by the pipe']);
  });

  it.for<[number | string, string]>([
    [999, '--os-password-fd: cannot read descriptor 999: EBADF'],
    ['x', "'x' is not a number"],
  ])('refuses %s', async ([descriptor, message]) => {
    const service = await identity();
    const { code, err } = await service.run(user, { words: words(descriptor) });
    expect([code, service.asked()]).toEqual([2, []]);
    expect(err).toContain(message);
  });
});
