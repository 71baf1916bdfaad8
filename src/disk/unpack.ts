import * as zlib from 'node:zlib';
import { DiskError } from '../errors.ts';

/** Unpacks what deflate packed, without zlib's header; what follows in the last sector is not looked at. */
export const inflateRaw = (packed: Buffer, size: number): Buffer =>
  unpacked(() =>
    zlib.inflateRawSync(packed, { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: size }),
  );

/** The same with zlib's header. */
export const inflate = (packed: Buffer, size: number): Buffer =>
  unpacked(() =>
    zlib.inflateSync(packed, { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: size }),
  );

function unpacked(unpack: () => Buffer): Buffer {
  try {
    return unpack();
  } catch (cause) {
    throw new DiskError(`Compressed data are damaged: ${(cause as Error).message}`, { cause });
  }
}

/** Unpacks one frame of zstd, of which `size` bytes are wanted; it says itself how much memory that takes. */
export type Unzstd = (packed: Buffer, size: number) => Uint8Array;

/** What unpacks zstd here: Node's own from 22.15 on, before that a module of WebAssembly. */
export async function unzstd(): Promise<Unzstd> {
  const { zstdDecompressSync } = zlib as { zstdDecompressSync?: ZstdDecompress };
  if (zstdDecompressSync !== undefined) {
    return (packed, size) =>
      unpacked(() => zstdDecompressSync(frameOf(packed, size), { maxOutputLength: size }));
  }
  const { ZSTDDecoder } = await import('zstddec');
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return (packed, size) => {
    const unit = unpacked(() => Buffer.from(decoder.decode(frameOf(packed, size), size)));
    if (unit.length !== size) throw new DiskError('Compressed data are damaged: zstd cannot read them');
    return unit;
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
