import { type BigIntStats, closeSync, constants, fstatSync, openSync, read, readSync } from 'node:fs';
import type { OnReadOpts, Socket, SocketConstructorOpts } from 'node:net';
import { promisify } from 'node:util';
import { TglanceError, UsageError, VerifyError } from '../errors.ts';
import { isLocal, positionOf, statOf } from './descriptor.ts';
import { cannot } from './system.ts';

/** Bytes to send, from wherever they are. */
export interface Source {
  /** What a message calls it. */
  readonly name: string;
  /** Bytes, when known before. */
  readonly size: number | undefined;
  /** Whether `chunks` can be called once more for the same bytes (a file can, a pipe cannot). */
  readonly again: boolean;
  /**
   * The bytes from the start; each piece may be overwritten once the next one is asked for. `ahead`, which is usual:
   * the next one is read while a piece is worked on; not so where pieces are only passed on.
   */
  chunks(ahead?: boolean): AsyncIterable<Uint8Array>;
  /** Lets go of the file; also ends a wait for bytes that do not come. */
  close(): Promise<void>;
}

/** Opens a file, device or FIFO to read from; refuses a path that cannot be. */
export async function openFile(path: string): Promise<Source> {
  try {
    // Without O_NONBLOCK the opening of a FIFO waits for its writer in a thread that nothing can interrupt.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const open = { fd, name: path, release: () => closeSync(fd) };
    const stat = fstatSync(fd, { bigint: true });
    if (stat.isFIFO()) return pipe(open);
    if (stat.isFile()) return regular(open, stat, 0);
    if (!stat.isDirectory()) return sequential(open);
    open.release();
  } catch (error) {
    throw cannot('read', path, error);
  }
  throw new UsageError(`Cannot read ${path}: it is a directory`);
}

/**
 * What somebody sends on an open descriptor, or undefined when nobody does: a terminal, /dev/null,
 * an empty file or one that has been read to its end.
 */
export function openStdin(fd: number, name: string): Source | undefined {
  const open = { fd, name, release: () => {} };
  const stat = statOf(fd);
  if (stat?.isFIFO() || stat?.isSocket()) return pipe(open);
  if (stat?.isBlockDevice()) return sequential(open);
  if (!stat?.isFile()) return undefined;
  const at = positionOf(fd);
  if (stat.size <= (at ?? 0)) return undefined;
  return at === undefined ? sequential(open) : regular(open, stat, at);
}

interface Open {
  readonly fd: number;
  readonly name: string;
  release(): void;
}

/** A file of known size, which stays as it was when it was opened or is refused. */
function regular(open: Open, stat: BigIntStats, start: number): Source {
  const size = Number(stat.size) - start;
  const { blocks, close } = blocksOf(open);
  const same = ({ size, mtimeNs }: BigIntStats) => size === stat.size && mtimeNs === stat.mtimeNs;
  const changed = () => new VerifyError(`${open.name} changed while it was being read`);
  return {
    name: open.name,
    size,
    again: true,
    async *chunks(ahead) {
      let left = size;
      for await (const block of blocks(start, ahead)) {
        left -= block.length;
        // Before the last block is handed on: a receiver who has all the bytes takes them for the image.
        if (left < 0 || (left === 0 && !same(fstatSync(open.fd, { bigint: true })))) throw changed();
        yield block;
      }
      if (left > 0) throw changed();
    },
    close,
  };
}

/** A device, or a file on a descriptor that does not tell where it stands: read from there to the end. */
function sequential(open: Open): Source {
  const { blocks, close } = blocksOf(open);
  const chunks = once(open, (ahead) => blocks(null, ahead));
  return { name: open.name, size: undefined, again: false, chunks, close };
}

const readInto = promisify(read);

/** Bytes read at once: the most of which two fit into a small cache, as each piece costs something on its way. */
const blockSize = 512 * 1024;

/** So many blocks are read without ever waiting: signals must be heard, also while a disk is slow. */
const most = 4;

/**
 * Reads ahead by a thread, through two buffers in turn, or through one right away: bytes that are only sent on cost a
 * third less than where another processor has read them.
 */
