import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { TglanceError, VerifyError } from '../../src/errors.ts';
import { fileSink, type Sink } from '../../src/transfer/sink.ts';
import { openFile, type Source } from '../../src/transfer/source.ts';
import { unpackedSource, unpacking } from '../../src/transfer/unpack.ts';
import { it } from '../support/folder.ts';
import { type Packing, packedData, unpackedData } from '../support/packed.ts';

const random = Buffer.concat([randomBytes(500_000), Buffer.alloc(3_000_000), randomBytes(500_000)]);
const packings = Object.keys(packedData) as Packing[];

/** In pieces that come into the same memory. */
async function write(sink: Sink, bytes: Uint8Array, step = 50_000): Promise<void> {
  const memory = Buffer.alloc(step);
  for (let at = 0; at < bytes.length; at += memory.length) {
    const piece = bytes.subarray(at, at + memory.length);
    memory.set(piece);
    await sink.write(memory.subarray(0, piece.length));
  }
}

const damages: readonly (readonly [string, (packed: Buffer) => Buffer])[] = [
  ['cut off', (packed) => packed.subarray(0, packed.length / 2)],
  ['cut off at the very end', (packed) => packed.subarray(0, -3)],
  ['damaged', (packed) => flipped(packed, Math.floor(packed.length / 2))],
  ['damaged at the very end', (packed) => flipped(packed, packed.length - 2)],
];

function flipped(bytes: Buffer, at: number): Buffer {
  const other = Buffer.from(bytes);
  other.writeUInt8(other.readUInt8(at) ^ 0x10, at);
  return other;
}

