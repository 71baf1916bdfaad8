import type { Disk } from './format.ts';
import { qcow2Stream } from './qcow2-stream.ts';
import { type Piece, piecesOf, stretchesOf } from './stretches.ts';

/** A disk on its way into another format: a file that can be written from its first byte to its last one. */
export interface Stream {
  readonly format: Target;
  /** Bytes of the file, which are known before. */
  readonly size: number;
  /** The file from its beginning; may be asked for once more. */
  pieces(): AsyncIterable<Piece>;
}

/** What disks are converted to. */
export const targets = ['raw', 'qcow2'] as const;
export type Target = (typeof targets)[number];

/** The bytes of a disk as its guest sees them. */
export const rawStream = (disk: Disk): Stream => ({
  format: 'raw',
  size: disk.size,
  pieces: () => piecesOf(disk, stretchesOf(disk)),
});

/** The disk in another format; `look` is told of the bytes that must be read before, to know the size. */
export async function streamOf(
  disk: Disk,
  format: Target,
  look?: (chunk: Uint8Array) => void,
): Promise<Stream> {
  return format === 'raw' ? rawStream(disk) : qcow2Stream(disk, look);
}
