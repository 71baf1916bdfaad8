import { arg, command } from '../define/command.ts';
import { on, text } from '../define/option.ts';
import { done } from '../define/view.ts';
import { ServiceError, TglanceError, UsageError, VerifyError } from '../errors.ts';
import type { Image } from '../glance/types.ts';
import { copy } from '../transfer/copy.ts';
import { fileSink, streamSink } from '../transfer/sink.ts';
import { expectDigest, expectSize, knows, type Watcher } from '../transfer/watch.ts';
import { dataOf, deliver, refuseUnknownStore } from './deliver.ts';
import { dataOptions, storeOption } from './image-fields.ts';
import { waitOptions } from './wait.ts';

const image = arg('<IMAGE>', 'Name or ID of the image', 'image');

export const upload = command({
  about: 'Send the data of an image that has none yet.',
  args: { image },
  options: {
    ...dataOptions,
    ...waitOptions,
    store: storeOption,
  },
  examples: ['tglance image-upload cirros --file cirros.img --progress'],
  run: async ({ args, options }, app) => {
    const { store } = options;
    const source = await dataOf(app, options);
    if (source === undefined)
      throw new UsageError('There are no data: give --file, or send them to standard input');
    const glance = await app.glance();
    if (store !== undefined) await refuseUnknownStore(glance, store);
    const found = await glance.images.find(args.image);
    const { id, size } = await deliver(app, glance, found, source, options);
    return done(`Image ${id} is active, ${size} bytes, verified`);
  },
});

export const download = command({
  about:
    "Fetch an image's data into a file or to standard output; they are verified before the file gets its name.",
  args: { image },
  options: {
    file: text('--file <FILE>', 'File to write; - is standard output', { complete: 'file' }),
    progress: on('--progress', 'Show how far it is'),
    prefer: text('--prefer <STORES>', 'Stores to read from, best first, separated by commas', {
      complete: 'store',
    }),
    allow_md5_fallback: on(
      '--allow-md5-fallback',
      'Verify by MD5 where the strong hash is of an unknown kind',
      {
        env: ['OS_IMAGE_ALLOW_MD5_FALLBACK'],
      },
    ),
  },
  examples: ['tglance image-download cirros --file cirros.img --progress'],
  run: async ({ args, options }, app) => {
    const { progress = false, prefer, allow_md5_fallback: allowMd5 = false } = options;
    const file = options.file === '-' ? undefined : options.file;
    if (file === undefined && app.stdio.outputIsTerminal) {
      throw new UsageError(
        'No redirection or local file specified for downloaded image data. Please specify a local file with --file to save downloaded image or redirect output to another source.',
      );
    }
    const sink = file === undefined ? streamSink(app.stdio.write) : await fileSink(file, app.signal);
    const meter = { current: undefined as ReturnType<typeof app.meter> | undefined };
    try {
      const { images } = await app.glance();
      const found = await images.find(args.image);
      const response = await images.download(found.id, prefer).catch((error: unknown) => {
        throw error instanceof ServiceError ? refusedDownload(found.id, error) : error;
      });
      if (response.status === 204) {
        response.body.drop();
        throw new TglanceError(`Image ${found.id} has no data.`);
      }
      const proof = proofs(found, response.headers['content-md5'], allowMd5);
      meter.current = app.meter(found.name || found.id, found.size ?? undefined, progress);
      await copy(response.body.each, sink, [...proof.watchers, meter.current], app.signal);
      if (proof.by === undefined) app.stdio.tell(`Image ${found.id} has no hash to verify it by`);
      return done(`Downloaded image ${found.id}${proof.by === undefined ? '' : `, verified by ${proof.by}`}`);
    } catch (error) {
      await sink.abandon();
      throw error;
    } finally {
      meter.current?.stop();
    }
  },
});

/** What must hold of the bytes before the file gets its name: the size, and the strongest hash that is known. */
function proofs(
  record: Image,
  contentMd5: string | undefined,
  allowMd5: boolean,
): { watchers: Watcher[]; by?: string } {
  const size = typeof record.size === 'number' ? [expectSize(record.size)] : [];
  const { os_hash_algo: algorithm, os_hash_value: value } = record;
  const strong = typeof algorithm === 'string' && typeof value === 'string';
  if (strong && knows(algorithm)) {
    return { watchers: [...size, expectDigest(algorithm, value)], by: algorithm };
  }
  if (strong && !allowMd5) {
    throw new VerifyError(
      `Image ${record.id} is hashed with ${algorithm}, which is not known here; --allow-md5-fallback verifies it by MD5 only`,
    );
  }
  const md5 = record.checksum ?? contentMd5;
  if (typeof md5 !== 'string') return { watchers: size };
  return { watchers: [...size, expectDigest('md5', md5)], by: 'md5' };
}

const refusedDownload = (id: string, { status, detail, requestId }: ServiceError) =>
  new ServiceError(status, detail, `Unable to download image '${id}'. (HTTP ${detail})`, requestId);
