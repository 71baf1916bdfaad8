import { expect, it } from 'vitest';
import { memoryBytes } from '../../src/disk/file.ts';
import { openDisk } from '../../src/disk/formats.ts';
import { inspect } from '../../src/disk/inspect.ts';
import { zstandard } from '../../src/disk/unpack.ts';
import { vmdkDescriptor, vmdkImage, zstdFrame } from '../support/disk-images.ts';
import { watched } from '../support/watch.ts';

const MiB = 1024 * 1024;

it('a frame of zstd that wants a window of 128 MiB is refused, and one of a usual window is not', async () => {
  const { cut, unpack } = await zstandard(65536);
  const content = Buffer.alloc(65536, 'content');
  expect(Buffer.from(unpack(cut(zstdFrame(content, 21)))).equals(content)).toBe(true);
  expect(() => unpack(cut(zstdFrame(content, 27)))).toThrow('wants more memory');
});

it('a frame of zstd without a window that says it has 4 GiB is refused', async () => {
  const { cut, unpack } = await zstandard(65536);
  const frame = Buffer.from('28b52ffd' + 'e0' + '0000000001000000' + '010000', 'hex');
  expect(() => unpack(cut(frame))).toThrow('wants more memory');
});

it('grains of VMware that unpack to 32 MiB are refused', async () => {
  const image = vmdkImage(Buffer.alloc(MiB, 'x'), 'streamOptimized');
  for (const at of [0, image.length - 1024]) image.writeBigUInt64LE(65536n, at + 20);
  await expect(openDisk(memoryBytes(image))).rejects.toThrow('Its grain size is 65536');
});

it('P39: a descriptor of VMware that hides a path behind 64 KiB is dangerous', async () => {
  const text = vmdkDescriptor(
    'monolithicSparse',
    `RW 2048 SPARSE "a"\n${'# \n'.repeat(30_000)}RW 1 FLAT "/etc/passwd"`,
  );
  const file = watched(memoryBytes(Buffer.from(text)));
  const { dangers, bytesRead } = await inspect(file);
  expect(dangers).toContainEqual({ check: 'descriptor', reason: expect.stringContaining('longer than') });
  expect(bytesRead).toBeLessThan(MiB);
  expect(file.most()).toBeLessThan(100 * MiB);
});
