import type { Gunzip } from 'node:zlib';
import { TglanceError, VerifyError } from '../errors.ts';
import type { Sink } from './sink.ts';

/** A sink for data that gzip has packed: what is in them goes on to another. */
export async function unpacking(to: Sink): Promise<Sink> {
  const { createGunzip } = await import('node:zlib'); // at the top it would cost every download
  const begin = () => {
    const gunzip = createGunzip({ chunkSize: 256 * 1024 });
    const passed = passOn(gunzip, to);
    passed.catch(() => {}); // told by whoever waits for it next
    return { gunzip, passed };
  };
  let { gunzip, passed } = begin();
  const { rewind } = to;
  return {
    async write(chunk) {
      // its callback never comes when the other side has failed
      const taken = new Promise<void>((resolve) => gunzip.write(chunk, () => resolve()));
      await Promise.race([taken, passed]);
    },
    ...(rewind && {
      rewind() {
        gunzip.destroy();
        rewind();
        ({ gunzip, passed } = begin());
      },
    }),
    async finish() {
      gunzip.end();
      await passed;
      await to.finish();
    },
    abandon(why) {
      gunzip.destroy();
      return to.abandon(why);
    },
  };
}

async function passOn(gunzip: Gunzip, to: Sink): Promise<void> {
  try {
    for await (const piece of gunzip) await to.write(piece);
  } catch (error) {
    const isOurs = error instanceof TglanceError || !(error instanceof Error && 'errno' in error);
    throw isOurs ? error : new VerifyError(`The data cannot be unpacked: ${error.message}`, { cause: error });
  }
}
