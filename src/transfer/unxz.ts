/**
 * Unpacks what xz packed, also several files behind each other; in WebAssembly, with dictionaries up to 64 MiB (xz -9).
 * Each piece is a new one. Fails where the data are damaged or cut off, before it ends.
 */
export async function* unxz(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const loaded = await import('xz-decompress');
  // where the names of a CommonJS module are depends on who loads it
  const { XzReadableStream } = loaded.XzReadableStream === undefined ? loaded.default : loaded;
  const source = packed[Symbol.asyncIterator]();
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await source.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 }, // a chunk is overwritten once the next one is asked for
  );
  try {
    for await (const piece of new XzReadableStream(stream)) if (piece.length > 0) yield piece;
  } catch (error) {
    throw explained(error);
  }
}

/** What the numbers of xz_ret mean (linux/xz.h of XZ Embedded); only they are in the messages. */
const meanings: Readonly<Record<string, string>> = {
  2: 'its checksum is of a kind that is not known here',
  3: 'there is no memory left',
  4: 'its dictionary is larger than 64 MiB',
  5: 'incorrect header check',
  6: 'it needs a filter or a checksum that is not known here',
  7: 'incorrect data check',
  8: 'unexpected end of file',
};

function explained(error: unknown): unknown {
  const number = error instanceof Error ? /error code (\d+)$/.exec(error.message)?.[1] : undefined;
  const meaning = number === undefined ? undefined : meanings[number];
  return meaning === undefined ? error : new Error(meaning, { cause: error });
}
