import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { DiskError } from '../errors.ts';
import type { Bytes } from './bytes.ts';

/** A compressed unit of a disk: where it is in the file, and where it goes once it is unpacked. */
export interface Unit {
  readonly at: number;
  readonly size: number;
  readonly into: Uint8Array;
}

/** What unpacks in another thread, since zlib is what a conversion waits for; both buffers are seen by it. */
interface Inflater {
  readonly packed: Buffer;
  readonly unpacked: Buffer;
  /** Unpacks units of `length` bytes, of each its place and size in `packed`; gives what is wrong with them. */
  run(units: readonly (readonly [number, number])[], length: number): Promise<string | undefined>;
}

/** Bytes that one is given at once. */
const room = 4 * 1024 * 1024;
const mostInflaters = 4;

/** Run as it stands, without whatever builds the program around it. */
const script = `
const { parentPort, workerData: { packed, unpacked } } = require('node:worker_threads');
const { constants, inflateRawSync } = require('node:zlib');
parentPort.on('message', ({ units, length }) => {
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: length, chunkSize: length + 64 };
    const into = new Uint8Array(unpacked);
    units.forEach(([at, size], index) => {
      const unit = inflateRawSync(new Uint8Array(packed, at, size), options);
      if (unit.length !== length) throw new Error('unexpected end of data');
      into.set(unit, index * length);
    });
    parentPort.postMessage(undefined);
  } catch (error) {
    parentPort.postMessage(error.message);
  }
});`;

const idle: Inflater[] = [];
const waiting: ((inflater: Inflater) => void)[] = [];
let started = 0;

/**
 * Reads and unpacks units of `length` bytes that deflate packed. They stand close together in the file where a program
 * has written them one after the other: then they are read at once.
 */
export async function inflateUnits(file: Bytes, units: readonly Unit[], length: number): Promise<void> {
  for (let from = 0; from < units.length; ) {
    const some = together(units, from, length);
    await inflateTogether(file, some, length);
    from += some.length;
  }
}

/** As many units as one inflater has room for. */
function together(units: readonly Unit[], from: number, length: number): readonly Unit[] {
  let [low, high, to] = [Number.POSITIVE_INFINITY, 0, from];
  for (const { at, size } of units.slice(from, from + Math.floor(room / length))) {
    low = Math.min(low, at);
    high = Math.max(high, at + size);
    if (high - low > room && to > from) break;
    to += 1;
  }
  return units.slice(from, to);
}

async function inflateTogether(file: Bytes, units: readonly Unit[], length: number): Promise<void> {
  const low = Math.min(...units.map(({ at }) => at));
  const high = Math.min(file.size, Math.max(...units.map(({ at, size }) => at + size)));
  const inflater = await anInflater();
  try {
    await file.read(inflater.packed.subarray(0, high - low), low);
    const places = units.map(({ at, size }) => [at - low, Math.min(size, high - at)] as const);
    const problem = await inflater.run(places, length);
    if (problem !== undefined) throw new DiskError(`Compressed data are damaged: ${problem}`);
    for (const [index, { into }] of units.entries()) {
      into.set(inflater.unpacked.subarray(index * length, (index + 1) * length));
    }
  } finally {
    const next = waiting.shift();
    if (next === undefined) idle.push(inflater);
    else next(inflater);
  }
}

async function anInflater(): Promise<Inflater> {
  const found = idle.pop();
  if (found !== undefined) return found;
  if (started < Math.min(availableParallelism(), mostInflaters)) {
    started += 1;
    return startInflater(await import('node:worker_threads'));
  }
  return new Promise((resolve) => waiting.push(resolve));
}

/** One that lasts as long as the program, and does not keep it from ending. */
function startInflater(threads: typeof import('node:worker_threads')): Inflater {
  const [packed, unpacked] = [new SharedArrayBuffer(room), new SharedArrayBuffer(room)];
  const worker: Worker = new threads.Worker(script, { eval: true, workerData: { packed, unpacked } });
  worker.unref();
  return {
    packed: Buffer.from(packed),
    unpacked: Buffer.from(unpacked),
    run: (units, length) =>
      new Promise((resolve, reject) => {
        worker.ref();
        worker.once('error', reject);
        worker.once('message', (problem: string | undefined) => {
          worker.off('error', reject);
          worker.unref();
          resolve(problem);
        });
        worker.postMessage({ units, length });
      }),
  };
}
