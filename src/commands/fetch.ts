import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../define/app.ts';
import { ServiceError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';
import type { Image } from '../glance/types.ts';
import { type Ask, continued, type Pace } from '../transfer/continued.ts';
import { copy } from '../transfer/copy.ts';
import type { Sink } from '../transfer/sink.ts';
import { proofOf } from './proof.ts';

/** How the data of an image come. */
export interface Fetching {
  readonly progress?: boolean;
  readonly prefer?: string;
  readonly allow_md5_fallback?: boolean;
}

/** Fetches the data of an image into a sink, verified; gives the name of the hash that they were verified by. */
export async function fetchImage(
  app: App,
  { images }: Glance,
  image: Image,
  sink: Sink,
  { progress = false, prefer, allow_md5_fallback: allowMd5 = false }: Fetching,
): Promise<string | undefined> {
  const { watchers, learn, digest: proof, by } = proofOf(image, allowMd5);
  const size = image.size ?? undefined;
  const ask = inGlancesWords(image.id, images.data(image.id, prefer));
  const meter = app.meter(image.name || image.id, size, progress);
  try {
    const data = continued(ask, { size, learn, proof, pace: paceOf(app) });
    await copy(data, sink, [...watchers, meter], app.signal);
  } finally {
    meter.stop();
  }
  return by();
}

const paceOf = ({ signal, stdio: { tell } }: App): Pace => ({
  pause: (ms) => sleep(ms, undefined, { signal }),
  tell,
});

const inGlancesWords =
  (id: string, ask: Ask): Ask =>
  (span, again) =>
    ask(span, again).catch((error: unknown) => {
      if (!(error instanceof ServiceError)) throw error;
      const { status, detail, requestId, wait } = error;
      const message = `Unable to download image '${id}'. (HTTP ${detail})`;
      throw new ServiceError(status, detail, message, requestId, wait);
    });
