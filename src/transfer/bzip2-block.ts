import type { Bits } from './bits.ts';

/** Symbols that are read by one code before the next selector says which one goes on. */
const groupSize = 50;
const longest = 20;
/** Symbols that stand for a part of the length of a run. */
const [runA, runB] = [0, 1];

const damaged = () => new Error('invalid block');

/** Unpacks a block, which has at most so many bytes before its runs are spread; gives the CRC of what is in it. */
export function blockOf(most: number): (bits: Bits) => Generator<Buffer, number> {
  const table = new Uint32Array(most); // the bytes, and above them where each one's successor is
  return (bits) => {
    if (bits.take(1) !== 0) throw new Error('it is of a kind that bzip2 left behind in its first year');
    const origin = bits.take(24);
    const count = readSymbols(bits, table);
    if (origin >= count && count > 0) throw damaged();
    return spread(table, count, origin);
  };
}

/** The CRC of a file, from that of what is before a block and the block's own. */
export const combined = (before: number, crc: number): number =>
  (((before << 1) | (before >>> 31)) ^ crc) >>> 0;

/** A code by which symbols are written, shorter ones for those that are frequent. */
interface Code {
  /** For each length, the last code of it, filled up to the longest; and what to take from one for its place. */
  readonly limits: Int32Array;
  readonly offsets: Int32Array;
  readonly symbols: Uint16Array;
}

/** Reads the bytes as they were moved and sorted; gives how many there are. */
function readSymbols(bits: Bits, table: Uint32Array): number {
  const order = usedBytes(bits);
  const codes = bits.take(3);
  if (order.length === 0 || codes < 2 || codes > 6) throw damaged();
  const selectors = readSelectors(bits, codes);
  const all = Array.from({ length: codes }, () => readCode(bits, order.length + 2));
  const end = order.length + 1;
  const next = symbolsIn(bits, selectors, all);
  const totals = new Uint32Array(256);
  let count = 0;
  for (let symbol = next(); symbol !== end; ) {
    let run = 0;
    for (let worth = 1; symbol === runA || symbol === runB; worth *= 2) {
      if (worth > table.length) throw damaged();
      run += worth * (symbol + 1);
      symbol = next();
    }
    if (run > 0) {
      if (count + run > table.length) throw damaged();
      const byte = order[0] ?? 0;
      table.fill(byte, count, count + run);
      totals[byte] = (totals[byte] ?? 0) + run;
      count += run;
    }
    if (symbol === end) break;
    if (count >= table.length) throw damaged();
    const place = symbol - 1;
    const byte = order[place] ?? 0;
    order.copyWithin(1, 0, place);
    order[0] = byte;
    table[count] = byte;
    totals[byte] = (totals[byte] ?? 0) + 1;
    count += 1;
    symbol = next();
  }
  link(table, count, totals);
  return count;
}

/** The symbols one after the other. */
function symbolsIn(bits: Bits, selectors: Uint8Array, codes: readonly Code[]): () => number {
  let [group, left] = [0, 0];
  let code: Code | undefined;
  return () => {
    if (left === 0) {
      code = codes[selectors[group] ?? codes.length];
      group += 1;
      left = groupSize;
    }
    if (code === undefined) throw damaged();
    left -= 1;
    const { limits, offsets, symbols } = code;
    const ahead = bits.peek(longest);
    let length = 1;
    while (length <= longest && ahead > (limits[length] ?? 0)) length += 1;
    if (length > longest) throw damaged();
    bits.skip(length);
    return symbols[(ahead >>> (longest - length)) - (offsets[length] ?? 0)] ?? 0;
  };
}

/** The bytes that are used, in order: a map of sixteens, and a map of each sixteen that is used. */
function usedBytes(bits: Bits): Uint8Array {
  const sixteens = bits.take(16);
  const used: number[] = [];
  for (let high = 0; high < 16; high += 1) {
    const map = (sixteens & (0x8000 >>> high)) === 0 ? 0 : bits.take(16);
    for (let low = 0; low < 16; low += 1) if ((map & (0x8000 >>> low)) !== 0) used.push(high * 16 + low);
  }
  return Uint8Array.from(used);
}

function readSelectors(bits: Bits, codes: number): Uint8Array {
  const selectors = new Uint8Array(bits.take(15));
  const order = Uint8Array.from({ length: codes }, (_, index) => index);
  for (const index of selectors.keys()) {
    let place = 0;
    while (bits.take(1) === 1) place += 1;
    if (place >= codes) throw damaged();
    const code = order[place] ?? 0;
    order.copyWithin(1, 0, place);
    order[0] = code;
    selectors[index] = code;
  }
  return selectors;
}

/** A code as the lengths of its symbols, each as what it differs from the one before. */
function readCode(bits: Bits, symbols: number): Code {
  const lengths = new Uint8Array(symbols);
  let length = bits.take(5);
  for (const index of lengths.keys()) {
    while (bits.take(1) === 1) length += bits.take(1) === 0 ? 1 : -1;
    if (length < 1 || length > longest) throw damaged();
    lengths[index] = length;
  }
  const [limits, offsets] = [new Int32Array(longest + 1), new Int32Array(longest + 1)];
  const sorted: number[] = [];
  let code = 0;
  for (let size = 1; size <= longest; size += 1) {
    code *= 2;
    offsets[size] = code - sorted.length;
    for (const [symbol, its] of lengths.entries()) {
      if (its !== size) continue;
      sorted.push(symbol);
      code += 1;
    }
    if (code > 2 ** size) throw damaged();
    limits[size] = code * 2 ** (longest - size) - 1;
  }
  return { limits, offsets, symbols: Uint16Array.from(sorted) };
}

/** Undoes the sorting: writes above each byte where the one is that follows the byte of that place in the order. */
function link(table: Uint32Array, count: number, totals: Uint32Array): void {
  let sum = 0;
  for (const [byte, total] of totals.entries()) {
    totals[byte] = sum;
    sum += total;
  }
  for (let index = 0; index < count; index += 1) {
    const byte = (table[index] ?? 0) & 0xff;
    const place = totals[byte] ?? 0;
    table[place] = (table[place] ?? 0) | (index << 8);
    totals[byte] = place + 1;
  }
}

/** Bytes of a piece of what comes out. */
const pieceSize = 256 * 1024;

/** Follows the links; a byte that stands there four times is followed by how many more of it there are. */
function* spread(table: Uint32Array, count: number, origin: number): Generator<Buffer, number> {
  let piece = Buffer.allocUnsafe(pieceSize);
  let [filled, crc, last, run] = [0, -1, -1, 0];
  let entry = table[origin] ?? 0;
  for (let left = count; left > 0; left -= 1) {
    entry = table[entry >>> 8] ?? 0;
    const byte = entry & 0xff;
    let times = 1;
    if (run === 4) [times, run] = [byte, 0];
    else {
      run = byte === last ? run + 1 : 1;
      last = byte;
    }
    for (; times > 0; times -= 1) {
      if (filled === pieceSize) {
        yield piece;
        [piece, filled] = [Buffer.allocUnsafe(pieceSize), 0];
      }
      piece[filled] = last;
      filled += 1;
      crc = (crc << 8) ^ (crcs[(crc >>> 24) ^ last] ?? 0);
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
  return ~crc >>> 0;
}

/** What each byte does to a CRC of 32 bits, the highest one first (polynomial 0x04c11db7). */
const crcs = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});
