import { arg, command, args as several } from '../define/command.ts';
import { many, on, oneOf, text } from '../define/option.ts';
import { type Columns, record, rows } from '../define/view.ts';
import { cached, counted } from '../disk/cached.ts';
import { formats, openDisk } from '../disk/formats.ts';
import { inspect as inspectFile } from '../disk/inspect.ts';
import { rawStream } from '../disk/streams.ts';
import { UsageError } from '../errors.ts';
import { openFile, type Source } from '../transfer/source.ts';
import { digest, knows } from '../transfer/watch.ts';
import { watched } from '../transfer/watched.ts';
import { lookInside, nothingInside } from './file-guest.ts';
import { mapOf } from './file-map.ts';
import { reportOf, shownReport } from './file-report.ts';
import { backing, withFiles } from './named-files.ts';
import { streamSource } from './stream-source.ts';

const diskFormat = oneOf<string>(
  '--disk-format <FORMAT>',
  'Take it for this format, whatever it looks like',
  formats.map(({ name }) => name),
);

export const inspect = command({
  about: `Tell what a disk image is: its format and the size of its disk, how it is divided and the system on
it, what is dangerous or damaged, what Glance would say of it, and the options to create an image of it with. What the file
names is opened with --backing only.`,
  args: { file: arg('<FILE>', 'Disk image on this machine', 'file') },
  options: {
    disk_format: diskFormat,
    map: on('--map', 'Show where the disk has data'),
    no_guest: on('--no-guest', 'Do not look at its file systems and operating system'),
    backing,
  },
  examples: ['tglance file-inspect debian-12.qcow2', 'tglance file-inspect disk.vmdk --map'],
  run: ({ args, options }, app) =>
    withFiles(app, args.file, options, async ({ bytes, allocated }) => {
      const seen = counted(bytes);
      const once = cached(seen);
      const found = await inspectFile(once, options.disk_format);
      const readable = found.table !== undefined;
      if (options.map && !readable) {
        app.stdio.tell('There is no map, for the disk in the file cannot be read');
      }
      const disk = () => openDisk(once, found.format);
      const inside = readable && !options.no_guest ? await lookInside(await disk()) : nothingInside;
      const bytesRead = seen.bytesRead();
      const map = readable && options.map ? await mapOf(await disk(), app.signal) : undefined;
      const facts = { file: args.file, size: bytes.size, allocated, bytesRead };
      const report = reportOf(facts, found, inside, map);
      return record(report, { shown: shownReport(report, map) });
    }),
});

/** The hash of a file, or of the disk in it. */
interface Hashed {
  readonly file: string;
  readonly algorithm: string;
  readonly hash: string;
  /** Bytes that were hashed. */
  readonly size: number;
}

const hashColumns: Columns<Hashed> = {
  File: 'file',
  Algorithm: 'algorithm',
  Hash: 'hash',
  Size: 'size',
};

export const hash = command({
  about: `Hash disk images: the files as they are, or with --as raw the disks in them, which have the same hash in
whatever format they are kept.`,
  args: { files: several('<FILE>', 'Disk images on this machine', 'file') },
  options: {
    algo: many(
      text('--algo <NAME>', 'Algorithm: sha512 when missing, as in most clouds', {
        complete: ['sha512', 'sha256', 'sha1', 'md5'],
      }),
    ),
    as: oneOf('--as <FORMAT>', 'Hash the disk within as it would be in this format', ['raw']),
    disk_format: diskFormat,
    backing,
    progress: on('--progress', 'Show how far it is'),
  },
  columns: hashColumns,
  examples: [
    'tglance file-hash debian-12.qcow2',
    'tglance file-hash disk.vmdk disk.qcow2 --as raw --algo md5',
  ],
  run: async ({ args, options }, app) => {
    const algorithms = options.algo ?? ['sha512'];
    const unknown = algorithms.find((name) => !knows(name));
    if (unknown !== undefined) throw new UsageError(`'${unknown}' is no algorithm that is known here`);
    if (options.backing && options.as === undefined)
      throw new UsageError('--backing is for --as raw: the hash of a file is that of the file alone');
    const hashed = async (source: Source): Promise<Hashed[]> => {
      const digests = algorithms.map(digest);
      const meter = app.meter(source.name, source.size, options.progress === true);
      let size = 0;
      try {
        for await (const chunk of watched(source, [...digests, meter]).chunks()) {
          app.signal.throwIfAborted();
          size += chunk.length;
        }
      } finally {
        meter.stop();
        await source.close();
      }
      return digests.map((it) => ({ file: source.name, algorithm: it.algorithm, hash: it.hex(), size }));
    };
    const all: Hashed[] = [];
    for (const path of args.files) {
      const found =
        options.as === undefined
          ? await hashed(await openFile(path))
          : await withFiles(app, path, options, async ({ bytes }) =>
              hashed(streamSource(path, rawStream(await openDisk(bytes, options.disk_format)))),
            );
      all.push(...found);
    }
    return rows(all, hashColumns, ['File', 'Algorithm', 'Hash']);
  },
});
