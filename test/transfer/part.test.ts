import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { NetworkError, ServiceError, TglanceError, UsageError, VerifyError } from '../../src/errors.ts';
import { fileSink } from '../../src/transfer/sink.ts';
import { it } from '../support/folder.ts';
import { run } from './child.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const broken = new NetworkError('it broke', 'ECONNRESET');

const open = (path: string) => fileSink(path, undefined, { resume: true });

/** What an interrupted run leaves. */
async function leave(path: string, of: string, text: string, why: unknown = broken): Promise<number> {
  const sink = await open(path);
  sink.part?.goOn(of);
  sink.part?.learn({ etag: 'e' });
  await sink.write(bytes(text));
  return sink.abandon(why);
}

/** What the next one finds, when it wants these bytes; it then writes its own and finishes. */
async function find(path: string, of = 'x'): Promise<{ bytes: number; marks: object }> {
  const sink = await open(path);
  const { bytes: found, marks } = sink.part?.goOn(of) ?? { bytes: -1, marks: {} };
  let there = '';
  for await (const piece of sink.part?.read(0, found) ?? []) there += Buffer.from(piece);
  expect(there).toBe('abcdef'.slice(0, found));
  await sink.write(bytes('abcdef'.slice(found)));
  await sink.finish();
  return { bytes: found, marks };
}

const parts = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.part'));
const notes = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.note'));
const only = (folder: string, of: typeof parts) => join(folder, of(folder)[0] ?? 'none');

it.for([
  ['a broken connection', broken],
  ['a busy server', new ServiceError(503, 'busy', 'busy')],
  ['Ctrl-C', new Error('SIGINT')],
] as const)('P2: keeps what has come after %s, and goes on from it', async ([, why], { folder, path }) => {
  writeFileSync(path('a'), 'old');
  expect(await leave(path('a'), 'x', 'abc', why)).toBe(3);
  expect(readFileSync(path('a'), 'utf8')).toBe('old');
  expect([parts(folder), notes(folder)]).toEqual([[expect.any(String)], [expect.any(String)]]);
  expect(await find(path('a'))).toEqual({ bytes: 3, marks: { etag: 'e' } });
  expect(readFileSync(path('a'), 'utf8')).toBe('abcdef');
  expect(readdirSync(folder)).toEqual(['a']);
});

it.for([
  ['data are wrong', new VerifyError('wrong')],
  ['the disk is full', new TglanceError('full')],
  ['the target cannot be written', new UsageError('no')],
] as const)('P20: keeps nothing when %s', async ([, why], { folder, path }) => {
  expect(await leave(path('a'), 'x', 'abc', why)).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
});

it('P2: keeps nothing where nothing has come, nor where nobody wants to go on', async ({ folder, path }) => {
  expect(await leave(path('a'), 'x', '')).toBe(0);
  const sink = await fileSink(path('a'));
  await sink.write(bytes('abc'));
  expect(await sink.abandon(broken)).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
});

it('P2: goes on as often as it takes', async ({ folder, path }) => {
  await leave(path('a'), 'x', 'ab');
  const sink = await open(path('a'));
  expect(sink.part?.goOn('x').bytes).toBe(2);
  expect(await sink.abandon(broken)).toBe(2);
  const next = await open(path('a'));
  next.part?.goOn('x');
  await next.write(bytes('cd'));
  expect(await next.abandon(broken)).toBe(4);
  expect([parts(folder).length, notes(folder).length]).toEqual([1, 1]);
  expect(await find(path('a'))).toMatchObject({ bytes: 4 });
});

it('P2: goes on from what a killed run had made to last', async ({ folder, path }) => {
  const killed = run('hang-resumably', path('a'));
  await once(killed.stdout, 'data');
  const [part = ''] = parts(folder);
  const other = await open(path('a')); // leaves alone what somebody still writes
  expect(other.part?.goOn('x').bytes).toBe(0);
  await other.abandon(new VerifyError('wrong'));
  expect(parts(folder)).toEqual([part]);
  killed.kill('SIGKILL');
  await killed.done;
  expect(statSync(join(folder, part)).size).toBe(65 * 1024 * 1024);
  const sink = await open(path('a'));
  expect(sink.part?.goOn('x').bytes).toBe(64 * 1024 * 1024);
  expect(statSync(only(folder, parts)).size).toBe(64 * 1024 * 1024);
  await sink.abandon(new VerifyError('wrong'));
  expect(readdirSync(folder)).toEqual([]);
});

