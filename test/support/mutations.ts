import { DiskError } from '../../src/errors.ts';
import type { Subject } from './subjects.ts';

/** Numbers below `most`, the same ones for the same seed (Mulberry32). */
export function randomFrom(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return Math.floor((((word ^ (word >>> 14)) >>> 0) / 2 ** 32) * most);
  };
}

/** Numbers that programs stumble over. */
const awkward = [
  0n,
  1n,
  0x7fn,
  0xffn,
  0x7fff_ffffn,
  0xffff_ffffn,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/**
 * Damages an image in place in one to four spots, or cuts it off; every second time its checksums are made right
 * again, as somebody would who wants to deceive. `undo` makes it what it was.
 */
export function damage(
  { image, used, sums }: Subject,
  random: (most: number) => number,
): { damaged: Buffer; undo: () => void } {
  const kept: [number, Buffer][] = [];
  const keep = (at: number) => kept.unshift([at, Buffer.from(image.subarray(at, at + 8))]);
  for (let left = 1 + random(4); left > 0; left -= 1) {
    const at =
      random(2) === 0
        ? placeIn(image, random)
        : Math.min(image.length - 1, (used[random(used.length)] ?? 0) + random(64));
    const spot = image.subarray(at, at + 8);
    keep(at);
    const value = awkward[random(awkward.length)] ?? 0n;
    const how = random(6);
    if (how === 0 || spot.length < 8) spot[0] = random(256);
    else if (how === 1) spot.writeUInt32BE(Number(value & 0xffff_ffffn), 0);
    else if (how === 2) spot.writeUInt32LE(Number(value & 0xffff_ffffn), 0);
    else if (how === 3) spot.writeBigUInt64BE(value, 0);
    else if (how === 4) spot.writeBigUInt64LE(value, 0);
    else spot.writeUInt16LE(random(65536), 0);
  }
  if (random(2) === 0) {
    for (const { at, sum } of sums) {
      keep(at);
      image.writeUInt32LE(sum(image), at);
    }
  }
  const damaged = random(8) === 0 ? image.subarray(0, random(image.length)) : image;
  const undo = () => {
    for (const [at, bytes] of kept) bytes.copy(image, at);
  };
  return { damaged, undo };
}

/** Mostly where headers and tables are. */
function placeIn(image: Buffer, random: (most: number) => number): number {
  const within = (from: number, length: number) =>
    Math.max(0, Math.min(image.length - 1, from + random(length)));
  switch (random(8)) {
    case 0:
      return random(image.length);
    case 1:
      return within(image.length - 1536, 1536);
    case 2:
      return within([32768, 65536, 131072, 196608, 262144, 2 ** 20, 2 ** 21][random(7)] ?? 0, 128);
    case 3:
      return within(0, 4096);
    default:
      return within(0, 128);
  }
}

/** What became of an image: it was read, or refused with a DiskError; anything else is thrown on. */
export async function outcomeOf(act: () => Promise<void>): Promise<'read' | 'refused'> {
  try {
    await act();
    return 'read';
  } catch (error) {
    if (error instanceof DiskError && error.message !== '') return 'refused';
    throw error;
  }
}
