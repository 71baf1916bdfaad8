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
  /** Another answer comes next. */
  begin(): void;
  hold(on: boolean): void;
}

/** Bytes received at once, as many as the processor's cache likes. */
const size = 256 * 1024;

/** What closed connections have received into: as garbage it would stay for hundreds of connections that break. */
const free: Buffer[] = [];
const memoryToFill = (): Buffer => free.pop() ?? Buffer.allocUnsafeSlow(size);

/**
 * Connects to the server of `url`, through the connection `over` where one leads there already. What comes is received
 * into the same memory again and again, which halves the time an image takes and the memory of the process; so a piece
 * is only good while it is shown, or as long as the connection is held. Node has this for those who want to be called
 * with each piece; undici waits for 'readable' and reads, so here it reads from that memory.
 */
export function plugIn(url: URL, secure: Secure | undefined, over?: Socket): Plug {
  let memory = memoryToFill();
  let other = memoryToFill();
  let lent: Buffer | undefined;
  let fresh: Buffer | undefined;
  let held = false;
  let ahead = true;
  const onread = {
    buffer() {
      // Over TLS more may come although the socket is paused: what was decrypted together comes together.
      if (memory === lent) [memory, other] = [other, memory];
      return memory;
    },
    callback(length: number) {
      fresh = memory.subarray(0, length);
      socket.emit('readable');
      if (fresh) socket.push(Buffer.from(fresh));
      fresh = undefined;
      return !held;
    },
  };
  // Over another socket Node knows no `onread`: what comes is then read as from any stream.
  const socket = open(url, secure, over ? { socket: over } : { onread });
  // whoever still has a piece then keeps its memory
  socket.once('close', () => free.push(...[memory, other].filter((it) => it !== lent)));
  const read = socket.read.bind(socket);
  const next = (length?: number): Buffer | null => {
    if (length === 0 || fresh === undefined || socket.readableLength > 0) return read(length);
    const piece = fresh;
    fresh = undefined;
    return piece;
  };
  socket.read = (length) => {
    const piece = held ? null : next(length);
    if (ahead && piece !== null) ahead = passOverContinue(piece);
    return piece;
  };

  // undici's own way of holding back brings the process down when the server closes meanwhile:
  // https://github.com/nodejs/undici/issues/5360, mended in version 8 only.
  const hold = (on: boolean) => {
    if (held === on) return;
    held = on;
    lent = on ? memory : undefined;
    if (on) socket.pause();
    else {
      socket.resume();
      socket.emit('readable');
    }
  };
  return {
    socket,
    begin() {
      ahead = true;
      hold(false);
    },
    hold,
  };
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
