import type { Incoming } from './message.ts';

/** Bytes that may wait for a reader before the sender is held back. */
const room = 64 * 1024;

interface Sender {
  hold(): void;
  release(): void;
  /** The rest is not wanted. */
  abandon(): void;
}

/**
 * The body of one answer between the socket, which pushes, and its reader, who may be slow or not there yet.
 * A small body waits here whole, so that a server that closes right behind it takes nothing away.
 */
export function incoming(sender: Sender) {
  const waiting: Uint8Array[] = [];
  let bytes = 0;
  /** The reader has a piece. */
  let busy: PromiseLike<void> | undefined;
  let unwanted = false;
  let end: { readonly error?: unknown } | undefined;
  let reader:
    | { see: Parameters<Incoming['each']>[0]; resolve: () => void; reject: (error: unknown) => void }
    | undefined;

  const drop = () => {
    unwanted = true;
    waiting.length = 0;
    if (!end) sender.abandon();
  };

  const refused = (error: unknown) => {
    drop();
    reader?.reject(error);
  };

  const show = (chunk: Uint8Array) => {
    try {
      const pause = reader?.see(chunk);
      if (!pause) return;
      busy = pause;
      if (!end) sender.hold();
      pause.then(() => {
        busy = undefined;
        flow();
      }, refused);
    } catch (error) {
      refused(error);
    }
  };

  /** Shows what waits; then lets the sender go on, or reports the end. */
  const flow = () => {
    while (reader && !busy) {
      const chunk = waiting.shift();
      if (!chunk) break;
      bytes -= chunk.length;
      show(chunk);
    }
    if (!reader || busy || unwanted) return;
    if (!end) sender.release();
    else if ('error' in end) reader.reject(end.error);
    else reader.resolve();
  };

  const body: Incoming = {
    each: (see) =>
      new Promise((resolve, reject) => {
        reader = { see, resolve, reject };
        flow();
      }),
    drop,
  };

  return {
    body,
    push(chunk: Uint8Array) {
      if (unwanted) return;
      if (reader && !busy && waiting.length === 0) return show(chunk);
      // A copy: the memory is about to be used again.
      waiting.push(Buffer.from(chunk));
      bytes += chunk.length;
      if (bytes > room) sender.hold();
    },
    /** With an error, the reader still sees before what has come. */
    end(error?: unknown) {
      end ??= error === undefined ? {} : { error };
      flow();
    },
    /** The reader hears of it at once, even in the middle of a piece. */
    abort(error: unknown) {
      end ??= { error };
      waiting.length = 0;
      busy = undefined;
      flow();
    },
    /** Calls when nobody has a piece any more. */
    whenUnused(then: () => void) {
      if (busy) busy.then(then, then);
      else then();
    },
  };
}
