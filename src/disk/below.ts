import type { Disk, Extent } from './format.ts';

/** Reads what a disk has from the one below it: zeros where that has ended. */
export async function readBelow(below: Disk, into: Uint8Array, at: number): Promise<void> {
  const some = into.subarray(0, Math.max(0, below.size - at));
  if (some.length > 0) await below.read(some, at);
  into.fill(0, some.length);
}

/** The extents of a disk, with those of the one below it where nothing was written to it. */
export async function* extentsOver(own: AsyncIterable<Extent>, below: Disk): AsyncGenerator<Extent> {
  const under = below.extents()[Symbol.asyncIterator]();
  let seen: Extent | undefined;
  for await (const extent of own) {
    if (extent.kind !== 'unallocated') {
      yield extent;
      continue;
    }
    const end = extent.start + extent.length;
    for (let at = extent.start; at < end; ) {
      while (seen === undefined || seen.start + seen.length <= at) {
        const next = await under.next();
        seen = next.done ? { start: at, length: end - at, kind: 'unallocated' } : next.value;
      }
      const { kind } = seen;
      const length = Math.min(end, seen.start + seen.length) - at;
      yield { start: at, length, kind };
      at += length;
    }
  }
}