it('P2: removes what was kept when nobody wants it any more', async ({ folder, path }) => {
  await leave(path('a'), 'x', 'abc');
  const sink = await fileSink(path('a'));
  await sink.write(bytes('new'));
  await sink.finish();
  expect(readdirSync(folder)).toEqual(['a']);
});

it.for<[string, (folder: string) => void]>([
  ['belongs to other bytes', (folder) => tell(folder, { of: 'y' })],
  ['has no note', (folder) => renameSync(only(folder, notes), join(folder, 'elsewhere'))],
  ['has a note that says nothing', (folder) => writeFileSync(only(folder, notes), '{"of":')],
  ['has a note of something else', (folder) => writeFileSync(only(folder, notes), '[null, 1]')],
  ['has a note that claims more than there is', (folder) => tell(folder, { bytes: 9 })],
  ['has a note that claims less than nothing', (folder) => tell(folder, { bytes: -1 })],
  ['has an endless note', (folder) => appendFileSync(only(folder, notes), ' '.repeat(100_000))],
  ['has a note that somebody else could write', (folder) => second(folder, notes)],
  ['could be written by a second name', (folder) => second(folder, parts)],
  ['is a link', (folder) => link(folder, parts)],
  ['has a note that is a link', (folder) => link(folder, notes)],
  ['was cut', (folder) => truncateSync(only(folder, parts), 1)],
])('P7: begins afresh where what is left %s', async ([, spoil], { folder, path }) => {
  await leave(path('a'), 'x', 'abc');
  spoil(folder);
  writeFileSync(path('kept'), 'kept');
  expect(await find(path('a'))).toEqual({ bytes: 0, marks: {} });
  expect(readFileSync(path('a'), 'utf8')).toBe('abcdef');
  expect(readFileSync(path('kept'), 'utf8')).toBe('kept');
});

function tell(folder: string, news: object): void {
  const note = only(folder, notes);
  writeFileSync(note, JSON.stringify({ ...JSON.parse(readFileSync(note, 'utf8')), ...news }));
}

const second = (folder: string, of: typeof parts) => linkSync(only(folder, of), join(folder, 'second'));

function link(folder: string, of: typeof parts): void {
  const name = only(folder, of);
  renameSync(name, join(folder, 'second'));
  symlinkSync('second', name);
}

it('P7: keeps the beginning only, whatever stands behind it', async ({ folder, path }) => {
  await leave(path('a'), 'x', 'abc');
  appendFileSync(only(folder, parts), 'xyz');
  expect(await find(path('a'))).toMatchObject({ bytes: 3 });
  expect(readFileSync(path('a'), 'utf8')).toBe('abcdef');
});

it('P4: what is kept has a name that nobody can guess, and its note is for nobody else', async ({
  folder,
  path,
}) => {
  await leave(path('a'), 'x', 'abc');
  expect(parts(folder)[0]).toMatch(/^\.a\.\d+\.[0-9a-f]{32}\.part$/);
  expect(lstatSync(only(folder, notes)).mode & 0o777).toBe(0o600);
});

it('P4: has the mode of the file that it replaces after going on, too', async ({ path }) => {
  await leave(path('a'), 'x', 'abc');
  writeFileSync(path('a'), 'old');
  chmodSync(path('a'), 0o640);
  await find(path('a'));
  expect(statSync(path('a')).mode & 0o777).toBe(0o640);
});

it('P32: takes no name that is there already, nor one that came meanwhile', async ({ folder, path }) => {
  const fresh = (name: string) => fileSink(path(name), undefined, { fresh: true });
  writeFileSync(path('a'), 'old');
  symlinkSync('nowhere', path('link'));
  for (const name of ['a', 'link']) {
    await expect(fresh(name)).rejects.toThrow(
      new UsageError(`Cannot write ${path(name)}: it exists already`),
    );
  }
  const sink = await fresh('b');
  await sink.write(bytes('new'));
  writeFileSync(path('b'), 'meanwhile');
  await expect(sink.finish()).rejects.toThrow(UsageError);
  await sink.abandon();
  expect(readFileSync(path('b'), 'utf8')).toBe('meanwhile');
  expect(readdirSync(folder).sort()).toEqual(['a', 'b', 'link']);
  await (await fresh('c')).finish();
  expect(statSync(path('c')).nlink).toBe(1);
});
