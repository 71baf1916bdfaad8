import type { Stream } from '../disk/streams.ts';
import { breath } from '../disk/stretches.ts';
import type { Source } from '../transfer/source.ts';

const zeros = Buffer.alloc(1024 * 1024);

/** All bytes of a file that a disk becomes, zeros too; each piece is valid until the next one is asked for. */
export async function* chunksOf(stream: Stream): AsyncGenerator<Uint8Array> {
  for await (const piece of stream.pieces()) {
    if ('bytes' in piece) yield piece.bytes;
    else
      for (let left = piece.zeros; left > 0; left -= zeros.length) {
        yield zeros.subarray(0, left);
        await breath();
      }
  }
}

/** The same to be sent or hashed; the file that the disk is in stays open. */
export const streamSource = (name: string, stream: Stream): Source => ({
  name,
  size: stream.size,
  again: true,
  chunks: () => chunksOf(stream),
  close: async () => {},
});
