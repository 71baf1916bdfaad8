import { join } from 'node:path';
import type { App } from '../define/app.ts';
import { args, command } from '../define/command.ts';
import { beyond, type Option, on, oneOf, otherwise, readWhole, text, type Values } from '../define/option.ts';
import { done, rows, type View } from '../define/view.ts';
import { targets } from '../disk/streams.ts';
import { UsageError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';
import type { Image } from '../glance/types.ts';
import { mostLanes } from '../transfer/apart.ts';
import { fileNameAfter } from '../transfer/file-name.ts';
import type { Manner } from '../transfer/replacement.ts';
import { fileSink, type Sink, streamSink } from '../transfer/sink.ts';
import { statAt } from '../transfer/system.ts';
import { unpacking } from '../transfer/unpack.ts';
import { converting } from './converting.ts';
import { each } from './each.ts';
import { fetchImage, isComplete } from './fetch.ts';
import { progressOption } from './progress.ts';
import { verifyOption } from './proof.ts';
import { rateOption } from './rate.ts';

const parallel: Option<number | 'auto'> = {
  flags: '--parallel <N|auto>',
  about: 'Connections to fetch a file over; auto takes more while that makes it faster',
  read: lanesIn,
  complete: ['auto', '2', '4', '8'],
  beyond: true,
};

const options = {
  file: text(
    '--file <FILE>',
    'File to write, or directory for files with the names of the images; - is standard output',
    {
      complete: 'file',
    },
  ),
  progress: progressOption,
  prefer: text('--prefer <STORES>', 'Stores to read from, best first, separated by commas', {
    complete: 'store',
  }),
  ...rateOption,
  ...verifyOption,
  parallel,
  ...beyond({
    decompress: on(
      '--decompress',
      'Unpack data that gzip, bzip2, xz or zstd has packed, verified as they came',
    ),
    convert_to: oneOf(
      '--convert-to <FORMAT>',
      'Convert the disk in the data, verified as they came',
      targets,
    ),
    allow_unsafe: on('--allow-unsafe', 'Convert it although it is dangerous to programs that open disks'),
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
};

type Given = Values<typeof options>;

export const download = command({
  about:
    "Fetch an image's data into a file or to standard output; they are verified before the file gets its name.",
  args: { images: args('<IMAGE>', 'Names or IDs of the images', 'image') },
  options,
  examples: [
    'tglance image-download cirros --file cirros.img --progress',
    'tglance image-download debian-12 debian-13 --file images/ --resume',
    'tglance image-download debian-12 --convert-to raw --file debian-12.raw',
  ],
  run: async ({ args: { images }, options: given }, app) => {
    const { file } = given;
    if (file !== undefined && statAt(file)?.isDirectory()) return intoDirectory(app, images, file, given);
    const [image, other] = images;
    if (image === undefined || other !== undefined) {
      throw new UsageError(`Several images want a directory for their files: --file DIRECTORY`);
    }
    return intoOne(app, image, file === '-' ? undefined : file, given);
  },
});

async function intoOne(app: App, word: string, file: string | undefined, given: Given): Promise<View> {
  if (file === undefined && app.stdio.outputIsTerminal) {
    throw new UsageError(
      'No redirection or local file specified for downloaded image data. Please specify a local file with --file to save downloaded image or redirect output to another source.',
    );
  }
  const sink = await sinkFor(app, file, given, {});
  const { id, by } = await fill(app, sink, file, given, ({ images }) => images.find(word), app.signal);
  return done(`Downloaded image ${id}${by === undefined ? '' : `, verified by ${by}`}`);
}

/** Images that are fetched at the same time. */
const atOnce = 4;

interface Fetched {
  readonly id: string;
  readonly size: number | null | undefined;
  readonly file: string;
  /** The hash that the data were verified by. */
  readonly by: string | undefined;
}

const columns = { ID: 'id', File: 'file', Size: 'size', Verified: 'by' } as const;

async function intoDirectory(
  app: App,
  words: readonly string[],
  directory: string,
  given: Given,
): Promise<View> {
  const { images } = await app.glance();
  const taken = new Set<string>();
  const fetched = new Map<string, Fetched>();
  const fetchOne = async (word: string, signal: AbortSignal) => {
    const image = await images.find(word);
    const { id, name, size } = image;
    const file = join(directory, fileNameAfter([name ?? '', id]));
    if (taken.has(file)) throw new UsageError(`Cannot write ${file}: it is for another of these images`);
    taken.add(file);
    const isAsItCame = given.convert_to === undefined;
    const there = given.resume && isAsItCame ? await isComplete(app, image, file, given) : undefined;
    const fetchIt = async () => {
      const sink = await sinkFor(app, file, given, { fresh: true });
      return fill(app, sink, file, given, async () => image, signal);
    };
    fetched.set(word, { id, file, size, by: there ?? (await fetchIt()).by });
  };
  await each(words, fetchOne, app.signal, atOnce);
  return rows(
    words.flatMap((word) => fetched.get(word) ?? []),
    columns,
    Object.keys(columns),
  );
}

/** Fetches an image into a sink, which ends with it, and says what people should know. */
async function fill(
  app: App,
  sink: Sink,
  file: string | undefined,
  given: Given,
  find: (glance: Glance) => Promise<Image>,
  signal: AbortSignal,
): Promise<{ id: string; by: string | undefined }> {
  const { tell } = app.stdio;
  try {
    const glance = await app.glance();
    const image = await find(glance);
    const { id } = image;
    const by = await fetchImage(app, glance, image, sink, given, signal);
    if (given.no_verify) tell(`Image ${id} is not verified, but for its size`);
    else if (by === undefined) tell(`Image ${id} has no hash to verify it by`);
    return { id, by };
  } catch (error) {
    const left = await sink.abandon(error);
    if (left > 0) tell(`${left} bytes are kept for ${file}; the same command goes on from there`);
    throw error;
  }
}

/** Where the data go; refuses what cannot be done to them there. */
async function sinkFor(app: App, file: string | undefined, given: Given, manner: Manner): Promise<Sink> {
  const { resume = false, parallel, sparse, decompress, convert_to: to, allow_unsafe = false } = given;
  if (allow_unsafe && to === undefined) {
    throw new UsageError('--allow-unsafe says something only of --convert-to');
  }
  const inPlace = [...(resume ? ['--resume'] : []), ...(parallel === undefined ? [] : ['--parallel'])];
  if (decompress && inPlace.length > 0) {
    throw new UsageError(`--decompress and ${inPlace[0]} cannot be used together`);
  }
  const wish = { ...manner, resume, sparse: sparse !== 'never' };
  const sink = file === undefined ? streamSink(app.stdio.write) : await fileSink(file, app.signal, wish);
  if (sink.part !== undefined && file !== undefined) {
    const { progress = false } = given;
    const held =
      to === undefined
        ? sink
        : converting(app, sink, { to, target: file, sparse, progress, allow_unsafe, manner: wish });
    return decompress ? unpacking(held) : held;
  }
  const special = [
    ...inPlace,
    ...(sparse === 'always' ? ['--sparse always'] : []),
    ...(to === undefined ? [] : ['--convert-to']),
  ];
  if (special.length === 0) return decompress ? unpacking(sink) : sink;
  await sink.abandon();
  throw new UsageError(`${special[0]} wants a regular file, not ${file ?? 'standard output'}`);
}

function lanesIn(word: string): number | 'auto' {
  if (word === 'auto') return word;
  const lanes = readWhole(word);
  if (lanes >= 1 && lanes <= mostLanes) return lanes;
  throw new UsageError(
    `'${word}' connections are too ${lanes < 1 ? 'few' : 'many'}: say 1 to ${mostLanes}, or auto`,
  );
}
