import type { App } from '../define/app.ts';
import { arg, command } from '../define/command.ts';
import { on, oneOf, otherwise } from '../define/option.ts';
import { done } from '../define/view.ts';
import { targets } from '../disk/streams.ts';
import { UsageError } from '../errors.ts';
import { fileSink, type Sink, streamSink } from '../transfer/sink.ts';
import { safeDisk, sourceOptions, writeDisk } from './conversion.ts';
import { sizeOf } from './file-map.ts';
import { withFiles } from './named-files.ts';
import { progressOption } from './progress.ts';

type Sparse = 'auto' | 'always' | 'never';

export const convert = command({
  about: `Write the disk in an image file as another image file, raw or qcow2. The file gets its name once it is complete.
What the source names is opened with --backing only.`,
  args: {
    source: arg('<SRC>', 'Disk image on this machine', 'file'),
    target: arg('<DST>', 'File to write; - is standard output', 'file'),
  },
  options: {
    to: oneOf('-O, --to <FORMAT>', "Format to write; when missing that of DST's name, else raw", targets),
    ...sourceOptions,
    compress: on('--compress', 'Compress the clusters of a qcow2 with zlib'),
    sparse: otherwise(
      oneOf('--sparse <WHEN>', 'Make holes of long runs of zeros', ['auto', 'always', 'never']),
      'auto',
    ),
    force: on('--force', 'Replace a file that is there'),
    progress: progressOption,
  },
  examples: [
    'tglance file-convert debian-12.qcow2 debian-12.raw',
    'tglance file-convert disk.vmdk disk.qcow2',
    'tglance file-convert --compress debian-12.raw debian-12.qcow2',
    'tglance file-convert --backing changes.qcow2 whole.qcow2',
  ],
  run: ({ args, options }, app) =>
    withFiles(app, args.source, options, async ({ bytes, allocatedInAll, refuseChange }) => {
      const { sparse, compress = false, force = false, progress = false } = options;
      const { source, target } = args;
      const to = options.to ?? (target.endsWith('.qcow2') ? 'qcow2' : 'raw');
      if (compress && to !== 'qcow2') throw new UsageError('--compress is for qcow2: raw has no compression');
      const disk = await safeDisk(bytes, source, options);
      const sink = guarded(await sinkFor(app, target, sparse, force), refuseChange);
      const meter = app.meter(source, undefined, progress);
      const allocated = allocatedInAll();
      await writeDisk(app, disk, sink, meter, { to, target, allocated, sparse, compress });
      return done(`${target} is ${to}, a disk of ${sizeOf(disk.size)}`);
    }),
});

/** The same sink, which is finished only if the source is still what it was. */
const guarded = (sink: Sink, refuseChange: () => Promise<void>): Sink => ({
  ...sink,
  async finish() {
    await refuseChange();
    await sink.finish();
  },
});

async function sinkFor(app: App, target: string, sparse: Sparse, force: boolean): Promise<Sink> {
  if (target === '-' && app.stdio.outputIsTerminal) {
    throw new UsageError('A disk is no text for a terminal: name a file, or redirect the output');
  }
  const manner = { sparse: sparse !== 'never', fresh: !force };
  const sink = target === '-' ? streamSink(app.stdio.write) : await fileSink(target, app.signal, manner);
  if (sink.part !== undefined || sparse !== 'always') return sink;
  await sink.abandon();
  throw new UsageError(`There can be no holes in ${target === '-' ? 'standard output' : target}`);
}
