import {
  accessSync,
  closeSync,
  constants,
  fsync,
  ftruncateSync,
  linkSync,
  lstatSync,
  openSync,
  read,
  renameSync,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Bytes } from '../disk/bytes.ts';
import { AnswerError, NetworkError, ServiceError, TglanceError, UsageError } from '../errors.ts';
import { checkpoints } from './checkpoints.ts';
import { createNote } from './note.ts';
import { createPart, inherit, removeFile, removeLeftovers } from './part.ts';
import type { Sink } from './sink.ts';
import type { Marks } from './stretch.ts';
import { isFull, lengthen, writeWhole } from './system.ts';
import { sparseWriterAt, type Writer, writerAt } from './writer.ts';

/** How a file comes to be. */
export interface Manner {
  /** Whole blocks of zeros become holes. */
  readonly sparse?: boolean;
  /** What an ended run has left is for `goOn`. */
  readonly resume?: boolean;
  /** Nothing has its name yet. */
  readonly fresh?: boolean;
}

/** A file before it gets its name. */
export interface Part {
  /** Goes on from what an ended run has left of the same bytes, gives what is there, and lets a later run do so. */
  goOn(of: string): { readonly bytes: number; readonly marks: Marks };
  /** What is said of the bytes that come. */
  learn(marks: Marks): void;
  /** Writes elsewhere than behind what was written last; `reach` tells when it is complete up to there. */
  writer(at: number): Writer;
  /** Writes just these bytes, at any place: none of them becomes a hole. */
  put(bytes: Uint8Array, at: number): void;
  /** Makes room up to there, for writers in any order. */
  reserve(bytes: number): void;
  /** So many more bytes are complete, without a gap before them. */
  reach(bytes: number): void;
  /** Reads back, in pieces that are valid until the next one is asked for. */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
  /** All that is complete, to be read at any place. */
  whole(): Bytes;
}

/**
 * Writes a temporary file beside `path` that takes its name, and the mode of the file `before` it, at the end.
 * What a killed run has left is removed by the next one for the same path, or gone on from.
 */
export function replacement(
  path: string,
  before: Stats | undefined,
  { sparse = true, resume = false, fresh = false }: Manner,
): Sink & { readonly part: Part } {
  if (before) accessSync(path, constants.W_OK);
  if (!resume) removeLeftovers(path); // first: a run that is killed must not leave one more
  const file = createPart(path, before);

  let fd = file.fd;
  const writer = (at: number): Writer => (sparse ? sparseWriterAt : writerAt)(fd, at);
  let end = writer(0);
  let reached = 0;
  let points: ReturnType<typeof checkpoints> | undefined;
  let open = true;
  let left: Promise<number> | undefined;

  const part: Part = {
    goOn(of) {
      const found = inherit(path, file, of);
      removeLeftovers(path, file.uid);
      const known = found?.known ?? { of, bytes: 0, marks: {} };
      fd = found?.fd ?? fd;
      points = checkpoints(fd, found?.note ?? createNote(file.notePath), known);
      reached = known.bytes;
      end = writer(reached);
      return known;
    },
    learn: (marks) => points?.learn(marks),
    writer: (at) => writer(at),
    put: (bytes, at) => writeWhole(fd, bytes, at),
    reserve: (bytes) => lengthen(fd, bytes),
    reach(bytes) {
      reached += bytes;
      points?.reach(reached);
    },
    read: (from, to) => readBack(fd, from, to),
    whole() {
      lengthen(fd, reached);
      return { size: reached, read: (into, at) => fill(fd, into, at) };
    },
  };

  const leave = async (why: unknown): Promise<number> => {
    const wanted = points !== undefined && mayPass(why);
    const bytes = wanted ? ((open ? await points?.stop(reached) : points?.left()) ?? 0) : 0;
    if (open) closeSync(fd);
    open = false;
    points?.close();
    if (bytes === 0) for (const it of [file.path, file.notePath]) removeFile(it);
    file.leave();
    return bytes;
  };

  return {
    part,
    write(chunk) {
      end.write(chunk);
      part.reach(chunk.length);
    },
    rewind() {
      ftruncateSync(fd);
      end = writer(0);
      reached = 0;
      points?.rewind();
    },
    async finish() {
      open = false;
      try {
        await points?.finish();
        lengthen(fd, reached);
        await promisify(fsync)(fd);
      } finally {
        closeSync(fd);
      }
      if (left !== undefined) return;
      takeName(file.path, path, fresh);
      points?.close();
      removeFile(file.notePath);
      file.leave();
      await syncDirectory(dirname(path));
    },
    abandon: (why) => (left ??= leave(why)),
  };
}

/** Whether another try may bring what is missing: nothing is wrong with what is there, or there may be room then. */
const mayPass = (why: unknown): boolean =>
  !(why instanceof TglanceError) ||
  isFull(why) ||
  why instanceof NetworkError ||
  why instanceof ServiceError ||
  why instanceof AnswerError;

function takeName(part: string, path: string, fresh: boolean): void {
  try {
    if (fresh)
      linkSync(part, path); // a renaming would replace what has come there meanwhile
    else renameSync(part, path);
  } catch (error) {
    if (!fresh) throw error;
    if (lstatSync(path, { throwIfNoEntry: false })) throw exists(path);
    renameSync(part, path); // where files have one name only
  }
  removeFile(part);
}

/** What must not be replaced is there already. */
export const exists = (path: string): UsageError => new UsageError(`Cannot write ${path}: it exists already`);

/** Makes the new name last as well; some file systems cannot, and by now the file is there. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    const fd = openSync(directory, constants.O_RDONLY);
    await promisify(fsync)(fd).finally(() => closeSync(fd));
  } catch {}
}

const readInto = promisify(read);

async function* readBack(fd: number, from: number, to: number): AsyncIterable<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(1024 * 1024);
  for (let at = from; at < to; at += buffer.length) {
    const piece = buffer.subarray(0, to - at);
    await fill(fd, piece, at);
    yield piece;
  }
}

async function fill(fd: number, into: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await readInto(fd, into, done, into.length - done, at + done);
    if (bytesRead === 0)
      throw new TglanceError('The file that is being written was cut off by somebody else');
    done += bytesRead;
  }
}
