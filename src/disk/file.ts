import type { FileHandle } from 'node:fs/promises';
import { DiskError } from '../errors.ts';
import { type Bytes, refuseBeyond } from './bytes.ts';

/** The bytes of an open file, which stays the caller's to close. */
export const fileBytes = (handle: FileHandle, size: number): Bytes => ({
  size,
  async read(into, at) {
    refuseBeyond(size, into, at);
    for (let done = 0; done < into.length; ) {
      const { bytesRead } = await handle.read(into, done, into.length - done, at + done).catch((cause) => {
        throw new DiskError(`Byte ${at + done} of the file cannot be read: ${cause.message}`, { cause });
      });
      if (bytesRead === 0) throw new DiskError(`The file ends at byte ${at + done}, where it went on before`);
      done += bytesRead;
    }
  },
});

/** The same bytes, kept in memory: an image made by a test, or the beginning of one that is being received. */
export const memoryBytes = (all: Uint8Array): Bytes => ({
  size: all.length,
  async read(into, at) {
    refuseBeyond(all.length, into, at);
    into.set(all.subarray(at, at + into.length));
  },
});
