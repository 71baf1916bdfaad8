import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { DiskError } from '../errors.ts';

/** What is done with units in another thread: from their places in some memory to their places in some other one. */
export interface Task {
  /** A function of node:zlib, without its `Sync`. */
  readonly way: Way | 'deflateRaw';
  /** Bytes of a unit that is not compressed. */
  readonly length: number;
  /** Of each unit, where it begins and ends, and where it goes. */
  readonly units: readonly (readonly [from: number, to: number, place: number])[];
  readonly from: SharedArrayBuffer;
  readonly into: SharedArrayBuffer;
}

export type Way = 'inflateRaw' | 'inflate' | 'zstdDecompress';

/** A thread that has nothing else to do, and memory of its own that it sees as well. */
export interface Thread {
  readonly memory: Buffer & { readonly buffer: SharedArrayBuffer };
  /** Compressed units follow each other, as long as this gives: 0 is one of zeros, `whole` one that does not shrink. */
  run(task: Task): Promise<readonly number[]>;
}

/** Instead of the size of a unit that is left as it is. */
export const whole = -1;

/** Bytes of a thread's memory: as many as any unit may take, once more where it was not worth to compress it. */
export const room = 4 * 1024 * 1024 + 4096;
/** How many there are at most. */
export const mostThreads = 4;

const idle: Thread[] = [];
const waiting: ((thread: Thread) => void)[] = [];
let started = 0;

/** Does something with a thread once one is idle. */
export async function withThread<T>(act: (thread: Thread) => Promise<T>): Promise<T> {
  const thread = await aThread();
  try {
    return await act(thread);
  } finally {
    const next = waiting.shift();
    if (next === undefined) idle.push(thread);
    else next(thread);
  }
}

async function aThread(): Promise<Thread> {
  const found = idle.pop();
  if (found !== undefined) return found;
  if (started < Math.min(availableParallelism(), mostThreads)) {
    started += 1;
    return start(await import('node:worker_threads'));
  }
  return new Promise((resolve) => waiting.push(resolve));
}

/**
 * Run as it stands, without whatever builds the program around it. The functions of node:zlib make an engine for each
 * call, which takes a third of the time of a cluster: one is kept, as npm keeps those of its archives, and what it does
 * not unpack as it should is left to the function. https://github.com/isaacs/minizlib
 */
const script = `
const { parentPort } = require('node:worker_threads');
const zlib = require('node:zlib');
const { Z_SYNC_FLUSH } = zlib.constants;
function engineOf(make) {
  const { _handle: handle, _writeState: state } = make({ chunkSize: 64 });
  const beyond = Buffer.alloc(1);
  let failed = false;
  handle.onerror = () => { failed = true; };
  return (packed, into) => {
    failed = false;
    handle.reset();
    handle.writeSync(Z_SYNC_FLUSH, packed, 0, packed.length, into, 0, into.length);
    const [room, left] = state;
    if (failed || room > 0) return false;
    handle.writeSync(Z_SYNC_FLUSH, packed, packed.length - left, left, beyond, 0, 1);
    return !failed && state[0] === 1;
  };
}
function kept(make, pack) {
  try {
    const [sample, into, tried] = [Buffer.alloc(999, 'sample'), Buffer.alloc(999), engineOf(make)];
    if (tried(pack(sample), into) && into.equals(sample) && !tried(sample, into)) return engineOf(make);
  } catch {}
  return () => false;
}
function pack({ length, units, from, into }) {
  const options = { windowBits: 12, memLevel: 9, chunkSize: length }; // QEMU unpacks no longer windows
  const zeros = Buffer.alloc(length);
  let place = 0;
  return units.map(([start, end]) => {
    const unit = new Uint8Array(from, start, end - start);
    if (zeros.equals(unit)) return 0;
    const packed = zlib.deflateRawSync(unit, options);
    if (packed.length >= length) return -1;
    new Uint8Array(into, place).set(packed);
    place += packed.length;
    return packed.length;
  });
}
const engines = {};
const makers = {
  inflateRaw: () => kept(zlib.createInflateRaw, zlib.deflateRawSync),
  inflate: () => kept(zlib.createInflate, zlib.deflateSync),
  zstdDecompress: () => kept(zlib.createZstdDecompress, zlib.zstdCompressSync),
};
function unpack({ way, length, units, from, into }) {
  const engine = (engines[way] ??= makers[way]());
  const options = { maxOutputLength: length, chunkSize: length + 64 };
  if (way !== 'zstdDecompress') options.finishFlush = Z_SYNC_FLUSH;
  for (const [start, end, place] of units) {
    const packed = new Uint8Array(from, start, end - start);
    const unpacked = new Uint8Array(into, place, length);
    if (engine(packed, unpacked)) continue;
    const unit = zlib[way + 'Sync'](packed, options);
    if (unit.length !== length) throw new Error('unexpected end of data');
    unpacked.set(unit);
  }
  return [];
}
parentPort.on('message', (task) => {
  try {
    parentPort.postMessage(task.way === 'deflateRaw' ? pack(task) : unpack(task));
  } catch (error) {
    parentPort.postMessage(error.message);
  }
});`;

/** One that lasts as long as the program, and does not keep it from ending. */
function start(threads: typeof import('node:worker_threads')): Thread {
  const worker: Worker = new threads.Worker(script, {
    eval: true,
    env: threads.SHARE_ENV,
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
  worker.unref();
  return {
    memory: Buffer.from(new SharedArrayBuffer(room)),
    run: (task) =>
      new Promise((resolve, reject) => {
        worker.ref();
        worker.once('error', reject);
        worker.once('message', (outcome: readonly number[] | string) => {
          worker.off('error', reject);
          worker.unref();
          if (typeof outcome === 'string') reject(new DiskError(`Compressed data are damaged: ${outcome}`));
          else resolve(outcome);
        });
        worker.postMessage(task);
      }),
  };
}
