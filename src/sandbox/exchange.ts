import { refuse } from './refusal.ts';

/** One request, from node's http server or from a caller in the same process. */
export interface Exchange {
  readonly method: string;
  /** Path and query, as sent. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** What is answered. A body that throws while it is read means that the connection breaks there. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | undefined;
}

/** The one shape that the sandbox, its routes' tables and its faults have. */
export type Answering = (request: Exchange) => Promise<Reply>;

/** A reply with a JSON body. */
export const json = (status: number, value: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: new TextEncoder().encode(JSON.stringify(value)),
});

/** A reply that says all in its status. */
export const empty = (status: number): Reply => ({
  status,
  headers: { 'content-type': 'text/html; charset=UTF-8' },
  body: undefined,
});

const mostBytes = 1024 * 1024;
const mostDepth = 100;

/** The JSON in a request's body, or undefined when there is no body; too long and too deep are refused unread. */
export async function readJson(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > mostBytes) throw refuse(413);
    pieces.push(Buffer.from(piece));
  }
  if (size === 0) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces));
    if (depth(text) > mostDepth) throw new RangeError('too deep');
    return JSON.parse(text);
  } catch {
    throw refuse(400, 'Malformed JSON in request body.');
  }
}

/** How many brackets are open at most: counted before parsing, because everything after it recurses. */
function depth(text: string): number {
  let open = 0;
  let most = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at];
    if (isQuoted && mark === '\\') at += 1;
    else if (mark === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (mark === '[' || mark === '{') most = Math.max(most, ++open);
    else if (mark === ']' || mark === '}') open -= 1;
  }
  return most;
}

/** A plain object: what JSON's braces give. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
