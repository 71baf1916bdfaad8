import { AnswerError } from '../errors.ts';
import type { Incoming, Payload, Response } from './message.ts';

/** The bytes of an answer as something to send on, piece by piece as they come; only once. */
export function payloadOf({ headers, body, url }: Response): Payload {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    body.drop();
    throw new AnswerError(`${url.origin}${url.pathname} is sent in ${encoding}, which was not asked for`);
  }
  const length = Number(headers['content-length'] ?? Number.NaN);
  return {
    size: Number.isSafeInteger(length) ? length : undefined,
    again: false,
    chunks: () => pulled(body),
  };
}

interface Piece {
  readonly chunk: Uint8Array;
  /** The receiver is done with it: its memory may be used again. */
  taken(): void;
}

/** Turns what is pushed into what is pulled: the sender waits while a piece is in use. */
async function* pulled(body: Incoming): AsyncIterable<Uint8Array> {
  let { promise: next, resolve: give, reject: fail } = promised<Piece | undefined>();
  body
    .each((chunk) => new Promise<void>((taken) => give({ chunk, taken })))
    .then(
      () => give(undefined),
      (error) => fail(error),
    );
  for (let piece = await next; piece !== undefined; piece = await next) {
    yield piece.chunk;
    ({ promise: next, resolve: give, reject: fail } = promised<Piece | undefined>());
    piece.taken();
  }
}

function promised<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((one, other) => {
    resolve = one;
    reject = other;
  });
  return { promise, resolve, reject };
}
