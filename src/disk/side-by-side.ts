import { refuseBeyond } from './bytes.ts';
import type { Disk } from './format.ts';

/** Disks that follow each other, as one. */
export function sideBySide(format: string, parts: readonly Disk[]): Disk {
  let size = 0;
  const placed = parts.map((disk) => {
    const start = size;
    size += disk.size;
    return { disk, start };
  });
  return {
    format,
    size,
    async read(into, at) {
      refuseBeyond(size, into, at);
      for (const { disk, start } of placed) {
        const from = Math.max(at, start);
        const some = into.subarray(from - at, Math.max(from, start + disk.size) - at);
        if (some.length > 0) await disk.read(some, from - start);
      }
    },
    async *extents() {
      for (const { disk, start } of placed) {
        for await (const { start: at, length, kind } of disk.extents()) {
          yield { start: start + at, length, kind };
        }
      }
    },
  };
}
