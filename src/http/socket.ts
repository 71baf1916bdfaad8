import { connect, isIP, type OnReadOpts, type Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';

/** How to make a TLS connection; Node's part for it is only loaded for https. */
export interface Secure {
  readonly connect: (options: ConnectionOptions) => Socket;
  readonly options: ConnectionOptions;
}

/** A connection, made or being made, and whether what comes over it is left to the operating system for now. */
export interface Plug {
  readonly socket: Socket;
  hold(on: boolean): void;
}

/** Bytes received at once, as many as the processor's cache likes. */
const size = 256 * 1024;

/** What closed connections have received into: as garbage it would stay for hundreds of connections that break. */
const free: Buffer[] = [];
const memoryToFill = (): Buffer => free.pop() ?? Buffer.allocUnsafeSlow(size);

/**
 * Connects to the server of `url`, through the connection `over` where one leads there already, and shows what comes.
 * It is received into the same memory again and again, which halves the time an image takes and the memory of the
 * process; so a piece is only good while it is shown, or as long as the connection is held.
 */
export function plugIn(
  url: URL,
  secure: Secure | undefined,
  show: (piece: Buffer) => void,
  over?: Socket,
): Plug {
  let memory = memoryToFill();
  let other = memoryToFill();
  let lent: Buffer | undefined;
  let held = false;
  const onread = {
    buffer() {
      // Over TLS more may come although the socket is paused: what was decrypted together comes together.
      if (memory === lent) [memory, other] = [other, memory];
      return memory;
    },
    callback(length: number) {
      show(memory.subarray(0, length));
      return !held;
    },
  };
  // Over another socket Node knows no `onread`: what comes is then read as from any stream.
  const socket = open(url, secure, over ? { socket: over } : { onread });
  if (over) socket.on('data', show);
  // whoever still has a piece then keeps its memory
  socket.once('close', () => free.push(...[memory, other].filter((it) => it !== lent)));
  return {
    socket,
    hold(on) {
      if (held === on) return;
      held = on;
      lent = on ? memory : undefined;
      if (on) socket.pause();
      else socket.resume();
    },
  };
}

/** A connection being made, as it comes. */
export function open(
  url: URL,
  secure: Secure | undefined,
  how: Pick<ConnectionOptions, 'socket'> & { onread?: OnReadOpts } = {},
): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (secure ? 443 : 80);
  const place = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000, ...how };
  return secure
    ? secure.connect({ ...place, ...secure.options, servername: isIP(host) ? '' : host })
    : connect(place);
}
