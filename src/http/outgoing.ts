import { VerifyError } from '../errors.ts';
import type { Payload } from './message.ts';

/** From this size on a piece is written through before undici asks for the next; smaller ones it may still hold. */
const through = 64 * 1024;

interface Reader {
  /** The next piece is being read. */
  reading(): void;
  /** A piece is on its way to the server. */
  sending(): void;
  /** Everything is on its way. */
  sent(): void;
  failed(error: unknown): void;
}

/**
 * A payload as the body undici pulls. It can be stopped from outside at any moment, also while its source is
 * waiting for data, and it never ends early by itself: the server would take the part for the whole.
 */
export function outgoing(payload: Payload, reader: Reader) {
  const source = payload.chunks()[Symbol.asyncIterator]();
  let bytes = 0;
  let whole = payload.size === 0;
  let stopped = false;
  let answer: (result: IteratorResult<Uint8Array>) => void = () => {};

  const pull = async () => {
    // Without a turn of the event loop, an early answer would stay unread behind a socket that takes all it is given.
    await new Promise(setImmediate);
    if (stopped) return;
    const { value, done } = await source.next();
    if (stopped) return;
    if (done) {
      if (bytes < (payload.size ?? 0)) {
        throw new VerifyError(`The data ended after ${bytes} of ${payload.size} bytes`);
      }
      whole = true;
      reader.sent();
      return answer({ value: undefined, done });
    }
    bytes += value.length;
    if (bytes > (payload.size ?? Number.POSITIVE_INFINITY)) {
      throw new VerifyError(`The data went on after the ${payload.size} bytes they should have`);
    }
    whole = bytes === payload.size;
    reader.sending();
    answer({ value: value.length < through ? Buffer.from(value) : value, done: false });
  };

  const next = () =>
    new Promise<IteratorResult<Uint8Array>>((resolve) => {
      answer = resolve;
      reader.reading();
      pull().catch((error) => {
        if (!stopped) reader.failed(error);
      });
    });

  const stop = () => {
    if (stopped) return;
    stopped = true;
    source.return?.().catch(() => {});
  };

  return {
    chunks: { [Symbol.asyncIterator]: () => ({ next }) } satisfies AsyncIterable<Uint8Array>,
    isWhole: () => whole,
    /** No more is read; the body stays unfinished. */
    stop,
    /** Lets go of undici, once the connection cannot carry anything any more. */
    close() {
      stop();
      answer({ value: undefined, done: true });
    },
  };
}
