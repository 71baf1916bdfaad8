import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { pid } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { TglanceError, UsageError } from '../errors.ts';
import { exists, type Manner, type Part, replacement } from './replacement.ts';
import { cannot, writeWhole } from './system.ts';

/** Where bytes go. One of `finish` and `abandon` ends it; `abandon` may still follow a `finish` that failed. */
export interface Sink {
  /** Takes a chunk, which is valid during the call, or until the promise settles. */
  write(chunk: Uint8Array): void | Promise<void>;
  /** Takes back what was written, since the first byte comes next; missing where that is out of reach. */
  rewind?(): void;
  /** What a file can do besides that is not written at once. */
  readonly part?: Part | undefined;
  /** Everything was written and is right. */
  finish(): Promise<void>;
  /**
   * Leaves nothing of what was written, or so many bytes as it gives for another run that goes on from there, where
   * that was wanted and `why` does not speak against it. Never fails, so that the reason is what people hear of.
   */
  abandon(why?: unknown): Promise<number>;
}

/** Passes every chunk to `write`: for standard output and its like, where nothing can be taken back. */
export const streamSink = (write: Sink['write']): Sink => ({
  write,
  finish: async () => {},
  abandon: async () => 0,
});

/**
 * Writes a file under its name only once it is complete, and finds out beforehand that this can be done.
 * Symbolic links are followed: the file that they lead to is replaced, where it is. Whatever is not a
 * regular file, or is one of our own open descriptors (/dev/stdout), is written to directly.
 */
export async function fileSink(path: string, signal?: AbortSignal, manner: Manner = {}): Promise<Sink> {
  if (path === '') throw new UsageError("Cannot write '': the name of the file is empty");
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) throw new UsageError(`Cannot write ${path}: it is a directory`);
    if (path.endsWith('/')) throw new UsageError(`Cannot write ${path}: there is no such directory`);
    const isTaken = found?.isFile() ?? lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    if (manner.fresh && isTaken) throw exists(path);
    return naming(path, await opened(path, found, signal, manner));
  } catch (error) {
    signal?.throwIfAborted();
    throw cannot('write', path, error);
  }
}

async function opened(
  path: string,
  found: Stats | undefined,
  signal: AbortSignal | undefined,
  manner: Manner,
): Promise<Sink> {
  const place = destination(path);
  if (found?.isFIFO()) {
    return fifo(typeof place === 'number' ? openSync(path, atOnce) : await openFifo(path, signal));
  }
  if (typeof place === 'number') return device(place, () => {});
  if (found === undefined || found.isFile()) return replacement(place, found, manner);
  const fd = openSync(path, constants.O_WRONLY | constants.O_NOCTTY);
  return device(fd, () => closeSync(fd));
}

/** The file that a path leads to once every link is followed, existing or not; or our own open descriptor. */
function destination(path: string): string | number {
  const place = join(realpathSync(dirname(path)), basename(path));
  if (place.startsWith(`/proc/${pid}/fd/`)) {
    const fd = Number(basename(place));
    fstatSync(fd);
    return fd;
  }
  const link = linkAt(place);
  return link === undefined ? place : destination(resolve(dirname(place), link));
}

function linkAt(place: string): string | undefined {
  try {
    return readlinkSync(place);
  } catch {
    return undefined;
  }
}

/** What is written at once: a device, or a file that somebody opened for us. */
function device(fd: number, close: () => void): Sink {
  let open = true;
  const end = () => {
    if (open) close();
    open = false;
  };
  return {
    write: (chunk) => writeWhole(fd, chunk),
    finish: async () => end(),
    abandon: async () => {
      end();
      return 0;
    },
  };
}

/** A FIFO is written by the event loop, so that a reader who does not read holds up nothing else. */
function fifo(fd: number): Sink {
  const socket = new Socket({ fd, readable: false });
  socket.on('error', () => {}); // each write tells its own
  const settled = (start: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>((done, fail) => start((error) => (error ? fail(error) : done())));
  return {
    write: (chunk) => settled((done) => socket.write(chunk, done)),
    finish: () => settled((done) => socket.end(done)),
    abandon: async () => {
      socket.destroy();
      return 0;
    },
  };
}

// without it, opening a FIFO waits in a thread that nothing can interrupt
const atOnce = constants.O_WRONLY | constants.O_NONBLOCK;

/** Waits for a reader; where a pipe is open already, nobody new will come. */
async function openFifo(path: string, signal: AbortSignal | undefined): Promise<number> {
  for (;;) {
    try {
      return openSync(path, atOnce);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    }
    await sleep(50, undefined, signal && { signal });
  }
}

/** The same sink, whose failures say which path it is, and which takes nothing more once it has ended. */
function naming(path: string, sink: Sink): Sink {
  let ended = false;
  const fail = (error: unknown): never => {
    throw cannot('write', path, error);
  };
  const doing = <T>(act: () => T): T => {
    if (ended) throw new TglanceError(`Cannot write ${path}: it is closed`);
    try {
      return act();
    } catch (error) {
      return fail(error);
    }
  };
  const { rewind, part } = sink;
  return {
    write: (chunk) => doing(() => sink.write(chunk))?.catch(fail),
    ...(rewind && { rewind: () => doing(rewind) }),
    part: part && {
      ...part,
      goOn: (of) => doing(() => part.goOn(of)),
      reserve: (bytes) => doing(() => part.reserve(bytes)),
      writer: (at) => {
        const writer = part.writer(at);
        return {
          get at() {
            return writer.at;
          },
          write: (chunk) => doing(() => writer.write(chunk)),
        };
      },
    },
    async finish() {
      ended = true;
      await sink.finish().catch(fail);
    },
    async abandon(why) {
      ended = true;
      return sink.abandon(why).catch(() => 0);
    },
  };
}
