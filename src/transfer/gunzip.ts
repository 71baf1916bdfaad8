import { createGunzip } from 'node:zlib';

/** Unpacks what gzip packed, also several members behind each other, in pieces of their own; fails where it is damaged. */
export async function* gunzip(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unpacked = createGunzip({ chunkSize: 256 * 1024 });
  const closed = new Promise<void>((resolve) => unpacked.once('close', resolve));
  const feed = async () => {
    for await (const chunk of packed) {
      // its callback never comes when it has failed
      const taken = new Promise<void>((resolve) => unpacked.write(chunk, () => resolve()));
      await Promise.race([taken, closed]);
      if (unpacked.destroyed) return;
    }
    unpacked.end();
  };
  feed().catch((error) => unpacked.destroy(error));
  yield* unpacked;
}
