const isLittle = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** A part of a map in words of 32 bits, of which there are so many that any other way to read them takes thrice the time. */
export function wordsOf(part: Buffer): Uint32Array {
  if (isLittle) part.swap32();
  return new Uint32Array(part.buffer, part.byteOffset, part.length / 4);
}

/** The bits 9 to 55 of the entry at a word. */
export const offsetIn = (words: Uint32Array, at: number): number =>
  ((words[at] ?? 0) & 0xff_ffff) * 2 ** 32 + (((words[at + 1] ?? 0) & ~0x1ff) >>> 0);

/** Whether the entry at a word is of a compressed cluster. */
export const isPacked = (words: Uint32Array, at: number): boolean => ((words[at] ?? 0) & 0x4000_0000) !== 0;

/** The bits of an entry of a compressed cluster: its place in bytes, and how many more sectors of 512 it reaches into. */
export function packedIn(
  words: Uint32Array,
  at: number,
  clusterSize: number,
): { readonly at: number; readonly size: number } {
  const bits = 62 - (Math.log2(clusterSize) - 8) - 32; // of the upper half
  const upper = (words[at] ?? 0) & 0x3fff_ffff;
  const offset = (upper & ((1 << bits) - 1)) * 2 ** 32 + (words[at + 1] ?? 0);
  const sectors = (upper >>> bits) + 1;
  return { at: offset, size: sectors * 512 - (offset % 512) };
}
