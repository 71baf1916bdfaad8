import type { Incoming } from './message.ts';

interface Piece {
  readonly chunk: Uint8Array;
  /** The receiver is done with it: its memory may be used again. */
  taken(): void;
}

/** Turns what is pushed into what is pulled: the sender waits while a piece is in use. */
export async function* pulled(each: Incoming['each']): AsyncIterable<Uint8Array> {
  let { promise: next, resolve: give, reject: fail } = promised<Piece | undefined>();
  each((chunk) => new Promise<void>((taken) => give({ chunk, taken }))).then(
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
