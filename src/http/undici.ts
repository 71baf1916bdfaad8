import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import type { Dispatcher } from 'undici';
import buildConnector from 'undici/lib/core/connect.js';
import Client from 'undici/lib/dispatcher/client.js';
import { NetworkError } from '../errors.ts';
import { untrusted } from './connection-failure.ts';
import { exchange, type Limits, type Line } from './exchange.ts';
import type { Request, Send } from './message.ts';

/** How to reach servers: time limits in milliseconds, and whom to trust. */
export interface Transport extends Limits {
  readonly tls: {
    /** PEM texts; `ca` stands in for the well-known authorities. */
    readonly ca?: string | undefined;
    readonly cert?: string | undefined;
    readonly key?: string | undefined;
    /** Any certificate will do. */
    readonly insecure: boolean;
  };
}

/** Sends requests over the wire, as they are, once. */
export const undiciSend = (options: Transport): Send & { close(): void } => {
  // Compiling undici's HTTP parser again, better, costs a short command more than everything else it does.
  setFlagsFromString('--wasm-tiering-budget=1000000000');
  const lines = new Set<Line>();
  const idle = new Map<string, Line>();
  const open = opener(options, lines);

  const send: Send = async (request) => {
    const { origin, protocol } = request.url;
    if (protocol !== 'http:' && protocol !== 'https:') {
      throw new NetworkError(
        `Cannot reach ${protocol}//${request.url.host}: only http and https will do`,
        'protocol',
      );
    }
    let line = idle.get(origin);
    idle.delete(origin);
    if (line === undefined || needsFresh(request)) {
      line?.destroy();
      line = open(origin);
    }
    const used = line;
    return exchange(used, request, options, () => {
      idle.get(origin)?.destroy();
      idle.set(origin, used);
    });
  };

  return Object.assign(send, {
    close() {
      idle.clear();
      for (const line of lines) line.destroy();
    },
  });
};

/**
 * What must not be sent twice must not meet a connection that the server has just closed. (A server may close an
 * idle one at any time; what may be repeated simply is.)
 */
const needsFresh = ({ method, body }: Request): boolean =>
  method === 'POST' || method === 'PATCH' || typeof body === 'object';

/** Opens lines, which share what they have agreed on with TLS servers and are in `lines` as long as they live. */
function opener({ tls: { ca, cert, key, insecure } }: Transport, lines: Set<Line>): (origin: string) => Line {
  const connect = buildConnector({
    timeout: 0,
    // Said aloud, or else NODE_TLS_REJECT_UNAUTHORIZED=0 decides; an empty list spares reading the well-known ones.
    rejectUnauthorized: !insecure,
    ...(insecure ? { ca: [] } : ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  });

  return (origin) => {
    let socket: Socket | undefined;
    let held = false;
    const client = new Client(origin, {
      connect(target, done) {
        const mine = connect(target, done);
        socket = mine;
        // Before undici's own listener, which takes a reset for the end of a body without a length.
        mine.prependListener('error', (error) => {
          const distrusted = 'authorizationError' in mine && mine.authorizationError && !insecure;
          line.broken(distrusted ? untrusted(error, origin) : error);
        });
        holdable(mine, () => held);
      },
      maxHeaderSize: 64 * 1024,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: keepIdle,
      keepAliveMaxTimeout: keepIdle,
    });
    const line: Line = {
      dispatch(options, handler) {
        held = false;
        // Its types forget that a body may be an async iterable.
        client.dispatch(options as Dispatcher.DispatchOptions, handler);
      },
      hold(on) {
        if (held === on) return;
        held = on;
        if (!on) socket?.emit('readable');
      },
      destroy() {
        lines.delete(line);
        void client.destroy();
        socket?.destroy();
      },
      broken() {},
    };
    lines.add(line);
    return line;
  };
}

/** Milliseconds; whatever a server promises, what lies between may forget a connection sooner. */
const keepIdle = 4000;

/**
 * Holding back is done here because undici's own way of it brings the process down when the server closes meanwhile:
 * https://github.com/nodejs/undici/issues/5360, mended in version 8 only.
 */
function holdable(socket: Socket, isHeld: () => boolean): void {
  const read = socket.read.bind(socket);
  socket.read = (size) => (isHeld() && size !== 0 ? null : read(size));
}
