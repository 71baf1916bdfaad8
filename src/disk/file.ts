import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { DiskError } from '../errors.ts';
import { type Bytes, refuseBeyond } from './bytes.ts';

/** The bytes of an open file, which stays the caller's to close. */
export function fileBytes(handle: FileHandle, size: number): Bytes {
  let inARow = 0;

  /** As many bytes as come at once. */
  const some = async (into: Uint8Array, at: number): Promise<number> => {
    inARow = into.length > small || inARow === most ? 0 : inARow + 1;
    if (inARow > 0) return readSync(handle.fd, into, 0, into.length, at);
    return (await handle.read(into, 0, into.length, at)).bytesRead;
  };

  return {
    size,
    async read(into, at) {
      refuseBeyond(size, into, at);
      for (let done = 0; done < into.length; ) {
        const length = await some(into.subarray(done), at + done).catch((cause) => {
          throw new DiskError(`Byte ${at + done} of the file cannot be read: ${cause.message}`, { cause });
        });
        if (length === 0) throw new DiskError(`The file ends at byte ${at + done}, where it went on before`);
        done += length;
      }
    },
  };
}

/** So few bytes are read at once: to wait for another thread takes ten times as long. */
const small = 64 * 1024;
/** So many of them in a row: signals must be heard. */
const most = 32;

/** The same bytes, kept in memory: an image made by a test, or the beginning of one that is being received. */
export const memoryBytes = (all: Uint8Array): Bytes => ({
  size: all.length,
  async read(into, at) {
    refuseBeyond(all.length, into, at);
    into.set(all.subarray(at, at + into.length));
  },
});
