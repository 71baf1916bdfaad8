import { getHeapStatistics } from 'node:v8';
import type { Bytes } from '../../src/disk/bytes.ts';

/** Bytes, and what reading them has cost until now: memory beyond that at the beginning, and how much was read. */
export interface Watched extends Bytes {
  most(): number;
  bytesRead(): number;
}

/** Looks at the memory whenever something is read, for which there must be room; garbage counts as well. */
export function watched(bytes: Bytes): Watched {
  const before = memoryInUse();
  let [most, sum] = [0, 0];
  const look = () => {
    most = Math.max(most, memoryInUse() - before);
  };
  return {
    size: bytes.size,
    async read(into, at) {
      sum += into.length;
      look();
      await bytes.read(into, at);
    },
    most: () => {
      look();
      return most;
    },
    bytesRead: () => sum,
  };
}

/** Bytes of objects, and of buffers outside the heap. */
export function memoryInUse(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
