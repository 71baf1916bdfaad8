import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { VerifyError } from '../../src/errors.ts';
import { copy, type Each } from '../../src/transfer/copy.ts';
import { fileSink, type Sink, streamSink } from '../../src/transfer/sink.ts';
import { digest, expectDigest, expectSize, type Watcher } from '../../src/transfer/watch.ts';
import { it } from '../support/folder.ts';

/** Bytes as they come from a connection: into one buffer, again and again. */
const coming =
  (...pieces: string[]): Each =>
  async (see) => {
    const buffer = new Uint8Array(100);
    for (const piece of pieces) {
      buffer.fill(0);
      const { written } = new TextEncoder().encodeInto(piece, buffer);
      const held = see(buffer.subarray(0, written));
      if (held) await held;
    }
  };

const wrong = '0'.repeat(32);

it('writes what comes, and finishes when all has come', async ({ folder, path }) => {
  const hash = digest('md5');
  await copy(coming('a', 'b', 'c'), await fileSink(path('a')), [expectSize(3), hash]);
  expect(readFileSync(path('a'), 'utf8')).toBe('abc');
  expect(hash.hex()).toBe('900150983cd24fb0d6963f7d28e17f72');
  expect(readdirSync(folder)).toEqual(['a']);
});

it.for<[string, string[], Watcher[]]>([
  ['the digest is wrong', ['abc'], [expectDigest('md5', wrong)]],
  ['too little comes', ['a', 'b'], [expectSize(3)]],
  ['too much comes', ['a', 'bcd'], [expectSize(3)]],
  ['nothing comes', [], [expectSize(3)]],
])('P1 P10: keeps the old file when %s', async ([, pieces, watchers], { folder, path }) => {
  writeFileSync(path('a'), 'old');
  await expect(copy(coming(...pieces), await fileSink(path('a')), watchers)).rejects.toThrow(VerifyError);
  expect(readFileSync(path('a'), 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['a']);
});

it('P1 P2: keeps the old file, and nothing else, when the connection breaks', async ({ folder, path }) => {
  writeFileSync(path('a'), 'old');
  const broken: Each = async (see) => {
    await coming('a')(see);
    throw new Error('reset');
  };
  await expect(copy(broken, await fileSink(path('a')), [])).rejects.toThrow('reset');
  expect(readFileSync(path('a'), 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['a']);
});

it('P1 P2: keeps the old file, and nothing else, when it is told to stop', async ({ folder, path }) => {
  writeFileSync(path('a'), 'old');
  const stop = new AbortController();
  const endless: Each = async (see) => {
    await coming('a')(see);
    stop.abort(new Error('enough'));
    await new Promise(() => {});
  };
  await expect(copy(endless, await fileSink(path('a')), [], stop.signal)).rejects.toThrow('enough');
  expect(readFileSync(path('a'), 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['a']);
});

it('P22: is told to stop while the disk is busy', async ({ folder, path }) => {
  const stop = new AbortController();
  const sink = await fileSink(path('a'));
  const finishing: Sink = {
    ...sink,
    finish() {
      const finished = sink.finish();
      stop.abort(new Error('enough'));
      return finished;
    },
  };
  await expect(copy(coming('a'), finishing, [], stop.signal)).rejects.toThrow('enough');
  expect(readdirSync(folder)).toEqual([]);
});

it('begins nothing when it was told to stop before', async ({ folder, path }) => {
  const each: Each = () => expect.unreachable();
  await expect(
    copy(each, await fileSink(path('a')), [], AbortSignal.abort(new Error('enough'))),
  ).rejects.toThrow('enough');
  expect(readdirSync(folder)).toEqual([]);
});

it('shows each chunk to the watchers in their order, then to the sink, waiting for each', async () => {
  const seen: string[] = [];
  const slowly = (name: string) => async (chunk: Uint8Array) => {
    const text = Buffer.from(chunk).toString();
    seen.push(`${name} begins ${text}`);
    await new Promise(setImmediate);
    expect(Buffer.from(chunk).toString()).toBe(text);
    seen.push(`${name} ends ${text}`);
  };
  const quick = (name: string) => (chunk: Uint8Array) => void seen.push(`${name} sees ${Buffer.from(chunk)}`);
  await copy(coming('x', 'y'), streamSink(slowly('sink')), [
    { see: slowly('first') },
    { see: quick('second') },
  ]);
  expect(seen).toEqual(
    ['x', 'y'].flatMap((text) => [
      `first begins ${text}`,
      `first ends ${text}`,
      `second sees ${text}`,
      `sink begins ${text}`,
      `sink ends ${text}`,
    ]),
  );
});

it('P9: has printed a true prefix when it fails', async () => {
  let printed = '';
  const sink = streamSink((chunk) => {
    printed += Buffer.from(chunk).toString();
  });
  await expect(copy(coming('ab', 'cd', 'ef'), sink, [expectSize(4)])).rejects.toThrow(VerifyError);
  expect(printed).toBe('abcd');
});
