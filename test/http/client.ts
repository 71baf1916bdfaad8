import { onTestFinished } from 'vitest';
import type { Payload, Request, Response } from '../../src/http/message.ts';
import { type Transport, wireSend } from '../../src/http/wire.ts';

/** A transport with generous limits, closed at the end of the test. */
export function transport(options: Partial<Transport> = {}) {
  const limits = { connectTimeout: 5000, firstByteTimeout: 5000, idleTimeout: 5000 };
  const send = wireSend({ ...limits, tls: { insecure: false }, ...options });
  onTestFinished(() => send.close());
  return send;
}

export const request = (method: Request['method'], url: string, more: Partial<Request> = {}): Request => ({
  method,
  url: new URL(url),
  headers: {},
  ...more,
});

export const get = (url: string, more: Partial<Request> = {}): Request => request('GET', url, more);

export async function text(response: Response): Promise<string> {
  const pieces: Buffer[] = [];
  await response.body.each((chunk) => void pieces.push(Buffer.from(chunk)));
  return Buffer.concat(pieces).toString();
}

/** What the promise fails with; `text` of a response counts. */
export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error) => error,
  );

/** A body that comes in `pieces`, and a log of what became of it. */
export function payload(
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  size?: number,
  again = true,
) {
  const log = { asked: 0, closed: 0 };
  const body: Payload = {
    size,
    again,
    async *chunks() {
      try {
        for await (const piece of pieces) {
          log.asked += 1;
          yield Buffer.from(piece as string);
        }
      } finally {
        log.closed += 1;
      }
    },
  };
  return { body, log };
}
