import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { TglanceError, VerifyError } from '../../src/errors.ts';
import { fileSink, type Sink } from '../../src/transfer/sink.ts';
import { unpacking } from '../../src/transfer/unpack.ts';
import { it } from '../support/folder.ts';

const data = Buffer.concat([randomBytes(500_000), Buffer.alloc(3_000_000), randomBytes(500_000)]);
const packed = gzipSync(data);

/** In pieces that come into the same memory. */
async function write(sink: Sink, bytes: Uint8Array): Promise<void> {
  const memory = Buffer.alloc(50_000);
  for (let at = 0; at < bytes.length; at += memory.length) {
    const piece = bytes.subarray(at, at + memory.length);
    memory.set(piece);
    await sink.write(memory.subarray(0, piece.length));
  }
}

it('writes what is packed, with its holes', async ({ folder, path }) => {
  const sink = await unpacking(await fileSink(path('a')));
  await write(sink, packed);
  await sink.finish();
  expect(readFileSync(path('a')).equals(data)).toBe(true);
  expect(statSync(path('a')).blocks * 512).toBeLessThan(1_500_000);
  expect(readdirSync(folder)).toEqual(['a']);
});

it('writes the parts of several that stand behind each other', async ({ path }) => {
  const sink = await unpacking(await fileSink(path('a')));
  await write(sink, Buffer.concat([packed, packed]));
  await sink.finish();
  expect(readFileSync(path('a')).equals(Buffer.concat([data, data]))).toBe(true);
});

it('begins anew when the bytes do', async ({ path }) => {
  const sink = await unpacking(await fileSink(path('a')));
  await write(sink, packed.subarray(0, 700_000));
  sink.rewind?.();
  await write(sink, packed);
  await sink.finish();
  expect(readFileSync(path('a')).equals(data)).toBe(true);
});

it.for([
  ['are not packed', data],
  ['are cut off', packed.subarray(0, 600_000)],
  ['are damaged', Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)])],
] as const)('P10: gives no file its name when the data %s', async ([, bytes], { folder, path }) => {
  const sink = await unpacking(await fileSink(path('a')));
  const all = async () => {
    await write(sink, bytes);
    await sink.finish();
  };
  const error = await all().catch((it: unknown) => it);
  expect(error).toBeInstanceOf(VerifyError);
  expect(String(error)).toMatch(/The data cannot be unpacked: /);
  await sink.abandon(error);
  expect(readdirSync(folder)).toEqual([]);
});

it('P20: tells of a full disk', async () => {
  const sink = await unpacking(await fileSink('/dev/full'));
  const all = async () => {
    await write(sink, packed);
    await sink.finish();
  };
  await expect(all()).rejects.toThrow(
    new TglanceError('Cannot write /dev/full: no space left on device (ENOSPC)'),
  );
  await sink.abandon();
});
