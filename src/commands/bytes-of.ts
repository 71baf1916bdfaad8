import { UsageError } from '../errors.ts';
import type { Source } from '../transfer/source.ts';

/** All bytes of a source, which is closed then; `refusal` is the sentence for more than `most` of them. */
export async function bytesOf(source: Source, most: number, refusal: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source.chunks()) {
      size += chunk.length;
      if (size > most) throw new UsageError(refusal);
      pieces.push(Buffer.from(chunk));
    }
  } finally {
    await source.close();
  }
  return Buffer.concat(pieces);
}
