import { setTimeout as wait } from 'node:timers/promises';
import type { Answering, Exchange, Reply } from './exchange.ts';
import { refuse } from './refusal.ts';

/** Stands around an answer and does something to it. */
export type Bend = (next: Answering) => Answering;

/** Something that goes wrong on one route, as many times as said. */
export interface Fault {
  /** As in the table of routes: `GET /v2/images/:id/file`. */
  readonly route: string;
  readonly bend: Bend;
  readonly times: number;
}

/** `on('GET /v2/images/:id/file', cut(65536), 1)` breaks the first download after 64 KiB. */
export const on = (route: string, bend: Bend, times = Number.POSITIVE_INFINITY): Fault => ({
  route,
  bend,
  times,
});

/** The connection broke: over a port it is closed without another word. */
export class Dropped extends Error {}

/** Answers with a refusal, in the service's own form, before anything is done. */
export const refused =
  (status: number, headers: Record<string, string> = {}): Bend =>
  () =>
  () =>
    Promise.reject(refuse(status, undefined, headers));

/** Closes the connection without an answer once `bytes` of the request's body have come. */
export const hangUp =
  (bytes = 0): Bend =>
  () =>
  async ({ body }) => {
    for await (const _ of pieces(body, bytes));
    throw new Dropped();
  };

/** Breaks the connection after `bytes` of the reply's body. */
export const cut = (bytes: number): Bend =>
  body(async function* (chunks) {
    yield* pieces(chunks, bytes);
    throw new Dropped();
  });

/** Waits before the reply and before each piece of its body; in ms. */
export const slow =
  (pause: number): Bend =>
  (next) =>
  async (request) => {
    await wait(pause);
    const slowly = body(async function* (chunks) {
      for await (const chunk of chunks) {
        await wait(pause);
        yield chunk;
      }
    });
    return slowly(next)(request);
  };

/** Turns over one bit in the first byte of the reply's body. */
export const corrupt: Bend = body(async function* (chunks) {
  let isFirst = true;
  for await (const chunk of chunks) {
    yield isFirst ? Uint8Array.from(chunk, (byte, at) => (at === 0 ? byte ^ 1 : byte)) : chunk;
    isFirst = false;
  }
});

/** Answers a request for a range with the whole. */
export const ignoreRange: Bend = (next) => (request) =>
  next({ ...request, headers: { ...request.headers, range: undefined } });

function body(change: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>): Bend {
  return (next) =>
    async (request: Exchange): Promise<Reply> => {
      const reply = await next(request);
      const { body: whole } = reply;
      if (whole === undefined) return reply;
      return { ...reply, body: change(whole instanceof Uint8Array ? once(whole) : whole) };
    };
}

async function* once(chunk: Uint8Array): AsyncIterable<Uint8Array> {
  yield chunk;
}

async function* pieces(chunks: AsyncIterable<Uint8Array>, bytes: number): AsyncIterable<Uint8Array> {
  let left = bytes;
  if (left <= 0) return;
  for await (const chunk of chunks) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
