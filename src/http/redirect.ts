import { AnswerError } from '../errors.ts';
import type { Request, Response, Send } from './message.ts';
import { redact } from './redact.ts';

const hops = 5;

/** Follows a GET where the same server sends it; refuses to go anywhere else, and all other methods. */
export const withRedirects = (send: Send): Send => following(send, sameOrigin);

/**
 * The same for image data, whose bytes are checked: they may come from another server, which is shown
 * nothing that says who asks. Never from an encrypted connection to an open one.
 */
export const withDataRedirects = (send: Send): Send => following(send, anywhere);

/** The request to make instead, or undefined when it must not be made. */
type Leap = (request: Request, target: URL) => Request | undefined;

const following =
  (send: Send, leap: Leap): Send =>
  async (request) => {
    let next = request;
    for (let hop = 0; ; hop += 1) {
      const response = await send(next);
      if (![301, 302, 303, 307, 308].includes(response.status)) {
        return next.url.origin === request.url.origin ? response : { ...response, elsewhere: true };
      }
      response.body.drop();
      const target = targetOf(response);
      const refused = (why: string) =>
        new AnswerError(
          `${request.method} ${where(next.url)} was redirected to ${target ? where(target) : 'nowhere'}${why}`,
        );
      if (hop === hops) throw refused(`, the ${hops + 1}th time in a row`);
      const after = target && request.method === 'GET' ? leap(next, target) : undefined;
      if (!after) throw refused(', which is not followed');
      next = after;
    }
  };

const sameOrigin: Leap = (request, target) =>
  target.origin === request.url.origin ? { ...request, url: target } : undefined;

const anywhere: Leap = (request, target) => {
  if (target.origin === request.url.origin) return { ...request, url: target };
  const safe =
    target.protocol === 'https:' || (target.protocol === 'http:' && request.url.protocol === 'http:');
  return safe ? { ...request, url: target, headers: impersonal(request.headers) } : undefined;
};

/** What says which bytes are wanted, and nothing else. */
const impersonal = (headers: Request['headers']): Request['headers'] =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) =>
      /^(accept|accept-encoding|range|if-range|user-agent)$/.test(name),
    ),
  );

function targetOf({ headers, url }: Response): URL | undefined {
  const location = headers.location;
  return location !== undefined && URL.canParse(location, url.href) ? new URL(location, url) : undefined;
}

/** Without credentials and without a query, which may be one. */
const where = (url: URL): string => redact(`${url.protocol}//${url.host}${url.pathname}`);
