import type { App } from '../define/app.ts';
import { ServiceError, VerifyError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';
import type { Image } from '../glance/types.ts';
import { apart } from '../transfer/apart.ts';
import { continued, type Journey } from '../transfer/continued.ts';
import { copy, type Each, show } from '../transfer/copy.ts';
import { limitRate } from '../transfer/rate.ts';
import type { Sink } from '../transfer/sink.ts';
import { openFile } from '../transfer/source.ts';
import type { Ask } from '../transfer/stretch.ts';
import { statAt } from '../transfer/system.ts';
import { watched } from '../transfer/watched.ts';
import { type Leniency, proofOf } from './proof.ts';
import { pauseOf } from './rate.ts';

/** How the data of an image come. */
export interface Fetching extends Leniency {
  readonly progress?: boolean | 'json';
  readonly prefer?: string;
  readonly parallel?: number | 'auto';
  readonly resume?: boolean;
  /** Bytes a second. */
  readonly limit_rate?: number;
}

/** Fetches the data of an image into a sink, verified; gives the name of the hash that they were verified by. */
export async function fetchImage(
  app: App,
  { images }: Glance,
  image: Image,
  sink: Sink,
  { progress = false, prefer, parallel, resume = false, limit_rate: rate, ...leniency }: Fetching,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { watchers, digest, learn, by } = proofOf(image, leniency);
  const { part } = sink;
  const size = typeof image.size === 'number' ? image.size : undefined;
  const kept = resume && part ? part.goOn(wordsFor(image)) : { bytes: 0, marks: {} };
  learn(kept.marks);
  const pause = pauseOf(signal);
  const isTrusted = digest !== undefined || leniency.no_verify === true;
  const data = inGlancesWords(image.id, images.data(image.id, prefer));
  const ask = isTrusted ? data : fromCloudOnly(image.id, data);
  const journey: Journey = {
    ...{ from: kept.bytes, marks: kept.marks, size, proof: digest },
    learn(marks) {
      learn(marks);
      part?.learn(marks);
    },
    pace: { pause, tell: app.stdio.tell },
  };
  const limit = rate === undefined ? undefined : limitRate(rate, pause);
  const meter = app.meter(image.name || image.id, size, progress);
  const there = async function* () {
    if (kept.bytes > 0) meter.stage('checking', { total: kept.bytes });
    if (part) yield* part.read(0, kept.bytes);
    meter.stage('downloading', { done: kept.bytes, total: size });
  };
  try {
    const all = [...watchers, meter];
    if (parallel !== undefined && part && size !== undefined) {
      const spans = apart(ask, part, { ...journey, size, lanes: parallel, limit });
      const placed = { ...sink, write: ({ length }: Uint8Array) => part.reach(length) };
      await copy(spans, placed, all, signal, there());
    } else {
      const whole = continued(ask, journey);
      const held: Each = limit ? (see, anew) => whole((chunk) => show(chunk, [limit, { see }]), anew) : whole;
      await copy(held, sink, all, signal, there());
    }
  } finally {
    meter.stop();
  }
  return by();
}

/** Whether a file holds the data of an image already: then the name of the hash that says so. */
export async function isComplete(
  app: App,
  image: Image,
  path: string,
  { progress = false, ...leniency }: Fetching,
): Promise<string | undefined> {
  if (statAt(path)?.size !== image.size) return undefined;
  const { watchers, by } = proofOf(image, leniency);
  const source = await openFile(path);
  const meter = app.meter(image.name || image.id, source.size, progress);
  meter.stage('checking', { total: source.size });
  try {
    for await (const _ of watched(source, [...watchers, meter]).chunks()) app.signal.throwIfAborted();
    return by();
  } catch (error) {
    if (error instanceof VerifyError) return undefined;
    throw error;
  } finally {
    meter.stop();
    await source.close();
  }
}

/** Whatever tells the data of this image from others. */
const wordsFor = ({ id, size, checksum, os_hash_algo, os_hash_value }: Image): string =>
  JSON.stringify({ id, size, checksum, os_hash_algo, os_hash_value });

/** Refuses data of another server: what it says of them itself proves nothing. */
const fromCloudOnly =
  (id: string, ask: Ask): Ask =>
  async (span, again) => {
    const stretch = await ask(span, again);
    if (stretch.elsewhere === undefined) return stretch;
    stretch.drop();
    throw new VerifyError(
      `The data of image ${id} come from another server, ${stretch.elsewhere}, and the cloud has no hash to verify them by; --no-verify takes them`,
    );
  };

const inGlancesWords =
  (id: string, ask: Ask): Ask =>
  (span, again) =>
    ask(span, again).catch((error: unknown) => {
      if (!(error instanceof ServiceError)) throw error;
      const { status, detail, requestId, wait } = error;
      const message = `Unable to download image '${id}'. (HTTP ${detail})`;
      throw new ServiceError(status, detail, message, requestId, wait);
    });
