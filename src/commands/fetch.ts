import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../define/app.ts';
import { ServiceError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';
import type { Image } from '../glance/types.ts';
import { type Ask, continued, type Journey, type Pace } from '../transfer/continued.ts';
import { copy } from '../transfer/copy.ts';
import type { Sink } from '../transfer/sink.ts';
import { proofOf } from './proof.ts';

/** How the data of an image come. */
export interface Fetching {
  readonly progress?: boolean;
  readonly prefer?: string;
  readonly resume?: boolean;
  readonly allow_md5_fallback?: boolean;
}

/** Fetches the data of an image into a sink, verified; gives the name of the hash that they were verified by. */
export async function fetchImage(
  app: App,
  { images }: Glance,
  image: Image,
  sink: Sink,
  { progress = false, prefer, resume = false, allow_md5_fallback: allowMd5 = false }: Fetching,
): Promise<string | undefined> {
  const proof = proofOf(image, allowMd5);
  const { part } = sink;
  const kept = resume && part ? part.goOn(wordsFor(image)) : { bytes: 0, marks: {} };
  proof.learn(kept.marks);
  const journey: Journey = {
    ...{ from: kept.bytes, marks: kept.marks, size: image.size ?? undefined, proof: proof.digest },
    learn(marks) {
      proof.learn(marks);
      part?.learn(marks);
    },
    pace: paceOf(app),
  };
  const ask = inGlancesWords(image.id, images.data(image.id, prefer));
  const meter = app.meter(image.name || image.id, journey.size, progress);
  try {
    const there = part?.read(0, kept.bytes);
    await copy(continued(ask, journey), sink, [...proof.watchers, meter], app.signal, there);
  } finally {
    meter.stop();
  }
  return proof.by();
}

/** Whatever tells the data of this image from others. */
const wordsFor = ({ id, size, checksum, os_hash_algo, os_hash_value }: Image): string =>
  JSON.stringify({ id, size, checksum, os_hash_algo, os_hash_value });

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
