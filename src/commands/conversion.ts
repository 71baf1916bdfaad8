import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { App, Meter } from '../define/app.ts';
import { on, oneOf } from '../define/option.ts';
import type { Bytes } from '../disk/bytes.ts';
import type { Disk } from '../disk/format.ts';
import { formats, openDisk } from '../disk/formats.ts';
import { inspect } from '../disk/inspect.ts';
import { type Stream, streamOf, type Target } from '../disk/streams.ts';
import { breath, type Piece, weightOf } from '../disk/stretches.ts';
import { DiskError, TglanceError } from '../errors.ts';
import { copy, type Each } from '../transfer/copy.ts';
import type { Sink } from '../transfer/sink.ts';
import { sizeOf } from './file-map.ts';

/** The options of the commands that read the disk in a file. */
export const sourceOptions = {
  disk_format: oneOf<string>(
    '--disk-format <FORMAT>',
    'Take the file for this format, whatever it looks like',
    formats.map(({ name }) => name),
  ),
  allow_unsafe: on('--allow-unsafe', 'Go on although the file is dangerous to programs that open disks'),
};

/** The disk in a file, unless that is dangerous; nothing but the file itself is opened, whatever it names. */
export async function safeDisk(
  file: Bytes,
  name: string,
  { disk_format: format, allow_unsafe = false }: { disk_format?: string; allow_unsafe?: boolean },
): Promise<Disk> {
  const found = await inspect(file, format);
  const reasons = found.dangers.map(({ reason }) => reason);
  if (reasons.length > 0 && !allow_unsafe) {
    throw new DiskError(`${name} is not safe: ${reasons.join('; ')}; --allow-unsafe goes on nevertheless`);
  }
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
}

/** Writes a disk as a file of another format, if there is room for that; the sink ends with it. */
export async function writeDisk(
  app: App,
  disk: Disk,
  sink: Sink,
  meter: Meter,
  { to, target, allocated, sparse }: Writing,
): Promise<void> {
  try {
    meter.stage('reading', { total: disk.size });
    const stream = await streamOf(disk, to, (chunk) => {
      app.signal.throwIfAborted();
      return meter.see(chunk);
    });
    const holes = sink.part !== undefined && sparse !== 'never';
    const weight = to === 'raw' && holes ? await roomOf(disk, allocated) : stream.size;
    if (sink.part !== undefined) await refuseWithoutRoom(target, weight);
    meter.stage('writing', { total: weight });
    await writeStream(app, stream, sink, meter, holes);
  } catch (error) {
    await sink.abandon(error);
    throw error;
  } finally {
    meter.stop();
  }
}

/** Writes a stream to where it goes; where `holes` may be, its zeros are left out. */
async function writeStream(
  app: App,
  stream: Stream,
  sink: Sink,
  meter: Meter,
  holes: boolean,
): Promise<void> {
  const part = holes ? sink.part : undefined;
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
