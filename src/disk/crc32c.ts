/**
 * CRC-32C over some bytes, going on from `crc`; neither beginning nor end is inverted, as formats differ in that
 * (RFC 3720, appendix B.4 has the polynomial).
 */
export function crc32c(crc: number, bytes: Uint8Array): number {
  let sum = crc;
  for (const byte of bytes) sum = (table[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  return sum >>> 0;
}

/** The same with `length` zeros in place of the bytes from `at` on: where the sum itself stands. */
export function crc32cWithout(crc: number, bytes: Uint8Array, at: number, length = 4): number {
  const before = crc32c(crc, bytes.subarray(0, at));
  return crc32c(crc32c(before, zeros.subarray(0, length)), bytes.subarray(at + length));
}

/** Whether the sum of all of a block, inverted at both ends as in VHDX and XFS, is the one that stands at `at` in it. */
export const isSound = (block: Buffer, at: number): boolean =>
  ~crc32cWithout(0xffffffff, block, at) >>> 0 === block.readUInt32LE(at);

const zeros = new Uint8Array(8);

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});
