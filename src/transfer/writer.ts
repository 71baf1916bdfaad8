import { writeWhole } from './system.ts';

/** Writes into a file, from a place of its own on. */
export interface Writer {
  /** Where the next byte goes. */
  readonly at: number;
  write(chunk: Uint8Array): void;
}

/** A writer of every byte, from `at` on. */
export const writerAt = (fd: number, at: number): Writer => ({
  get at() {
    return at;
  },
  write(chunk) {
    writeWhole(fd, chunk, at);
    at += chunk.length;
  },
});

/**
 * A writer, from `at` on, that leaves out zeros where they fill whole blocks: they become holes, if nothing was there
 * before, and if in the end the file is made as long as it must be. Blocks are those of the file, however the bytes
 * are cut into chunks.
 */
export function sparseWriterAt(fd: number, at: number): Writer {
  let zerosFrom: number | undefined;
  return {
    get at() {
      return at;
    },
    write(chunk) {
      let dataFrom: number | undefined;
      for (let from = 0, to = 0; from < chunk.length; from = to) {
        to = Math.min(chunk.length, from + block - (at % block));
        if (isZero(chunk, from, to)) {
          if (dataFrom !== undefined) writeWhole(fd, chunk.subarray(dataFrom, from), at - (from - dataFrom));
          dataFrom = undefined;
          zerosFrom ??= at;
        } else {
          if (zerosFrom !== undefined && !hasBlock(zerosFrom, at)) writeZeros(fd, zerosFrom, at);
          zerosFrom = undefined;
          dataFrom ??= from;
        }
        at += to - from;
      }
      if (dataFrom !== undefined) writeWhole(fd, chunk.subarray(dataFrom), at - (chunk.length - dataFrom));
    },
  };
}

/** The least that is worth a hole, in bytes. */
const block = 64 * 1024;
const zeros = Buffer.alloc(block);

/** The first byte mostly tells, for less than a call. */
const isZero = (chunk: Uint8Array, from: number, to: number): boolean =>
  chunk[from] === 0 && zeros.compare(chunk, from, to, 0, to - from) === 0;

const hasBlock = (from: number, to: number): boolean => Math.ceil(from / block) < Math.floor(to / block);

function writeZeros(fd: number, from: number, to: number): void {
  for (let at = from; at < to; at += block) writeWhole(fd, zeros.subarray(0, to - at), at);
}
