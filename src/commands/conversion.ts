import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { App, Meter } from '../define/app.ts';
import { on, oneOf } from '../define/option.ts';
import type { Bytes } from '../disk/bytes.ts';
import type { Disk } from '../disk/format.ts';
import { formats, openDisk } from '../disk/formats.ts';
import { inspect } from '../disk/inspect.ts';
import { qcow2File } from '../disk/qcow2-file.ts';
import { streamOf, type Target } from '../disk/streams.ts';
import { breath, type Piece, weightOf } from '../disk/stretches.ts';
import { TglanceError, UsageError } from '../errors.ts';
import { copy, type Each } from '../transfer/copy.ts';
import type { Part } from '../transfer/replacement.ts';
import type { Sink } from '../transfer/sink.ts';
import { sizeOf } from './file-map.ts';
import { backing } from './named-files.ts';
import { refuseDangers } from './refusals.ts';

/** The options of the commands that read the disk in a file. */
export const sourceOptions = {
  disk_format: oneOf<string>(
    '--disk-format <FORMAT>',
    'Take the file for this format, whatever it looks like',
    formats.map(({ name }) => name),
  ),
  allow_unsafe: on('--allow-unsafe', 'Go on although the file is dangerous to programs that open disks'),
  backing,
};

/** The disk in a file, unless that is dangerous. */
export async function safeDisk(
  file: Bytes,
  name: string,
  wishes: { readonly disk_format?: string; readonly allow_unsafe?: boolean; readonly backing?: boolean },
): Promise<Disk> {
  const found = await inspect(file, wishes.disk_format);
  refuseDangers(name, found, wishes, '--allow-unsafe goes on nevertheless');
  return openDisk(file, found.format);
}

/** Refuses a file that cannot have room where it is to be: an image may claim any size. */
async function refuseWithoutRoom(path: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path));
  const free = bavail * bsize;
  if (needed <= free) return;
  throw new TglanceError(
    `Cannot write ${path}: it needs up to ${sizeOf(needed)}, and ${sizeOf(free)} are free`,
  );
}

/** Bytes that a file with holes may take as a copy of the disk: what its own file does not hold cannot be data. */
async function roomOf(disk: Disk, allocated: number): Promise<number> {
  const { plain, packed } = await weightOf(disk);
  return Math.min(plain, allocated) + packed;
}

/** How a disk is written into a file, and what is known of where it comes from. */
export interface Writing {
  readonly to: Target;
  /** What a message calls the file. */
  readonly target: string;
  /** Bytes of the file system that the disk takes where it is. */
  readonly allocated: number;
  readonly sparse: 'auto' | 'always' | 'never';
  /** Of qcow2: its clusters are compressed. */
  readonly compress?: boolean;
}

/** Writes a disk as a file of another format, if there is room for that; the sink ends with it. */
export async function writeDisk(
  app: App,
  disk: Disk,
  sink: Sink,
  meter: Meter,
  writing: Writing,
): Promise<void> {
  const { to, target, compress = false } = writing;
  const { part } = sink;
  try {
    if (compress && part === undefined) {
      const where = target === '-' ? 'standard output' : target;
      throw new UsageError(`Cannot compress into ${where}: it must be a file, which is not written in order`);
    }
    if (to === 'qcow2' && part !== undefined) await writePlaced(app, disk, { ...sink, part }, meter, writing);
    else await writeStream(app, disk, sink, meter, writing);
  } catch (error) {
    await sink.abandon(error);
    throw error;
  } finally {
    meter.stop();
  }
}

/** Writes the file from its first byte to its last one; where there may be holes, its zeros are left out. */
async function writeStream(
  app: App,
  disk: Disk,
  sink: Sink,
  meter: Meter,
  { to, target, allocated, sparse }: Writing,
): Promise<void> {
  meter.stage('reading', { total: disk.size });
  const stream = await streamOf(disk, to, seeing(app, meter));
  const part = sparse === 'never' ? undefined : sink.part;
  const weight = part === undefined ? stream.size : await roomOf(disk, allocated);
  if (sink.part !== undefined) await refuseWithoutRoom(target, weight);
  meter.stage('writing', { total: weight });
  let end = part?.writer(0) ?? sink;
  const each: Each = async (see) => {
    let at = 0;
    for await (const piece of stream.pieces()) {
      app.signal.throwIfAborted();
      at += lengthOf(piece);
      if ('bytes' in piece) await see(piece.bytes);
      else if (part !== undefined) end = part.writer(at);
      else await eachZero(piece.zeros, see, app.signal);
    }
    part?.reach(at);
  };
  await copy(each, { ...sink, write: (chunk) => end.write(chunk) }, [meter], app.signal);
}

/** Writes a qcow2 in one go, whose parts are not known in their order; the meter is shown what is read for that. */
async function writePlaced(
  app: App,
  disk: Disk,
  sink: Sink & { readonly part: Part },
  meter: Meter,
  { target, allocated, compress = false }: Writing,
): Promise<void> {
  const weight = await roomOf(disk, allocated);
  if (!compress) await refuseWithoutRoom(target, weight); // how much less that is, nobody knows before
  meter.stage('converting', { total: weight });
  const each: Each = async () => {
    let size = 0;
    for await (const { at, bytes } of qcow2File(disk, { compress, see: seeing(app, meter) })) {
      app.signal.throwIfAborted();
      sink.part.put(bytes, at);
      size = Math.max(size, at + bytes.length);
    }
    sink.part.reach(size);
  };
  await copy(each, sink, [meter], app.signal);
}

const seeing = (app: App, meter: Meter) => (chunk: Uint8Array) => {
  app.signal.throwIfAborted();
  meter.see(chunk);
};

const lengthOf = (piece: Piece): number => ('bytes' in piece ? piece.bytes.length : piece.zeros);

const zeros = Buffer.alloc(1024 * 1024);

async function eachZero(
  count: number,
  see: (chunk: Uint8Array) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (let left = count; left > 0; left -= zeros.length) {
    await see(zeros.subarray(0, left));
    await breath();
    signal.throwIfAborted();
  }
}
