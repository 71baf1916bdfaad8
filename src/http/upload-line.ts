import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import Client from 'undici/lib/dispatcher/client.js';
import { keepIdle, type Line } from './line.ts';
import { open } from './socket.ts';
import { compileOnce, optimise } from './tiering.ts';
import { addressed, go, type Way } from './way.ts';

/** A line whose requests may be of any length, by undici; it is `gone` once it carries nothing any more. */
export function openUploadLine(way: Way, gone: () => void): Line {
  let socket: Socket | undefined;
  let unplug = () => {};
  /** The answer itself is still to come. */
  let ahead = true;
  let held = false;
  const client = new Client(way.url.origin, {
    connect(_target, done) {
      unplug = go(way, {
        make(url, secure, over) {
          const made = open(url, secure, over && { socket: over });
          const read = made.read.bind(made);
          made.read = (length) => {
            const piece = held ? null : read(length);
            if (ahead && piece !== null && length !== 0) ahead = passOverContinue(piece);
            return piece;
          };
          return made;
        },
        ready(it) {
          socket = it;
          compileOnce(() => done(null, it));
        },
        broken: (error) => line.broken(error),
      });
    },
    maxHeaderSize: 64 * 1024,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepIdle,
    keepAliveMaxTimeout: keepIdle,
  });
  const line: Line = {
    place: way.place,
    dispatch(outset, hearer) {
      ahead = true;
      line.hold(false);
      const body = typeof outset.body === 'object' ? notOptimised(outset.body) : outset.body;
      // Its types forget that a body may be an async iterable.
      client.dispatch(addressed(way, { ...outset, body }) as Dispatcher.DispatchOptions, {
        onRequestStart: hearer.started,
        onResponseStart(_controller, status, headers) {
          optimise(true);
          if (status >= 200) hearer.head(status, joined(headers));
        },
        onResponseData: (_controller, chunk) => hearer.data(chunk),
        onResponseEnd: hearer.end,
        onResponseError: (_controller, error) => hearer.failed(error),
      });
    },
    isOpen: () => socket !== undefined && !socket.destroyed,
    // undici's own way of holding back brings the process down when the server closes meanwhile:
    // https://github.com/nodejs/undici/issues/5360, mended in version 8 only.
    hold(on) {
      if (held === on) return;
      held = on;
      if (!on) socket?.emit('readable');
    },
    destroy() {
      gone();
      optimise(true);
      // first, for undici destroys a socket with an error, and has it write down where it was made
      unplug();
      void client.destroy();
    },
    broken() {},
  };
  return line;
}

/** So many pieces take a second or two. */
const some = 4096;

/** The same pieces, for the first of which V8 does not optimise. The optimiser is to be put on again at the end. */
function notOptimised(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  let count = 0;
  const next = () => {
    count += 1;
    if (count === 1 || count === some) optimise(count === some);
    return iterator.next();
  };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}

/**
 * Any server may say `100 Continue` before it answers, asked or not (RFC 9110, 15.2). undici gives up the connection
 * then, and passes over a 102; so that is what it reads. Tells whether the answer itself is still to come.
 */
function passOverContinue(piece: Buffer): boolean {
  let at = 0;
  while (/^HTTP\/1\.\d 1\d\d/.test(piece.toString('latin1', at, at + 12))) {
    if (piece.toString('latin1', at + 9, at + 12) === '100') piece.write('102', at + 9, 'latin1');
    const end = piece.indexOf('\r\n\r\n', at);
    if (end < 0) return true;
    at = end + 4;
  }
  return at === piece.length;
}

function joined(headers: Readonly<Record<string, string | string[] | undefined>>) {
  const single: Record<string, string | undefined> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    single[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return single;
}
