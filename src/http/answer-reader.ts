import type { Hearer } from './line.ts';
import type { Request, Response } from './message.ts';

/** The bytes are not what HTTP promises; the message says what is wrong with them. */
export class MalformedAnswer extends Error {}

/** The server has closed the connection where more should have come. */
export class ClosedEarly extends Error {
  override readonly message = 'other side closed';
}

type Hears = Pick<Hearer, 'head' | 'data'> & {
  /** Whether another exchange can follow over the same connection. */
  end(goesOn: boolean): void;
};

/** The most that a head may have, or the lines around a chunk, in bytes. */
const longest = 64 * 1024;

/** What comes next. `after` is the end of the line behind a chunk. */
type Place = 'status' | 'fields' | 'data' | 'size' | 'after' | 'trailer' | 'over';

/**
 * Reads the one answer to a request from the bytes of a connection, wherever they are cut: `push` them as they come,
 * and `close` where they end. Both throw a MalformedAnswer, `close` also ClosedEarly.
 * https://www.rfc-editor.org/rfc/rfc9112
 */
export function answerReader(method: Request['method'], hears: Hears) {
  let place: Place = 'status';
  /** The beginning of a line whose end has not come yet. */
  let begun = '';
  /** Bytes of lines since the head or the chunk began. */
  let length = 0;
  let status = 0;
  let version = '';
  let fields = new Map<string, string>();
  let last = '';
  /** Bytes of the body or of the chunk that are to come. */
  let left = 0;
  let isChunked = false;
  let goesOn = false;

  const over = (isRest: boolean) => {
    place = 'over';
    hears.end(goesOn && !isRest);
  };

  const statusLine = (line: string) => {
    // a server may have sent one line too many behind what it said before
    if (line === '') return;
    const [, minor, digits] = /^HTTP\/1\.([01]) (\d{1,9})(?: .*)?$/.exec(line) ?? [];
    if (minor === undefined || digits === undefined) throw new MalformedAnswer('Expected HTTP/1.1');
    if (digits.length !== 3) throw new MalformedAnswer('Invalid response status');
    version = minor;
    status = Number(digits);
    if (status < 100) throw new MalformedAnswer('its status line makes no sense');
    fields = new Map();
    last = '';
    place = 'fields';
  };

  const field = (line: string) => {
    // a folded line goes on with the field before it
    const isFolded = /^[ \t]/.test(line) && last !== '';
    const colon = isFolded ? -1 : line.indexOf(':');
    const name = isFolded ? last : line.slice(0, Math.max(colon, 0)).toLowerCase();
    const value = withoutBlanks(line, colon + 1);
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw new MalformedAnswer('Invalid header name');
    if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) throw new MalformedAnswer('Invalid character in a header');
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : `${before}${isFolded ? ' ' : ', '}${value}`);
    last = name;
  };

  /** The fields are complete: which body is it? https://www.rfc-editor.org/rfc/rfc9112#section-6.3 */
  const headDone = (isRest: boolean) => {
    if (status === 101) throw new MalformedAnswer('bad upgrade');
    if (status < 200) {
      place = 'status';
      return;
    }
    const coding = fields.get('transfer-encoding')?.toLowerCase();
    const size = fields.get('content-length');
    const isEmpty = method === 'HEAD' || status === 204 || status === 304;
    isChunked = coding !== undefined;
    if (coding !== undefined && (coding !== 'chunked' || size !== undefined)) {
      throw new MalformedAnswer(`Transfer-Encoding '${coding}' with Content-Length '${size ?? ''}'`);
    }
    left = isEmpty ? 0 : lengthOf(size);
    const connection =
      fields
        .get('connection')
        ?.toLowerCase()
        .split(/[\t ,]+/) ?? [];
    const hasEnd = isChunked || left < Number.POSITIVE_INFINITY;
    goesOn = hasEnd && (version === '1' ? !connection.includes('close') : connection.includes('keep-alive'));
    length = 0;
    place = isChunked && !isEmpty ? 'size' : 'data';
    hears.head(status, headersOf(fields));
    if (place === 'data' && left === 0) over(isRest);
  };

  const chunkSize = (line: string) => {
    const [, digits] = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line) ?? [];
    if (digits === undefined) throw new MalformedAnswer('Invalid size of a chunk');
    left = Number.parseInt(digits, 16);
    length = 0;
    place = left > 0 ? 'data' : 'trailer';
  };

  /** `isRest`: bytes follow that have come with it. */
  const take = (line: string, isRest: boolean) => {
    if (place === 'status') statusLine(line);
    else if (place === 'fields') line === '' ? headDone(isRest) : field(line);
    else if (place === 'size') chunkSize(line);
    else if (place === 'trailer') line === '' && over(isRest);
    else if (line !== '') throw new MalformedAnswer('A chunk is longer than its size');
    else place = 'size';
  };

  /** Reads a line, or the beginning of one, and says where it ends. */
  const readLine = (piece: Buffer, at: number): number => {
    const end = piece.indexOf(0x0a, at);
    const stop = end < 0 ? piece.length : end + 1;
    length += stop - at;
    if (length > longest) throw new MalformedAnswer('its headers are too long');
    begun += piece.toString('latin1', at, end < 0 ? stop : end);
    if (end >= 0) {
      const line = begun.endsWith('\r') ? begun.slice(0, -1) : begun;
      begun = '';
      take(line, stop < piece.length);
    } else if (place === 'status' && begun !== '\r' && !'HTTP/'.startsWith(begun.slice(0, 5))) {
      throw new MalformedAnswer('Expected HTTP/1.1');
    }
    return stop;
  };

  const readData = (piece: Buffer, at: number): number => {
    const stop = Math.min(piece.length, at + left);
    left -= stop - at;
    hears.data(at === 0 && stop === piece.length ? piece : piece.subarray(at, stop));
    if (left > 0) return stop;
    if (isChunked) place = 'after';
    else over(stop < piece.length);
    return stop;
  };

  return {
    push(piece: Buffer) {
      for (let at = 0; at < piece.length && place !== 'over'; ) {
        at = place === 'data' ? readData(piece, at) : readLine(piece, at);
      }
    },
    close() {
      if (place === 'data' && left === Number.POSITIVE_INFINITY) over(false);
      else if (place !== 'over') throw new ClosedEarly();
    },
  };
}

/** Without one, the body ends where the connection does. */
function lengthOf(field: string | undefined): number {
  if (field === undefined) return Number.POSITIVE_INFINITY;
  const [, digits] = /^(\d{1,15})(?:, ?\1)*$/.exec(field) ?? [];
  if (digits !== undefined) return Number(digits);
  throw new MalformedAnswer(
    `the length that it announces makes no sense: Content-Length: ${field.slice(0, 40)}`,
  );
}

/** Around a value, of one byte each: what JavaScript trims, and how long patterns take for it, is another matter. */
function withoutBlanks(line: string, from: number): string {
  const isBlank = (at: number) => line[at] === ' ' || line[at] === '\t';
  let start = from;
  let end = line.length;
  while (start < end && isBlank(start)) start += 1;
  while (end > start && isBlank(end - 1)) end -= 1;
  return line.slice(start, end);
}

function headersOf(fields: ReadonlyMap<string, string>): Response['headers'] {
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of fields) headers[name] = value;
  return headers;
}
