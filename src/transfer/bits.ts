/** Bits of bytes as they come, the highest one of each first. */
export interface Bits {
  /** Waits until so many bytes are at hand, or all that there are; tells whether there are any. */
  fill(bytes: number): Promise<boolean>;
  /** The next bits, at most 24; fails where there are none. */
  take(count: number): number;
  take32(): number;
  /** The next bits, at most 24, which stay there. */
  peek(count: number): number;
  skip(count: number): void;
  /** Leaves out what is left of the byte. */
  align(): void;
}

/** The bits of some bytes; what is at hand is kept in memory. */
export function bitsOf(chunks: AsyncIterable<Uint8Array>): Bits {
  const source = chunks[Symbol.asyncIterator]();
  let ended = false;
  let bytes = Buffer.alloc(0);
  let at = 0;
  let [held, count] = [0, 0]; // the lowest bits of `held` are those that come next

  const need = (wanted: number): void => {
    while (count < wanted) {
      const byte = bytes[at];
      if (byte === undefined) throw new Error('unexpected end of file');
      held = (held << 8) | byte;
      at += 1;
      count += 8;
    }
  };
  const peek = (wanted: number): number => {
    need(wanted);
    return (held >>> (count - wanted)) & ((1 << wanted) - 1);
  };
  const take = (wanted: number): number => {
    const value = peek(wanted);
    count -= wanted;
    return value;
  };

  return {
    async fill(wanted) {
      const pieces = [bytes.subarray(at)];
      let there = bytes.length - at;
      while (there < wanted && !ended) {
        const { value, done } = await source.next();
        ended = done === true;
        if (value === undefined) break;
        pieces.push(Buffer.from(value));
        there += value.length;
      }
      if (pieces.length > 1) [bytes, at] = [Buffer.concat(pieces), 0];
      return there > 0;
    },
    peek,
    take,
    take32: () => take(16) * 65536 + take(16),
    skip(wanted) {
      count -= wanted;
    },
    align() {
      count -= count % 8;
      at -= count / 8;
      count = 0;
    },
  };
}
