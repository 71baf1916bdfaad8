import { connect, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
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

/** Connects to the server of `url`. A piece that is read is only good while it is shown, or while `hold` is on. */
export function plugIn(url: URL, secure: Secure | undefined): Plug {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (secure ? 443 : 80);
  const place = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };
  let held = false;
  const socket = secure
    ? secure.connect({ ...place, ...secure.options, servername: isIP(host) ? '' : host })
    : frugal(place, () => held);
  const read = socket.read.bind(socket);
  socket.read = (length) => (held ? null : read(length));

  return {
    socket,
    /**
     * undici's own way of holding back brings the process down when the server closes meanwhile:
     * https://github.com/nodejs/undici/issues/5360, mended in version 8 only.
     */
    hold(on) {
      if (held === on) return;
      held = on;
      if (on) {
        socket.pause();
      } else {
        socket.resume();
        socket.emit('readable');
      }
    },
  };
}

/** Bytes received at once, as many as the processor's cache likes. */
const size = 256 * 1024;

/**
 * A socket that receives into the same memory again and again, which halves the time an image takes and the memory
 * of the process. Node has no such thing for those who wait for 'readable' and then read, as undici does.
 * (Over TLS it is no use: Node goes on decrypting into the memory while the socket is paused.)
 */
function frugal(place: TcpNetConnectOpts, isHeld: () => boolean): Socket {
  let fresh: Buffer | undefined;
  const socket: Socket = connect({
    ...place,
    onread: {
      buffer: Buffer.allocUnsafeSlow(size),
      callback(length, memory) {
        fresh = Buffer.from(memory.buffer, memory.byteOffset, length);
        socket.emit('readable');
        if (fresh) socket.push(Buffer.from(fresh));
        fresh = undefined;
        return !isHeld();
      },
    },
  });
  const read = socket.read.bind(socket);
  socket.read = (length) => {
    if (length === 0 || fresh === undefined || socket.readableLength > 0) return read(length);
    const piece = fresh;
    fresh = undefined;
    return piece;
  };
  return socket;
}
