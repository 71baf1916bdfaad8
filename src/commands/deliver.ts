import type { App, Meter } from '../define/app.ts';
import { didYouMean } from '../define/nearest.ts';
import { ServiceError, UsageError, VerifyError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';
import type { Image } from '../glance/types.ts';
import { slowed } from '../transfer/rate.ts';
import { openFile, type Source } from '../transfer/source.ts';
import { type Digest, digest, expectSize, knows, type Watcher } from '../transfer/watch.ts';
import { watched } from '../transfer/watched.ts';
import { pauseOf } from './rate.ts';
import { lookAtImport, waitFor } from './wait.ts';

/** The algorithm that Glance hashes with unless its operator chose another. */
const usualHash = 'sha512';

/** How data go up. */
export interface Sending {
  readonly progress?: boolean | 'json';
  /** Bytes a second. */
  readonly limit_rate?: number;
  readonly no_verify?: boolean;
}

/** How the data of an image go up, and what of it is waited for. */
export interface Delivery extends Sending {
  readonly store?: string;
  readonly wait?: boolean;
  readonly timeout: number;
}

/**
 * Sends the data of an image and compares the record with what was sent: it must be active, and of the same
 * size and hash. Gives the complete record.
 */
export const deliver = (
  app: App,
  glance: Glance,
  image: Pick<Image, 'id' | 'name'>,
  source: Source,
  options: Delivery,
): Promise<Image> =>
  measured(app, image, source, options.progress, async (meter) => {
    const { images } = glance;
    const { store, wait, timeout } = options;
    const sent = await send(app, meter, source, options, (body) => images.upload(image.id, body, store));
    meter.stage(wait ? 'waiting for import' : 'verifying');
    const record = wait
      ? await waitFor(app, timeout, () => lookAtImport(glance, image.id))
      : await images.show(image.id);
    await compare(record, sent, source, meter, app.stdio.tell);
    return record;
  });

/** Measures what is done with a source, which is closed at the end. */
export async function measured<T>(
  app: App,
  { id, name }: Pick<Image, 'id' | 'name'>,
  source: Source,
  progress: boolean | 'json' = false,
  act: (meter: Meter) => Promise<T>,
): Promise<T> {
  const meter = app.meter(name || id, source.size, progress);
  try {
    const result = await act(meter);
    await meter.finish?.();
    return result;
  } finally {
    meter.stop();
    await source.close();
  }
}

/** What went over the wire in the end; no hash where nobody wants to compare it. */
export interface Sent {
  readonly bytes: number;
  readonly sha512: string | undefined;
}

/** Sends a source with `put`, counted, hashed and shown to a person; the source stays open. */
export async function send(
  app: App,
  meter: Meter,
  source: Source,
  { limit_rate: rate, no_verify = false }: Sending,
  put: (body: Source) => Promise<void>,
): Promise<Sent> {
  const hash = no_verify ? undefined : digest(usualHash);
  let bytes = 0;
  let tries = 0;
  const count: Watcher = {
    start: () => {
      tries += 1;
      bytes = 0;
      meter.stage('uploading', { total: source.size });
    },
    see: (chunk) => {
      bytes += chunk.length;
      return meter.see(chunk);
    },
  };
  const paced = rate === undefined ? source : slowed(source, rate, pauseOf(app.signal));
  const checks = source.size === undefined ? [] : [expectSize(source.size)];
  try {
    await put(watched(paced, [...checks, ...(hash ? [hash] : []), count]));
  } catch (error) {
    // the answer to an earlier try may have been lost after Glance had it all: then the record says so
    if (!(error instanceof ServiceError && error.status === 409 && tries > 1)) throw error;
  }
  return { bytes, sha512: hash?.hex() };
}

/** Refuses a record that is not what was sent. */
export async function compare(
  record: Image,
  { bytes, sha512 }: Sent,
  source: Source,
  meter: Meter,
  tell: (line: string) => void,
): Promise<void> {
  const { id, status, size, os_hash_value: expected } = record;
  if (status !== 'active') {
    throw new VerifyError(`Image ${id} is ${status} after its data were sent, not active`);
  }
  if (size !== bytes) {
    throw new VerifyError(`Image ${id} has ${size} bytes; ${bytes} were sent from ${source.name}`);
  }
  if (sha512 === undefined) {
    tell(`Image ${id} is not verified, but for its size`);
    return;
  }
  const algorithm = record.os_hash_algo ?? 'none';
  if (typeof expected !== 'string' || !(algorithm === usualHash || (knows(algorithm) && source.again))) {
    tell(
      `The hash of image ${id} (${algorithm}) could not be compared with ${source.name}; its size is right`,
    );
    return;
  }
  const value = algorithm === usualHash ? sha512 : await hashOf(source, digest(algorithm), meter);
  if (value.toLowerCase() !== expected.toLowerCase()) {
    throw new VerifyError(
      `Image ${id} is damaged: its ${algorithm} is ${expected}; that of ${source.name} is ${value}`,
    );
  }
}

async function hashOf(source: Source, hash: Digest, { stage, see }: Meter): Promise<string> {
  stage('hashing', { total: source.size });
  for await (const chunk of watched(source, [hash, { see }]).chunks()) void chunk;
  return hash.hex();
}

/** The data that the command line or standard input offers, or undefined where there are none. */
export async function dataOf(
  app: App,
  { file, size, decompress = false }: { file?: string; size?: number; decompress?: boolean },
): Promise<Source | undefined> {
  const source = await sourceAt(app, file);
  if (file === '-' && source === undefined) throw new UsageError('--file - wants data on standard input');
  if (source === undefined || size === undefined || decompress) return source; // the size of what is within
  if (source.size !== undefined && source.size !== size) {
    throw new UsageError(
      `Size mismatch: provided size ${size} does not match the size of the image ${source.size}`,
    );
  }
  return { ...source, size };
}

const sourceAt = async (app: App, file: string | undefined): Promise<Source | undefined> => {
  if (file === undefined || file === '-') return app.stdio.input();
  return /^https?:\/\//i.test(file) ? app.fetch(file) : openFile(file);
};

/** Refuses a store that the cloud does not have, before anything is created. */
export async function refuseUnknownStore({ info }: Glance, store: string): Promise<void> {
  const ids = await info.storeIds();
  if (ids !== undefined && !ids.includes(store)) {
    throw new UsageError(
      `Store '${store}' is not valid for this cloud.${didYouMean(store, ids)} Valid values can be retrieved with stores-info command.`,
    );
  }
}
