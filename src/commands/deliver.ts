import type { App } from '../define/app.ts';
import { didYouMean } from '../define/nearest.ts';
import { ServiceError, UsageError, VerifyError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';
import type { Image } from '../glance/types.ts';
import { openFile, type Source, watched } from '../transfer/source.ts';
import { digest, expectSize, knows, type Watcher } from '../transfer/watch.ts';
import { lookAtImport, waitFor } from './wait.ts';

/** The algorithm that Glance hashes with unless its operator chose another. */
const usualHash = 'sha512';

/** How the data of an image go up. */
export interface Delivery {
  readonly progress?: boolean;
  readonly store?: string;
  readonly wait?: boolean;
  readonly timeout: number;
}

type Named = Pick<Image, 'id' | 'name'>;

/**
 * Sends the data of an image and compares the record with what was sent: it must be active, and of the same
 * size and hash. Gives the complete record.
 */
export async function deliver(
  app: App,
  glance: Glance,
  image: Named,
  source: Source,
  { progress = false, store, wait, timeout }: Delivery,
): Promise<Image> {
  const { images } = glance;
  try {
    const sent = await send(app, image, source, progress, (body) => images.upload(image.id, body, store));
    const record = wait
      ? await waitFor(app, timeout, () => lookAtImport(glance, image.id))
      : await images.show(image.id);
    await compare(record, sent, source, app.stdio.tell);
    return record;
  } finally {
    await source.close();
  }
}

/** What went over the wire in the end. */
export interface Sent {
  readonly bytes: number;
  readonly sha512: string;
}

/** Sends a source with `put`, counted, hashed and shown to a person; the source stays open. */
export async function send(
  app: App,
  image: Named,
  source: Source,
  progress: boolean,
  put: (body: Source) => Promise<void>,
): Promise<Sent> {
  const hash = digest(usualHash);
  let bytes = 0;
  let tries = 0;
  const count: Watcher = {
    start: () => {
      tries += 1;
      bytes = 0;
    },
    see: (chunk) => {
      bytes += chunk.length;
    },
  };
  const meter = app.meter(image.name || image.id, source.size, progress);
  const checks = source.size === undefined ? [] : [expectSize(source.size)];
  try {
    await put(watched(source, [...checks, count, hash, meter]));
  } catch (error) {
    // the answer to an earlier try may have been lost after Glance had it all: then the record says so
    if (!(error instanceof ServiceError && error.status === 409 && tries > 1)) throw error;
  } finally {
    meter.stop();
  }
  return { bytes, sha512: hash.hex() };
}

/** Refuses a record that is not what was sent. */
export async function compare(
  record: Image,
  { bytes, sha512 }: Sent,
  source: Source,
  tell: (line: string) => void,
): Promise<void> {
  if (record.status !== 'active') {
    throw new VerifyError(`Image ${record.id} is ${record.status} after its data were sent, not active`);
  }
  if (record.size !== bytes) {
    throw new VerifyError(
      `Image ${record.id} has ${record.size} bytes; ${bytes} were sent from ${source.name}`,
    );
  }
  const algorithm = record.os_hash_algo ?? 'none';
  const expected = record.os_hash_value;
  if (typeof expected !== 'string' || !(algorithm === usualHash || (knows(algorithm) && source.again))) {
    tell(
      `The hash of image ${record.id} (${algorithm}) could not be compared with ${source.name}; its size is right`,
    );
    return;
  }
  const value = algorithm === usualHash ? sha512 : await hashOf(source, algorithm);
  if (value.toLowerCase() !== expected.toLowerCase()) {
    throw new VerifyError(
      `Image ${record.id} is damaged: its ${algorithm} is ${expected}; that of ${source.name} is ${value}`,
    );
  }
}

async function hashOf(source: Source, algorithm: string): Promise<string> {
  const hash = digest(algorithm);
  for await (const chunk of watched(source, [hash]).chunks()) void chunk;
  return hash.hex();
}

/** The data that the command line or standard input offers, or undefined where there are none. */
export async function dataOf(
  app: App,
  { file, size }: { file?: string; size?: number },
): Promise<Source | undefined> {
  const source = file === undefined || file === '-' ? app.stdio.input() : await openFile(file);
  if (file === '-' && source === undefined) throw new UsageError('--file - wants data on standard input');
  if (source === undefined || size === undefined) return source;
  if (source.size !== undefined && source.size !== size) {
    throw new UsageError(
      `Size mismatch: provided size ${size} does not match the size of the image ${source.size}`,
    );
  }
  return { ...source, size };
}

/** Refuses a store that the cloud does not have, before anything is created. */
export async function refuseUnknownStore({ info }: Glance, store: string): Promise<void> {
  const ids = await info.storeIds();
  if (ids !== undefined && !ids.includes(store)) {
    throw new UsageError(
      `Store '${store}' is not valid for this cloud.${didYouMean(store, ids)} Valid values can be retrieved with stores-info command.`,
    );
  }
}
