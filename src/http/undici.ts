import { setFlagsFromString } from 'node:v8';
import type { Dispatcher } from 'undici';
import Client from 'undici/lib/dispatcher/client.js';
import { NetworkError } from '../errors.ts';
import { connectionFailure, untrusted } from './connection-failure.ts';
import { exchange, type Limits, type Line } from './exchange.ts';
import type { Request, Send } from './message.ts';
import { isLost } from './retry.ts';
import { type Plug, plugIn, type Secure } from './socket.ts';

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
  let secure: Secure | undefined;

  const send: Send = async (request) => {
    const { url } = request;
    if (url.protocol === 'https:') secure ??= await prepareTls(options, url.origin);
    else if (url.protocol !== 'http:') {
      throw new NetworkError(
        `Cannot reach ${url.protocol}//${url.host}: only http and https will do`,
        'protocol',
      );
    }
    const over = (line: Line) =>
      exchange(line, request, options, () => {
        idle.get(url.origin)?.destroy();
        idle.set(url.origin, line);
      });
    const kept = idle.get(url.origin);
    idle.delete(url.origin);
    if (kept?.isOpen() && !needsFresh(request)) {
      try {
        return await over(kept);
      } catch (error) {
        // The server closed it just when it was wanted, as it may: nobody needs to hear of that.
        if (!isLost(error)) throw error;
      }
    } else kept?.destroy();
    return over(openLine(url, url.protocol === 'https:' ? secure : undefined, lines));
  };

  return Object.assign(send, {
    close() {
      idle.clear();
      for (const line of lines) line.destroy();
    },
  });
};

/** What must not be sent twice must not meet a connection that the server has just closed. */
const needsFresh = ({ method, body }: Request): boolean =>
  method === 'POST' || method === 'PATCH' || typeof body === 'object';

async function prepareTls({ tls: { ca, cert, key, insecure } }: Transport, origin: string): Promise<Secure> {
  const { connect, createSecureContext } = await import('node:tls');
  try {
    const secureContext = createSecureContext({
      // An empty list spares reading the well-known ones.
      ...(insecure ? { ca: [] } : ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    });
    // Said aloud, or else NODE_TLS_REJECT_UNAUTHORIZED=0 decides.
    const rejectUnauthorized = !insecure;
    return { connect, options: { secureContext, rejectUnauthorized, ALPNProtocols: ['http/1.1'] } };
  } catch (error) {
    throw connectionFailure(error, origin, 'connecting');
  }
}

/** Milliseconds; whatever a server promises, what lies between may forget a connection sooner. */
const keepIdle = 4000;

/** It is in `lines` as long as it lives, and makes its connection when it is needed. */
function openLine(url: URL, secure: Secure | undefined, lines: Set<Line>): Line {
  let plug: Plug | undefined;
  const client = new Client(url.origin, {
    connect(_target, done) {
      plug = plugIn(url, secure);
      const { socket } = plug;
      socket.once(secure ? 'secureConnect' : 'connect', () => done(null, socket));
      // Before undici's own listener, which takes a reset for the end of a body without a length.
      socket.on('error', (error) => {
        const distrusted = 'authorizationError' in socket && socket.authorizationError;
        line.broken(distrusted && secure?.options.rejectUnauthorized ? untrusted(error, url.origin) : error);
      });
    },
    maxHeaderSize: 64 * 1024,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepIdle,
    keepAliveMaxTimeout: keepIdle,
  });
  const line: Line = {
    dispatch(options, handler) {
      plug?.hold(false);
      // Its types forget that a body may be an async iterable.
      client.dispatch(options as Dispatcher.DispatchOptions, handler);
    },
    isOpen: () => plug !== undefined && !plug.socket.destroyed,
    hold: (on) => plug?.hold(on),
    destroy() {
      lines.delete(line);
      void client.destroy();
      plug?.socket.destroy();
    },
    broken() {},
  };
  lines.add(line);
  return line;
}
