import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { TglanceError, UsageError } from '../../src/errors.ts';
import { fileSink, streamSink } from '../../src/transfer/sink.ts';
import { it } from '../support/folder.ts';
import { run, runAfter } from './child.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

async function write(path: string, ...chunks: string[]): Promise<void> {
  const sink = await fileSink(path);
  for (const chunk of chunks) await sink.write(bytes(chunk));
  await sink.finish();
}

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

it('P1: gives a file its name only when it is finished', async ({ folder, path }) => {
  writeFileSync(path('a'), 'old');
  const sink = await fileSink(path('a'));
  await sink.write(bytes('n'));
  await sink.write(bytes('ew'));
  expect(readFileSync(path('a'), 'utf8')).toBe('old');
  await sink.finish();
  expect(readFileSync(path('a'), 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['a']);
});

it('P2: leaves nothing when it is abandoned, at whatever moment', async ({ folder, path }) => {
  const early = await fileSink(path('a'));
  await early.abandon();
  const late = await fileSink(path('a'));
  await late.write(bytes('abc'));
  const finishing = late.finish();
  await late.abandon();
  await finishing;
  await late.abandon();
  expect(readdirSync(folder)).toEqual([]);
});

it('takes nothing more once it has ended', async ({ path }) => {
  const sink = await fileSink(path('a'));
  await sink.abandon();
  expect(() => sink.write(bytes('a'))).toThrow(new TglanceError(`Cannot write ${path('a')}: it is closed`));
});

it('P2: removes what a killed run has left, and only that', async ({ folder, path }) => {
  const killed = run('hang', path('a'));
  await once(killed.stdout, 'data');
  killed.kill('SIGKILL');
  await killed.done;
  expect(readdirSync(folder)).toHaveLength(1);

  const running = run('hang', path('a'));
  await once(running.stdout, 'data');
  const left = readdirSync(folder); // by a run that goes on: the killed one's is gone
  expect(left).toHaveLength(1);
  const alike = [`.a.${killed.pid}.part`, `.b.${killed.pid}.${'0'.repeat(32)}.part`, 'a.part'];
  for (const name of alike) writeFileSync(path(name), '');
  mkdirSync(path(`.a.${killed.pid}.${'1'.repeat(32)}.part`));

  await write(path('a'), 'new');
  expect(readdirSync(folder).sort()).toEqual(
    ['a', ...alike, ...left, `.a.${killed.pid}.${'1'.repeat(32)}.part`].sort(),
  );
  running.stdin.end();
  await running.done;
});

it('P2: removes what an earlier process of the same number has left, not what this one writes', async ({
  folder,
  path,
}) => {
  const sink = await fileSink(path('a'));
  const [own = ''] = readdirSync(folder);
  const earlier = own.replace(/[0-9a-f]{32}/, '0'.repeat(32));
  writeFileSync(path(earlier), '');
  utimesSync(path(earlier), 1, 1);
  await write(path('a'), 'one');
  expect(readdirSync(folder).sort()).toEqual([own, 'a'].sort());
  await sink.write(bytes('two'));
  await sink.finish();
  expect(readFileSync(path('a'), 'utf8')).toBe('two');
});

it('P4: writes under a name that nobody can guess', async ({ folder, path }) => {
  const [one, two] = [await fileSink(path('a')), await fileSink(path('a'))];
  const names = readdirSync(folder);
  expect(names).toHaveLength(2);
  for (const name of names) expect(name).toMatch(/^\.a\.\d+\.[0-9a-f]{32}\.part$/);
  await one.abandon();
  await two.abandon();
});

it('P4: gives a new file the mode that the umask leaves', async ({ path }) => {
  expect((await runAfter('umask 027', 'write', path('a'), '1').done).code).toBe(0);
  expect(modeOf(path('a'))).toBe('640');
});

it('P4: keeps the mode of the file that it replaces, whatever the umask', async ({ folder, path }) => {
  writeFileSync(path('a'), '');
  chmodSync(path('a'), 0o666);
  expect((await runAfter('umask 077', 'write', path('a'), '1').done).code).toBe(0);
  expect(modeOf(path('a'))).toBe('666');
  chmodSync(path('a'), 0o600);
  const sink = await fileSink(path('a'));
  const temporary = readdirSync(folder).find((name) => name !== 'a') ?? '';
  expect(modeOf(path(temporary))).toBe('600');
  await sink.finish();
  expect(modeOf(path('a'))).toBe('600');
});

it.for(['x'.repeat(255), '日'.repeat(85), '😀'.repeat(63)])(
  'writes a file of the longest name',
  async (name, { folder, path }) => {
    await write(path(name), 'abc');
    expect(readdirSync(folder)).toEqual([name]);
  },
);

it('replaces the file that a symbolic link leads to, where it is', async ({ folder, path }) => {
  mkdirSync(path('d'));
  writeFileSync(path('d/file'), 'old');
  symlinkSync('d', path('e'));
  symlinkSync('../link', path('d/back'));
  symlinkSync('e/file', path('link'));
  const sink = await fileSink(path('e/back'));
  expect(readdirSync(path('d'))).toHaveLength(3);
  await sink.write(bytes('new'));
  await sink.finish();
  expect(readFileSync(path('d/file'), 'utf8')).toBe('new');
  expect(lstatSync(path('link')).isSymbolicLink()).toBe(true);
  expect([readdirSync(folder), readdirSync(path('d'))]).toEqual([
    ['d', 'e', 'link'],
    ['back', 'file'],
  ]);
});

it('creates the file that a symbolic link leads to', async ({ path }) => {
  mkdirSync(path('d'));
  symlinkSync('d/new', path('link'));
  await write(path('link'), 'abc');
  expect(readFileSync(path('d/new'), 'utf8')).toBe('abc');
});

it('P5: writes to a device, and to one behind a link', async ({ folder, path }) => {
  symlinkSync('/dev/null', path('link'));
  await write(path('link'), 'abc');
  expect(readdirSync(folder)).toEqual(['link']);
  expect(lstatSync(path('link')).isSymbolicLink()).toBe(true);
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

it('P5: writes to a FIFO, waiting for its reader', async ({ path }) => {
  execFileSync('mkfifo', [path('fifo')]);
  const opening = fileSink(path('fifo'));
  const reader = spawn('cat', [path('fifo')]);
  const read = text(reader.stdout);
  const sink = await opening;
  const large = 'x'.repeat(300_000);
  await sink.write(bytes(large));
  await sink.write(bytes('end'));
  await sink.finish();
  expect(await read).toBe(`${large}end`);
  expect(lstatSync(path('fifo')).isFIFO()).toBe(true);
});

it('P22: stops to wait for the reader of a FIFO when it is told to', async ({ path }) => {
  execFileSync('mkfifo', [path('fifo')]);
  const stop = new AbortController();
  const opening = fileSink(path('fifo'), stop.signal);
  stop.abort(new Error('enough'));
  await expect(opening).rejects.toThrow(new Error('enough'));
});

it('P20: hears of a reader who has gone', async ({ path }) => {
  execFileSync('mkfifo', [path('fifo')]);
  const opening = fileSink(path('fifo'));
  const reader = spawn('head', ['-c', '1', path('fifo')], { stdio: 'ignore' });
  const sink = await opening;
  const writing = async () => {
    for (;;) await sink.write(new Uint8Array(100_000));
  };
  await expect(writing()).rejects.toThrow(
    new TglanceError(`Cannot write ${path('fifo')}: broken pipe (EPIPE)`),
  );
  await sink.abandon();
  if (reader.exitCode === null) await once(reader, 'close');
});

it('P20: does not wait for another reader of an open pipe', async ({ path }) => {
  execFileSync('mkfifo', [path('fifo')]);
  const reader = openSync(path('fifo'), constants.O_RDONLY | constants.O_NONBLOCK);
  const fd = openSync(path('fifo'), 'w');
  closeSync(reader);
  await expect(fileSink(`/dev/fd/${fd}`)).rejects.toThrow(/^Cannot write \/dev\/fd\/\d+: .* \(ENXIO\)$/);
  closeSync(fd);
});

it('P5: goes on where an open descriptor stands, and leaves its file in place', async ({ path }) => {
  const fd = openSync(path('out'), 'w');
  writeSync(fd, 'before ');
  symlinkSync(`/dev/fd/${fd}`, path('link'));
  await write(`/proc/self/fd/${fd}`, 'one ');
  await write(path('link'), 'two ');
  writeSync(fd, 'after');
  closeSync(fd);
  expect(readFileSync(path('out'), 'utf8')).toBe('before one two after');
});

it.for([
  ['', 'it is a directory'],
  ['new/', 'there is no such directory'],
  ['nowhere/a', 'no such file or directory (ENOENT)'],
  ['file/a', 'not a directory (ENOTDIR)'],
  ['loop', 'too many symbolic links encountered (ELOOP)'],
  ['x'.repeat(256), 'name too long (ENAMETOOLONG)'],
])('P21: refuses %j before anything is fetched', async ([name = '', why], { folder, path }) => {
  writeFileSync(path('file'), '');
  symlinkSync('loop', path('loop'));
  const target = `${folder}/${name}`;
  await expect(fileSink(target)).rejects.toThrow(new UsageError(`Cannot write ${target}: ${why}`));
  expect(readdirSync(folder)).toEqual(['file', 'loop']);
});

it('P21: refuses a directory in which nobody can create files', async () => {
  await expect(fileSink('/proc/self/a')).rejects.toThrow(/^Cannot write \/proc\/self\/a: .* \([A-Z]+\)$/);
});

it('P20: tells of a full disk in one line', async () => {
  const sink = await fileSink('/dev/full');
  expect(() => sink.write(bytes('abc'))).toThrow(
    new TglanceError('Cannot write /dev/full: no space left on device (ENOSPC)'),
  );
  await sink.abandon();
});

it('P20: tells of a file that gets too large in one line, and leaves nothing', async ({ folder, path }) => {
  writeFileSync(path('a'), 'old');
  const { code, err } = await runAfter('ulimit -f 2048', 'write', path('a'), '2000000').done;
  expect([code, err]).toEqual([1, `TglanceError: Cannot write ${path('a')}: file too large (EFBIG)`]);
  expect(readFileSync(path('a'), 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['a']);
});

it('P9: hands what is for standard output to whoever writes there, and waits', async () => {
  const written: string[] = [];
  const sink = streamSink(async (chunk) => void written.push(Buffer.from(chunk).toString()));
  await sink.write(bytes('a'));
  await sink.write(bytes('b'));
  await sink.finish();
  expect(written).toEqual(['a', 'b']);
});