function blocksOf(open: Open) {
  const readings = new Set<Promise<unknown>>();
  let closed = false;
  const local = isLocal(open.fd);
  /** How many bytes have come, of which none are the end. */
  const fill = async (into: Uint8Array, at: number | null, ahead: boolean): Promise<number> => {
    if (closed) throw closedEarly(open);
    try {
      if (local && !ahead) return readSync(open.fd, into, 0, into.length, at);
      const reading = readInto(open.fd, into, 0, into.length, at);
      readings.add(reading);
      return (await reading.finally(() => readings.delete(reading))).bytesRead;
    } catch (error) {
      throw cannot('read', open.name, error);
    }
  };
  return {
    async *blocks(from: number | null, ahead = true): AsyncGenerator<Uint8Array> {
      let buffer = Buffer.allocUnsafeSlow(blockSize);
      let other = ahead ? Buffer.allocUnsafeSlow(blockSize) : undefined;
      let at = from;
      let coming: Promise<number> | undefined;
      for (let count = 1; ; count += 1) {
        const length = await (coming ?? fill(buffer, at, ahead));
        if (closed) throw closedEarly(open);
        if (length === 0) return;
        if (at !== null) at += length;
        if (other) {
          coming = fill(other, at, ahead);
          coming.catch(() => {}); // told when the block is asked for, and until then nobody listens
        }
        yield buffer.subarray(0, length);
        if (other) [buffer, other] = [other, buffer];
        else if (count % most === 0) await new Promise(setImmediate);
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      // the number of a closed descriptor may soon mean another file
      await Promise.allSettled(readings);
      open.release();
    },
  };
}

/** A pipe or socket, read by the event loop: no thread is held by a writer who does not write. */
function pipe(open: Open): Source {
  let socket: Socket | undefined;
  let closed = false;
  return {
    name: open.name,
    size: undefined,
    again: false,
    chunks: once(open, async function* () {
      const net = await import('node:net'); // at the top it would cost every start 6 ms
      if (closed) throw closedEarly(open);
      const arrivals = arrivalsAt(open, net);
      socket = arrivals.socket;
      try {
        for (let chunk = await arrivals.next(); chunk; chunk = await arrivals.next()) yield chunk;
      } finally {
        socket.destroy();
      }
    }),
    async close() {
      if (socket) socket.destroy();
      else if (!closed) open.release();
      closed = true;
    },
  };
}

/** Reads into one buffer, which is filled again when the next chunk is asked for. */
function arrivalsAt(open: Open, { Socket }: typeof import('node:net')) {
  const arrived: (() => Uint8Array | undefined)[] = [];
  let wake = () => {};
  const arrive = (arrival: () => Uint8Array | undefined) => {
    arrived.push(arrival);
    wake();
  };
  const fail = (error: Error) =>
    arrive(() => {
      throw error;
    });
  const onread = {
    buffer: Buffer.allocUnsafeSlow(blockSize),
    callback(length: number, buffer: Uint8Array) {
      arrive(() => buffer.subarray(0, length));
      return false; // no more until `next` resumes
    },
  };
  // @types/node knows `onread` of connect() only
  const options: SocketConstructorOpts & { onread: OnReadOpts } = { fd: open.fd, writable: false, onread };
  const socket = new Socket(options);
  socket.on('end', () => arrive(() => undefined));
  socket.on('error', (error) => fail(cannot('read', open.name, error)));
  socket.on('close', () => fail(closedEarly(open)));
  return {
    socket,
    async next(): Promise<Uint8Array | undefined> {
      socket.resume();
      if (arrived.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return arrived.shift()?.();
    },
  };
}

/** Bytes that are gone once read: asking for them again is a mistake that must not end in an empty image. */
const once = ({ name }: Open, chunks: Source['chunks']): Source['chunks'] => {
  let asked = false;
  return (ahead) => {
    if (asked) throw new TglanceError(`${name} can be read only once`);
    asked = true;
    return chunks(ahead);
  };
};

const closedEarly = ({ name }: Open) => new TglanceError(`${name} was closed before its end`);
