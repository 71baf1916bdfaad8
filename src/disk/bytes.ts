import { DiskError } from '../errors.ts';
import type { Disk } from './format.ts';

/** Bytes that can be read at any place: a file, a part of one, a partition, an image in the cloud. */
export interface Bytes {
  /** How many there are. */
  readonly size: number;
  /** Fills all of `into` with what stands from `at` on; refuses with a DiskError where they end before. */
  read(into: Uint8Array, at: number): Promise<void>;
  /** Opens what it names; missing where nobody has asked for that. */
  readonly named?: Named | undefined;
}

/** Opens the disk in a file by the name that another one has for it, in that format where it is said. */
export type Named = (name: string, format?: string) => Promise<Disk>;

/** Some of the bytes as a new buffer; they must all be there, which is known before there is room for them. */
export async function readAt(bytes: Bytes, at: number, length: number): Promise<Buffer> {
  refuseBeyond(bytes.size, { length }, at);
  const into = Buffer.alloc(length);
  await bytes.read(into, at);
  return into;
}

/** A part of the bytes, counted from its own beginning. */
export function part(of: Bytes, start: number, size: number): Bytes {
  return {
    size,
    read: (into, at) => {
      refuseBeyond(size, into, at);
      return of.read(into, start + at);
    },
  };
}

/** Refuses a read that does not lie within the bytes. */
export function refuseBeyond(size: number, into: { readonly length: number }, at: number): void {
  if (at >= 0 && at + into.length <= size) return;
  throw new DiskError(`It ends at byte ${size}, where bytes ${at} to ${at + into.length} are wanted`);
}

/** Whether there is nothing but zeros in a part of some bytes, which is no longer than 64 KiB. */
export const isZero = (bytes: Uint8Array, from: number, to: number): boolean =>
  bytes[from] === 0 && zeros.compare(bytes, from, to, 0, to - from) === 0; // the first one tells mostly, for less

const zeros = Buffer.alloc(64 * 1024);
