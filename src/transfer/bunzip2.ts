import { bitsOf } from './bits.ts';
import { blockOf, combined } from './bzip2-block.ts';

/** More bytes than a packed block can have: so many are at hand when one is unpacked, unless they end before. */
const enough = 2_500_000;

/**
 * Unpacks what bzip2 packed, and what stands behind it in the same form, as programs leave it that pack in several
 * threads. Each piece is a new one. Fails where the data are damaged or cut off, before it ends.
 *
 *   0   'BZh', '1' to '9': the size of the blocks before they were packed, in 100,000 bytes
 *   4   blocks, by bits: u48 magic 0x314159265359, u32 CRC, …
 *   …   u48 magic 0x177245385090, u32 CRC of the CRCs, bits up to the next byte
 */
export async function* bunzip2(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const bits = bitsOf(packed);
  do {
    await bits.fill(enough);
    if (bits.take(24) !== 0x425a68) throw new Error('what follows is not bzip2');
    const level = bits.take(8) - 0x30;
    if (level < 1 || level > 9) throw new Error('incorrect header check');
    const block = blockOf(level * 100_000);
    let crc = 0;
    for (;;) {
      await bits.fill(enough);
      const magic = bits.take(24) * 2 ** 24 + bits.take(24);
      const expected = bits.take32();
      if (magic === 0x177245385090) {
        if (crc !== expected) throw new Error('incorrect data check');
        break;
      }
      if (magic !== 0x314159265359) throw new Error('invalid block');
      const own = yield* block(bits);
      if (own !== expected) throw new Error('incorrect data check');
      crc = combined(crc, own);
    }
    bits.align();
  } while (await bits.fill(1));
}
