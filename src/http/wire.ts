import { NetworkError } from '../errors.ts';
import { errorDetail } from './body.ts';
import { isUntrusted } from './connection-failure.ts';
import { exchange, type Limits } from './exchange.ts';
import type { Line } from './line.ts';
import type { Request, Response, Send } from './message.ts';
import { openLine } from './open-line.ts';
import type { ChooseProxy } from './proxy.ts';
import { canRepeat, isLost } from './retry.ts';
import { createTrust, type Trusted } from './trust.ts';
import { wayTo } from './way.ts';

/** How to reach servers: time limits in milliseconds, whom to trust, and what stands between. */
export interface Transport extends Limits {
  readonly tls: Trusted;
  readonly proxy?: ChooseProxy | undefined;
}

/** Sends requests over the wire, as they are, once. */
export const wireSend = (options: Transport): Send & { close(): void } => {
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
    const anew = async () => {
      const way = await wayTo(url, proxy, trust);
      const open = typeof request.body === 'object' ? await uploads() : openLine;
      const line: Line = open(way, () => lines.delete(line));
      lines.add(line);
      return over(line);
    };
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

/** What is large goes by undici, which few commands need, and which takes a third of what a short one does. */
const uploads = async () => (await import('./upload-line.ts')).openUploadLine;

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