describe('a file', () => {
  it.for(packings)('gets what %s has packed, with its holes', async (packing, { folder, path }) => {
    const sink = unpacking(await fileSink(path('a')));
    await write(sink, packedData[packing], 100);
    await sink.finish();
    expect(readFileSync(path('a')).equals(unpackedData)).toBe(true);
    expect(statSync(path('a')).blocks * 512).toBeLessThan(500_000);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it.for(packings)(
    'gets the parts of several that stand behind each other: %s',
    async (packing, { path }) => {
      for (const step of [7, packedData[packing].length, 50_000]) {
        const sink = unpacking(await fileSink(path('a')));
        await write(sink, Buffer.concat([packedData[packing], packedData[packing]]), step);
        await sink.finish();
        expect(readFileSync(path('a')).equals(Buffer.concat([unpackedData, unpackedData]))).toBe(true);
      }
    },
  );

  it('begins anew when the bytes do', async ({ path }) => {
    const packed = gzipSync(random);
    const sink = unpacking(await fileSink(path('a')));
    await write(sink, packed.subarray(0, 700_000));
    sink.rewind?.();
    await write(sink, packed);
    await sink.finish();
    expect(readFileSync(path('a')).equals(random)).toBe(true);
  });

  it.for(packings)('begins anew in the middle of what %s has packed', async (packing, { path }) => {
    const sink = unpacking(await fileSink(path('a')));
    for (let times = 0; times < 3; times += 1) {
      await write(sink, packedData[packing].subarray(0, -10));
      sink.rewind?.();
    }
    await write(sink, packedData[packing]);
    await sink.finish();
    expect(readFileSync(path('a')).equals(unpackedData)).toBe(true);
  });

  it.for([
    ...packings.flatMap((packing) =>
      damages.map(([what, damage]) => [`${packing} ${what}`, damage(packedData[packing])] as const),
    ),
    ['nothing that is packed', random],
    ['nothing', Buffer.alloc(0)],
  ] as const)('P10: gets no name when there is %s', async ([, bytes], { folder, path }) => {
    const sink = unpacking(await fileSink(path('a')));
    const all = async () => {
      await write(sink, bytes, 300);
      await sink.finish();
    };
    const error = await all().catch((it: unknown) => it);
    expect(error).toBeInstanceOf(VerifyError);
    expect(String(error)).toMatch(/^VerifyError: The data cannot be unpacked: [^\n]{5,70}$/);
    await sink.abandon(error);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('P20: tells of a full disk', async () => {
    const sink = unpacking(await fileSink('/dev/full'));
    const all = async () => {
      await write(sink, gzipSync(random));
      await sink.finish();
    };
    await expect(all()).rejects.toThrow(
      new TglanceError('Cannot write /dev/full: no space left on device (ENOSPC)'),
    );
    await sink.abandon();
  });
});

/** Numbers below a limit, the same ones each time. */
function randomFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  };
}

describe('a source', () => {
  const unbound = { size: undefined, bound() {} };

  async function read(source: Source): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of source.chunks()) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces);
  }

  it.for(packings)('gives what %s has packed, as often as one likes', async (packing, { path }) => {
    writeFileSync(path('a'), packedData[packing]);
    const source = unpackedSource(await openFile(path('a')), unbound);
    expect((await read(source)).equals(unpackedData)).toBe(true);
    expect((await read(source)).equals(unpackedData)).toBe(true);
    await source.close();
  });

  it.for(packings.flatMap((packing) => damages.map(([what, damage]) => [packing, what, damage] as const)))(
    'P12: never gives the last byte of what is damaged: %s, %s',
    async ([packing, , damage], { path }) => {
      writeFileSync(path('a'), damage(packedData[packing]));
      const source = unpackedSource(await openFile(path('a')), unbound);
      let given = 0;
      const all = async () => {
        for await (const piece of source.chunks()) given += piece.length;
      };
      await expect(all()).rejects.toThrow(`${path('a')} cannot be unpacked: `);
      expect(given).toBeLessThan(unpackedData.length);
      await source.close();
    },
  );

  it.for([
    [262_144, 'KLUv/QRYVAAAEAAAAQD7/znAAgMAEABAJw+m'],
    [262_144, 'KLUv/QBYVAAAEAAAAQD7/znAAgMAEAA='],
    [131_072, 'KLUv/QRYVQAAEAAAAQD7/znAAnNQlXo='],
    [131_072, 'KLUv/QBYVQAAEAAAAQD7/znAAg=='],
  ] as const)('gives %d bytes, after which a step of zstd ends: %s', async ([size, packed], { path }) => {
    for (const times of [1, 3]) {
      const frame = Buffer.from(packed, 'base64');
      writeFileSync(path('a'), Buffer.concat(Array(times).fill(frame)));
      const source = unpackedSource(await openFile(path('a')), unbound);
      expect((await read(source)).equals(Buffer.alloc(times * size))).toBe(true);
      await source.close();
    }
  });

  it.for(packings)('P40: is refused or right, however damaged: %s', async (packing) => {
    const packed = packedData[packing];
    const random = randomFrom(7);
    const damaged = Array.from({ length: 100 }, () => {
      const bytes = Buffer.from(packed);
      for (let left = 1 + random(3); left > 0; left -= 1) bytes[6 + random(bytes.length - 6)] = random(256);
      return random(4) === 0 ? bytes.subarray(0, 6 + random(bytes.length - 6)) : bytes;
    });
    for (const bytes of damaged) {
      const file: Source = { name: 'it', size: bytes.length, again: true, chunks, close: async () => {} };
      async function* chunks() {
        yield bytes;
      }
      const found = await read(unpackedSource(file, unbound)).catch((error: unknown) => error);
      if (found instanceof Buffer) expect(found.equals(unpackedData)).toBe(true);
      else expect(found).toBeInstanceOf(VerifyError);
    }
  });

  it('P41: ends where what comes out is out of proportion', async ({ path }) => {
    writeFileSync(path('a'), packedData.zstd);
    const bound = (unpacked: number, packed: number) => {
      if (unpacked > packed * 1000) throw new VerifyError('too much');
    };
    const source = await openFile(path('a'));
    await expect(read(unpackedSource(source, { size: undefined, bound }))).rejects.toThrow('too much');
    const known = unpackedSource(source, { size: unpackedData.length, bound });
    expect((await read(known)).length).toBe(unpackedData.length);
    await source.close();
  });

  it('a mistake of whoever reads the file is told as it is', async ({ path }) => {
    writeFileSync(path('a'), packedData.xz);
    const file = await openFile(path('a'));
    const broken: Source = {
      ...file,
      async *chunks() {
        yield packedData.xz.subarray(0, 100);
        throw new VerifyError('it changed');
      },
    };
    await expect(read(unpackedSource(broken, unbound))).rejects.toThrow(new VerifyError('it changed'));
    await file.close();
  });
});
