import type { Disk } from '../disk/format.ts';
import type { Source } from '../transfer/source.ts';

const piece = 1024 * 1024;

/** The bytes of a disk as its guest sees them, to be sent or hashed; the file that they come from stays open. */
export const diskSource = (name: string, disk: Disk): Source => ({
  name,
  size: disk.size,
  again: true,
  async *chunks() {
    const buffer = Buffer.allocUnsafeSlow(Math.min(piece, disk.size));
    for (let at = 0; at < disk.size; at += piece) {
      const chunk = buffer.subarray(0, Math.min(piece, disk.size - at));
      await disk.read(chunk, at);
      yield chunk;
    }
  },
  close: async () => {},
});
