import { createCipheriv } from 'node:crypto';

const MiB = 1024 * 1024;
const zeros = Buffer.alloc(MiB);

/** Every so many MiB one is full of bytes that are nowhere else; the others are empty, so that a file has holes there. */
const rhythm = 64;

/** Byte for byte the data of an image of any size: the MiB of this number. */
export function mebibyte(number) {
  if (number % rhythm !== 0) return zeros;
  const place = Buffer.alloc(16);
  place.writeUInt32BE(number, 8);
  return createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), place).update(zeros);
}

/** The same from one byte up to another, in pieces. */
export function* pieces(from, to) {
  for (let at = from; at < to; ) {
    const start = at % MiB;
    const piece = mebibyte(Math.floor(at / MiB)).subarray(start, Math.min(MiB, start + to - at));
    yield piece;
    at += piece.length;
  }
}
