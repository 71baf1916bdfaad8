import type { App } from '../define/app.ts';
import { arg, command } from '../define/command.ts';
import { beyond, on, oneOf, otherwise, text } from '../define/option.ts';
import { done } from '../define/view.ts';
import { UsageError } from '../errors.ts';
import { fileSink, type Sink, streamSink } from '../transfer/sink.ts';
import { dataOf, deliver, refuseUnknownStore } from './deliver.ts';
import { fetchImage } from './fetch.ts';
import { dataOptions, storeOption } from './image-fields.ts';
import { progressOption } from './progress.ts';
import { verifyOption } from './proof.ts';
import { rateOption } from './rate.ts';
import { waitOptions } from './wait.ts';

const image = arg('<IMAGE>', 'Name or ID of the image', 'image');

export const upload = command({
  about: 'Send the data of an image that has none yet.',
  args: { image },
  options: {
    ...dataOptions,
    ...verifyOption,
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
    progress: progressOption,
    prefer: text('--prefer <STORES>', 'Stores to read from, best first, separated by commas', {
      complete: 'store',
    }),
    ...rateOption,
    ...verifyOption,
    ...beyond({
      resume: on('--resume', 'Keep what has come when it fails, and go on from what is kept'),
      sparse: otherwise(
        oneOf('--sparse <WHEN>', 'Make holes of long runs of zeros', ['auto', 'always', 'never']),
        'auto',
      ),
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
    const file = options.file === '-' ? undefined : options.file;
    if (file === undefined && app.stdio.outputIsTerminal) {
      throw new UsageError(
        'No redirection or local file specified for downloaded image data. Please specify a local file with --file to save downloaded image or redirect output to another source.',
      );
    }
    const sink = await sinkFor(app, file, options);
    try {
      const glance = await app.glance();
      const found = await glance.images.find(args.image);
      const by = await fetchImage(app, glance, found, sink, options);
      if (options.no_verify) app.stdio.tell(`Image ${found.id} is not verified, but for its size`);
      else if (by === undefined) app.stdio.tell(`Image ${found.id} has no hash to verify it by`);
      return done(`Downloaded image ${found.id}${by === undefined ? '' : `, verified by ${by}`}`);
    } catch (error) {
      const left = await sink.abandon(error);
      if (left > 0) app.stdio.tell(`${left} bytes are kept for ${file}; the same command goes on from there`);
      throw error;
    }
  },
});

/** Where the data go; refuses what can only be done to a regular file. */
async function sinkFor(
  app: App,
  file: string | undefined,
  { resume = false, sparse }: { resume?: boolean; sparse: 'auto' | 'always' | 'never' },
): Promise<Sink> {
  const manner = { resume, sparse: sparse !== 'never' };
  const sink = file === undefined ? streamSink(app.stdio.write) : await fileSink(file, app.signal, manner);
  if (sink.part !== undefined || !(resume || sparse === 'always')) return sink;
  await sink.abandon();
  const name = file ?? 'standard output';
  throw new UsageError(
    resume ? `--resume wants a regular file, not ${name}` : `There can be no holes in ${name}`,
  );
}
