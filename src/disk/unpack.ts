import * as zlib from 'node:zlib';
import { DiskError } from '../errors.ts';
import type { Bytes } from './bytes.ts';
import { room, type Way, withThread } from './threads.ts';

export type { Way };

/** How the units of a disk are compressed that are compressed as wholes. */
export interface Packing {
  /** Bytes of a unit. */
  readonly length: number;
  /** The compressed data alone, out of the bytes of the file that may belong to them. */
  cut(packed: Buffer): Buffer;
  unpack(cut: Buffer): Uint8Array;
  /** How threads do it, where they can. */
  readonly way?: Way;
}

/** What deflate packed, without zlib's header; what follows in the last sector is not looked at. */
export const deflated = (length: number): Packing => ({
  length,
  cut: (packed) => packed,
  unpack: (packed) => unpacked(() => zlib.inflateRawSync(packed, flushed(length))),
  way: 'inflateRaw',
});

/** The same with zlib's header. */
export const deflatedByZlib = (length: number, cut: Packing['cut']): Packing => ({
  length,
  cut,
  unpack: (packed) => unpacked(() => zlib.inflateSync(packed, flushed(length))),
  way: 'inflate',
});

const flushed = (length: number) => ({
  finishFlush: zlib.constants.Z_SYNC_FLUSH,
  maxOutputLength: length,
});

function unpacked(unpack: () => Uint8Array): Uint8Array {
  try {
    return unpack();
  } catch (cause) {
    throw new DiskError(`Compressed data are damaged: ${(cause as Error).message}`, { cause });
  }
}

/** A frame of zstd; Node unpacks them from 22.15 on, before that a module of WebAssembly does. */
export async function zstandard(length: number): Promise<Packing> {
  const cut = (packed: Buffer) => frameOf(packed, length);
  const { zstdDecompressSync } = zlib as { zstdDecompressSync?: ZstdDecompress };
  if (zstdDecompressSync !== undefined) {
    const unpack = (frame: Buffer) => unpacked(() => zstdDecompressSync(frame, { maxOutputLength: length }));
    return { length, cut, unpack, way: 'zstdDecompress' };
  }
  const { ZSTDDecoder } = await import('zstddec');
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return {
    length,
    cut,
    unpack(frame) {
      const unit = unpacked(() => decoder.decode(frame, length));
      if (unit.length !== length) throw new DiskError('Compressed data are damaged: zstd cannot read them');
      return unit;
    },
  };
}

/** The one that every decoder is to have room for (RFC 8878, section 3.1.1.1.2); clusters are smaller. */
const largestWindow = 8 * 1024 * 1024;

type ZstdDecompress = (packed: Buffer, options: { maxOutputLength: number }) => Buffer;

/**
 * The frame alone: decoders take what pads its last sector for a broken second one.
 * https://www.rfc-editor.org/rfc/rfc8878#name-zstandard-frames
 *
 *   0   u32 LE magic fd2fb528
 *   4   u8 descriptor: bits 6-7 width of the content size, 5 no window byte, 2 checksum, 0-1 width of the dictionary's id
 *   5   u8 window: bits 3-7 its logarithm less 10, 0-2 eighths of that more; without it the content is the window
 *   …   blocks of 3 bytes LE (bit 0 last, bits 1-2 type, the rest the size) and their data
 */
function frameOf(packed: Buffer, size: number): Buffer {
  if (packed.length < 6 || packed.readUInt32LE(0) !== 0xfd2fb528)
    throw new DiskError('Compressed data are not zstd');
  const descriptor = packed.readUInt8(4);
  const single = (descriptor & 0x20) !== 0;
  const sizeWidth = [single ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0;
  const idWidth = [0, 1, 2, 4][descriptor & 3] ?? 0;
  let at = 5 + (single ? 0 : 1) + idWidth + sizeWidth;
  if (at > packed.length) throw new DiskError('Compressed data are cut off');
  const content = packed.subarray(at - sizeWidth, at).toReversed();
  const told = content.reduce((sum, byte) => sum * 256 + byte, 0) + (sizeWidth === 2 ? 256 : 0);
  const window = packed.readUInt8(5);
  if (single ? told > size : 2 ** (10 + (window >>> 3)) * (1 + (window & 7) / 8) > largestWindow)
    throw new DiskError('Compressed data are damaged: zstd wants more memory for them than they have bytes');
  for (;;) {
    if (at + 3 > packed.length) throw new DiskError('Compressed data are cut off');
    const header = packed.readUIntLE(at, 3);
    const repeated = ((header >>> 1) & 3) === 1;
    at += 3 + (repeated ? 1 : header >>> 3);
    if ((header & 1) !== 0) break;
  }
  at += (descriptor & 4) !== 0 ? 4 : 0;
  if (at > packed.length) throw new DiskError('Compressed data are cut off');
  return packed.subarray(0, at);
}

/** A compressed unit of a disk: where it is in the file, and where it goes once it is unpacked. */
export interface Unit {
  readonly at: number;
  readonly size: number;
  readonly to: number;
}

/** Bytes in memory that threads see. */
export type Shared = Uint8Array & { readonly buffer: SharedArrayBuffer };

/**
 * Reads units and unpacks them in other threads, since that is what a conversion waits for. They stand close together
 * in the file where a program has written them one after the other: then they are read at once.
 */
export async function unpackUnits(
  file: Bytes,
  packing: Packing & { readonly way: Way },
  units: readonly Unit[],
  into: Shared,
): Promise<void> {
  for (let from = 0; from < units.length; ) {
    const some = together(units, from);
    await unpackTogether(file, packing, some, into);
    from += some.length;
  }
}

/** As many units as a thread has room for. */
function together(units: readonly Unit[], from: number): readonly Unit[] {
  let [low, high, to] = [Number.POSITIVE_INFINITY, 0, from];
  for (const { at, size } of units.slice(from)) {
    low = Math.min(low, at);
    high = Math.max(high, at + size);
    if (high - low > room && to > from) break;
    to += 1;
  }
  return units.slice(from, to);
}

const unpackTogether = (
  file: Bytes,
  { length, cut, way }: Packing & { readonly way: Way },
  units: readonly Unit[],
  into: Shared,
): Promise<void> =>
  withThread(async ({ memory, run }) => {
    const low = Math.min(...units.map(({ at }) => at));
    const high = Math.min(file.size, Math.max(...units.map(({ at, size }) => at + size)));
    const packed = memory.subarray(0, high - low);
    await file.read(packed, low);
    const places = units.map(({ at, size, to }) => {
      const { byteOffset, length } = cut(packed.subarray(at - low, at - low + size));
      return [byteOffset, byteOffset + length, into.byteOffset + to] as const;
    });
    await run({ way, length, units: places, from: memory.buffer, into: into.buffer });
  });
