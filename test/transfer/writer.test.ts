import { closeSync, ftruncateSync, openSync, readFileSync, statSync } from 'node:fs';
import { expect } from 'vitest';
import { fileSink, type Sink } from '../../src/transfer/sink.ts';
import { it } from '../support/folder.ts';

const KiB = 1024;

/** Runs of bytes, some of them zeros, of lengths that fit nothing. */
const runs: readonly (readonly [number, number])[] = [
  [100_000, 0],
  [1, 7],
  [64 * KiB, 0],
  [3, 9],
  [200 * KiB + 5, 0],
  [130_000, 3],
  [63 * KiB, 0],
  [5, 1],
  [300 * KiB, 0],
];
const data = Buffer.concat(runs.map(([length, byte]) => Buffer.alloc(length, byte)));

async function write(sink: Sink, bytes: Uint8Array, piece: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += piece) await sink.write(bytes.subarray(at, at + piece));
}

/** Bytes that the file takes on the disk. */
const taken = (path: string) => statSync(path).blocks * 512;

it.for([1000, 4096, 65_536, 100_001, 256 * KiB, data.length])(
  'leaves out zeros, and holds the same bytes, in pieces of %d',
  async (piece, { path }) => {
    const sink = await fileSink(path('a'));
    await write(sink, data, piece);
    await sink.finish();
    expect(readFileSync(path('a')).equals(data)).toBe(true);
    expect(taken(path('a'))).toBeLessThan(data.length / 2);
    expect(taken(path('a'))).toBeGreaterThan(190 * KiB);
  },
);

it('writes every byte where it shall', async ({ path }) => {
  const sink = await fileSink(path('a'), undefined, { sparse: false });
  await write(sink, data, 100_001);
  await sink.finish();
  expect(readFileSync(path('a')).equals(data)).toBe(true);
  expect(taken(path('a'))).toBeGreaterThanOrEqual(data.length);
});

it('makes a file of nothing but zeros as long as it must be', async ({ path }) => {
  const sink = await fileSink(path('a'));
  await write(sink, Buffer.alloc(10_000_001), 256 * KiB);
  await sink.finish();
  expect(statSync(path('a')).size).toBe(10_000_001);
  expect(taken(path('a'))).toBe(0);
});

it('leaves nothing of what was there before bytes began anew', async ({ path }) => {
  const sink = await fileSink(path('a'));
  await write(sink, Buffer.alloc(500 * KiB, 1), 100_001);
  sink.rewind?.();
  await write(sink, data.subarray(0, 400 * KiB), 100_001);
  await sink.finish();
  expect(readFileSync(path('a')).equals(data.subarray(0, 400 * KiB))).toBe(true);
});

it('never replaces what is not a regular file by one with holes', async ({ path }) => {
  const fd = openSync(path('a'), 'w');
  ftruncateSync(fd, 10);
  const sink = await fileSink(`/dev/fd/${fd}`);
  await write(sink, Buffer.alloc(200 * KiB), 100_001);
  await sink.finish();
  closeSync(fd);
  expect(taken(path('a'))).toBeGreaterThanOrEqual(200 * KiB);
});
