import type { Dispatcher } from 'undici';
import Client from 'undici/lib/dispatcher/client.js';
import { NetworkError } from '../errors.ts';
import { errorDetail } from './body.ts';
import { isUntrusted } from './connection-failure.ts';
import { exchange, type Limits, type Line } from './exchange.ts';
import type { Request, Response, Send } from './message.ts';
import type { ChooseProxy } from './proxy.ts';
import { canRepeat, isLost } from './retry.ts';
import type { Plug } from './socket.ts';
import { compileOnce } from './tiering.ts';
import { createTrust, type Trusted } from './trust.ts';
import { forwarder, go, type Way, wayTo } from './way.ts';

/** How to reach servers: time limits in milliseconds, whom to trust, and what stands between. */
export interface Transport extends Limits {
  readonly tls: Trusted;
  readonly proxy?: ChooseProxy | undefined;
}

/** Sends requests over the wire, as they are, once. */
export const undiciSend = (options: Transport): Send & { close(): void } => {
  const lines = new Set<Line>();
  const idle = new Map<string, Line>();
  const trust = createTrust(options.tls);

  const send: Send = async (request) => {
    const { url } = request;
    if (!/^https?:$/.test(url.protocol)) {
      throw new NetworkError(
        `Cannot reach ${url.protocol}//${url.host}: only http and https will do`,
        'protocol',
      );
    }
    const proxy = options.proxy?.(url);
    const over = async (line: Line): Promise<Response> => {
      const response = await exchange(line, request, options, () => {
        idle.get(url.origin)?.destroy();
        idle.set(url.origin, line);
      });
      const isShown = proxy !== undefined && url.protocol === 'http:';
      const why = isShown ? await refusalOfProxy(response) : undefined;
      if (why === undefined) return response;
      throw new NetworkError(`No answer from ${line.place}: ${why}`, 'proxy');
    };
    const anew = async () => over(openLine(await wayTo(url, proxy, trust), lines));
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
    try {
      return await anew();
    } catch (error) {
      if (!isUntrusted(error) || !canRepeat(request.body) || !(await trust.widen())) throw error;
      return anew();
    }
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

/** What a proxy that passes requests on says against one: services of a cloud say so with the request's ID. */
async function refusalOfProxy(response: Response): Promise<string | undefined> {
  const { status, headers, body } = response;
  if (status === 403 && headers['x-openstack-request-id'] === undefined) return errorDetail(response);
  if (status !== 407) return undefined;
  body.drop();
  return 'the proxy wants a user and a password';
}

/** Milliseconds; whatever a server promises, what lies between may forget a connection sooner. */
const keepIdle = 4000;

/** It is in `lines` as long as it lives, and makes its connection when it is needed. */
function openLine(way: Way, lines: Set<Line>): Line {
  let plug: Plug | undefined;
  let unplug = () => {};
  const forward = forwarder(way);
  const client = new Client(way.url.origin, {
    connect(_target, done) {
      unplug = go(way, {
        ready(it) {
          plug = it;
          compileOnce(() => done(null, it.socket));
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
    dispatch(options, handler) {
      plug?.begin();
      const { path, headers } = options;
      const shown = forward?.authorization && { 'proxy-authorization': forward.authorization };
      const outset = forward
        ? { ...options, path: way.url.origin + path, headers: { ...headers, ...shown } }
        : options;
      // Its types forget that a body may be an async iterable.
      client.dispatch(outset as Dispatcher.DispatchOptions, handler);
    },
    isOpen: () => plug !== undefined && !plug.socket.destroyed,
    hold: (on) => plug?.hold(on),
    destroy() {
      lines.delete(line);
      // first, for undici destroys a socket with an error, and has it write down where it was made
      unplug();
      void client.destroy();
    },
    broken() {},
  };
  lines.add(line);
  return line;
}
