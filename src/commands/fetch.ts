import type { App } from '../define/app.ts';
import { ServiceError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';
import type { Image } from '../glance/types.ts';
import { type Ask, continued } from '../transfer/continued.ts';
import { copy, type Each, show } from '../transfer/copy.ts';
import type { Sink } from '../transfer/sink.ts';
import { limitRate, type Watcher } from '../transfer/watch.ts';
import { proofOf } from './proof.ts';
import { pauseOf } from './rate.ts';

/** How the data of an image come. */
export interface Fetching {
  readonly progress?: boolean | 'json';
  readonly prefer?: string;
  readonly resume?: boolean;
  readonly limit_rate?: number;
  readonly allow_md5_fallback?: boolean;
  readonly no_verify?: boolean;
}

/** Fetches the data of an image into a sink, verified; gives the name of the hash that they were verified by. */
export async function fetchImage(
  app: App,
  { images }: Glance,
  image: Image,
  sink: Sink,
  { progress = false, prefer, resume = false, limit_rate: rate, ...wish }: Fetching,
): Promise<string | undefined> {
  const proof = proofOf(image, wish);
  const { part } = sink;
  const size = image.size ?? undefined;
  const kept = resume && part ? part.goOn(wordsFor(image)) : { bytes: 0, marks: {} };
  proof.learn(kept.marks);
  const pause = pauseOf(app);
  const data = continued(inGlancesWords(image.id, images.data(image.id, prefer)), {
    ...{ from: kept.bytes, marks: kept.marks, size, proof: proof.digest },
    learn(marks) {
      proof.learn(marks);
      part?.learn(marks);
    },
    pace: { pause, tell: app.stdio.tell },
  });
  const meter = app.meter(image.name || image.id, size, progress);
  const there = async function* () {
    meter.stage('checking', { total: kept.bytes });
    if (part) yield* part.read(0, kept.bytes);
    meter.stage('downloading', { done: kept.bytes, total: size });
  };
  try {
    const paced = rate === undefined ? data : slowedDown(data, limitRate(rate, pause));
    await copy(paced, sink, [...proof.watchers, meter], app.signal, there());
  } finally {
    meter.stop();
  }
  return proof.by();
}

const slowedDown =
  (each: Each, limit: Watcher): Each =>
  (see, anew) =>
    each((chunk) => show(chunk, [limit, { see }]), anew);

/** Whatever tells the data of this image from others. */
const wordsFor = ({ id, size, checksum, os_hash_algo, os_hash_value }: Image): string =>
  JSON.stringify({ id, size, checksum, os_hash_algo, os_hash_value });

const inGlancesWords =
  (id: string, ask: Ask): Ask =>
  (span, again) =>
    ask(span, again).catch((error: unknown) => {
      if (!(error instanceof ServiceError)) throw error;
      const { status, detail, requestId, wait } = error;
      const message = `Unable to download image '${id}'. (HTTP ${detail})`;
      throw new ServiceError(status, detail, message, requestId, wait);
    });
