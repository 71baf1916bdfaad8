import { type Bytes, refuseBeyond } from './bytes.ts';

/** How much is kept, and in pieces of what size. */
export interface CacheSize {
  readonly block: number;
  readonly blocks: number;
}

const usual: CacheSize = { block: 4096, blocks: 2048 };

/**
 * The same bytes, small reads of which are served from blocks that were read before; the memory is bounded. A read of
 * sixteen blocks or more goes past them.
 */
export function cached(bytes: Bytes, { block: length, blocks }: CacheSize = usual): Bytes {
  const kept = new Map<number, Promise<Buffer>>();

  const blockAt = (index: number): Promise<Buffer> => {
    const found = kept.get(index);
    if (found !== undefined) {
      kept.delete(index);
      kept.set(index, found); // the map's order is that of use
      return found;
    }
    const block = Buffer.allocUnsafe(Math.min(length, bytes.size - index * length));
    const filled = bytes.read(block, index * length).then(() => block);
    filled.catch(() => kept.delete(index));
    kept.set(index, filled);
    for (const oldest of kept.keys()) {
      if (kept.size <= blocks) break;
      kept.delete(oldest);
    }
    return filled;
  };

  return {
    size: bytes.size,
    named: bytes.named,
    async read(into, at) {
      refuseBeyond(bytes.size, into, at);
      if (into.length >= 16 * length) return bytes.read(into, at);
      for (let done = 0; done < into.length; ) {
        const index = Math.floor((at + done) / length);
        const from = at + done - index * length;
        const block = await blockAt(index);
        const some = block.subarray(from, from + into.length - done);
        into.set(some, done);
        done += some.length;
      }
    },
  };
}

/** Bytes that count how many of them were asked for. */
export interface Counted extends Bytes {
  read(into: Uint8Array, at: number): Promise<void>;
  /** Bytes read until now. */
  bytesRead(): number;
  /** Where the last read began. */
  lastRead(): number;
}

/** The same bytes, with a count of what is read of them. */
export function counted(bytes: Bytes): Counted {
  let [sum, last] = [0, 0];
  return {
    size: bytes.size,
    named: bytes.named,
    read(into, at) {
      sum += into.length;
      last = at;
      return bytes.read(into, at);
    },
    bytesRead: () => sum,
    lastRead: () => last,
  };
}
