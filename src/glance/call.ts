import { type ServiceError, UsageError } from '../errors.ts';
import { caps, readBytes, readJson } from '../http/body.ts';
import type { Incoming, Request, Response, Send } from '../http/message.ts';
import { redactHeader } from '../http/redact.ts';
import { refusal } from './api.ts';

/** A call to the Image API as somebody wrote it down. */
export interface Call extends Pick<Request, 'method' | 'headers' | 'body'> {
  /** With or without the first slash, or the whole address; it may have a query. */
  readonly path: string;
}

/** What came back. Its body is taken by one of `each`, `json` and `drop`. */
export interface Answer extends Incoming {
  readonly status: number;
  /** As they may be shown; lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Why nothing was done; `each` still gives what the service said. */
  readonly refusal: ServiceError | undefined;
  json(): Promise<unknown>;
}

/** Makes any call below `root`, signed by `send`; never to another server, and never to a path that leaves its place. */
export const callOver =
  (send: Send, root: () => Promise<string>, signal: AbortSignal) =>
  async ({ path, ...request }: Call): Promise<Answer> => {
    refuseDetours(path);
    const url = addressOf(path, await root());
    return answerOf(await send({ ...request, url, signal }));
  };

/** What the URL standard resolves, cuts off or leaves out would make another path of it. */
function refuseDetours(path: string): void {
  const [, odd] = /([\\#\p{Cc}])/u.exec(path) ?? [];
  if (odd !== undefined)
    throw new UsageError(`${JSON.stringify(odd)} cannot stand in a path; percent-encode it`);
  const [place = ''] = path.split('?');
  const dots = place.split(/\/|%2f/i).find((segment) => /^\.\.?$/.test(segment.replace(/%2e/gi, '.')));
  if (dots !== undefined) throw new UsageError(`'${dots}' cannot be a part of a path of the API`);
}

function addressOf(path: string, root: string): URL {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return new URL(`${root}/${path.replace(/^\//, '')}`);
  const url = URL.canParse(path) ? new URL(path) : undefined;
  const { origin } = new URL(root);
  if (url?.origin === origin) return new URL(origin + url.pathname + url.search);
  throw new UsageError(
    `'${path}' is not at ${origin}, where the Image service is: the token is for nobody else`,
  );
}

async function answerOf(response: Response): Promise<Answer> {
  const { status, body } = response;
  const headers = Object.entries(response.headers).map(([name, value = '']) => [name, shown(name, value)]);
  const answer = { status, headers: Object.fromEntries(headers), json: () => readJson(response, caps.page) };
  if (status < 400) return { ...answer, ...body, refusal: undefined };
  const bytes = await readBytes(response, caps.error);
  const again: Incoming = { each: async (see) => see(bytes), drop: () => {} };
  return { ...answer, ...again, refusal: await refusal({ ...response, body: again }) };
}

const shown = (name: string, value: string): string =>
  redactHeader(name, value).replace(
    /[^ -~]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
