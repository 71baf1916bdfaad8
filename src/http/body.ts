import { AnswerError, TglanceError } from '../errors.ts';
import { depth, isDeep, parseJson } from './json.ts';
import type { Response } from './message.ts';
import { redact } from './redact.ts';

const MiB = 1024 * 1024;

/** The most that is read of an answer, in bytes after unpacking; `token` is also for schemas and version documents. */
export const caps = { error: MiB, token: 4 * MiB, page: 64 * MiB } as const;

/** The whole body as text, or an AnswerError if it is larger than `cap` bytes. */
export async function readText(response: Response, cap: number): Promise<string> {
  const bytes = await unpack(response, await readBytes(response, cap), cap);
  const text = new TextDecoder().decode(bytes);
  if (response.body.whole !== undefined) response.body.drop();
  return text;
}

/** The value of a JSON body, or an AnswerError if it is none, larger than `cap` bytes, or nested without reason. */
export async function readJson(response: Response, cap: number): Promise<unknown> {
  const text = await readText(response, cap);
  const value = parseJson(text);
  if (value !== undefined) return value;
  throw refusal(
    response,
    isDeep(text)
      ? `JSON nested deeper than ${depth} levels`
      : `${kindOf(response, text)} where JSON was expected`,
  );
}

/**
 * The server's own words about a refusal, on one line, cut, and free of HTML: `404 Not Found: No image found with ID x`.
 * A body that cannot be read says no more than its status.
 */
export async function errorDetail(response: Response): Promise<string> {
  const status = statuses[response.status] ?? String(response.status);
  try {
    const detail = short(wordsOf(await readText(response, caps.error), response.secrets).join(': '));
    return /^…?$/.test(detail) ? status : detail;
  } catch (error) {
    if (error instanceof TglanceError) return status;
    throw error;
  }
}

/** The whole body as it came, in one piece of memory: a server that sends single bytes must not make a million objects. */
export async function readBytes(response: Response, cap: number): Promise<Uint8Array> {
  const { whole } = response.body;
  if (whole !== undefined) {
    if (whole.length > cap) throw tooLarge(response, cap);
    return whole;
  }
  const said = Number(response.headers['content-length']);
  let bytes = memoryFor(said > 0 ? Math.min(said, cap) : 16 * 1024);
  let length = 0;
  await response.body.each((chunk) => {
    if (length + chunk.length > cap) throw tooLarge(response, cap);
    if (length + chunk.length > bytes.length) {
      const larger = memoryFor(Math.max(2 * bytes.length, length + chunk.length));
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    bytes.set(chunk, length);
    length += chunk.length;
  });
  return bytes.subarray(0, length);
}

/** What large answers were read into: as garbage, a few pages of them would set V8 looking for more. */
let spare: Uint8Array = new Uint8Array(0);

function memoryFor(size: number): Uint8Array {
  if (size > spare.length) return new Uint8Array(Math.ceil(size / step) * step);
  const memory = spare;
  spare = new Uint8Array(0);
  return memory;
}

/** Pages of a list are not quite of one size. */
const step = 64 * 1024;

/** The bytes of an answer are not needed any more. */
export function giveBack({ buffer }: Uint8Array): void {
  if (buffer.byteLength > spare.length) spare = new Uint8Array(buffer);
}

/** Some servers and what stands before them compress although they are asked not to. */
async function unpack(response: Response, bytes: Uint8Array, cap: number): Promise<Uint8Array> {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '' || bytes.length === 0) return bytes;
  const { brotliDecompressSync, gunzipSync, inflateSync } = await import('node:zlib');
  const ways = { gzip: gunzipSync, 'x-gzip': gunzipSync, deflate: inflateSync, br: brotliDecompressSync };
  const way = new Map(Object.entries(ways)).get(encoding);
  if (!way) throw refusal(response, `content-encoding '${encoding}', which was not asked for`);
  try {
    return way(bytes, { maxOutputLength: cap });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge(response, cap);
    }
    throw refusal(response, `${encoding} data that cannot be unpacked`);
  }
}

const kindOf = ({ headers }: Response, text: string): string => {
  if (text.trim() === '') return 'nothing';
  const type = headers['content-type']?.split(';')[0]?.trim() ?? '';
  if (/json/i.test(type)) return 'broken JSON';
  return type === '' ? 'something' : type;
};

const refusal = ({ url }: Response, what: string): AnswerError =>
  new AnswerError(`${url.origin}${url.pathname} answered with ${what}`);

const tooLarge = (response: Response, cap: number): AnswerError =>
  refusal(response, `more than ${cap / MiB} MiB`);

/** Glance answers with HTML or with JSON made of it, Keystone with JSON, whatever stands before them with anything. */
function wordsOf(text: string, secrets: Response['secrets']): string[] {
  const lines = wordsOfJson(text) ?? [text];
  const clean = lines.flatMap((line) => {
    // before and after: a secret may look like markup, and may be spelled in it; more than is used, for no half of one
    const safe = redact(line.slice(0, 32 * 1024), secrets).slice(0, 16 * 1024);
    return redact(withoutMarkup(safe), secrets).split('\n');
  });
  const words = clean.map((line) => line.replace(/\s+/g, ' ').trim().replace(/:$/, ''));
  return [...new Set(words.filter((line) => line !== ''))];
}

function wordsOfJson(text: string): string[] | undefined {
  if (!/^\s*[[{]/.test(text) || isDeep(text)) return undefined;
  try {
    return wordsIn(JSON.parse(text)).slice(0, 10);
  } catch {
    return undefined;
  }
}

/** The first level that has words: `{"error": {"message"}}`, `{"code", "message"}`, `{"errors": [{"detail"}]}`. */
function wordsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const texts = new Map(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const named = ['code', 'error', 'message', 'detail', 'faultstring', 'error_description'];
  const words = named.flatMap((name) => texts.get(name) ?? []);
  if (words.length > 0) return words;
  const title = texts.get('title');
  return title === undefined ? Object.values(value).flatMap(wordsIn) : [title];
}

/** Each part takes time in proportion to its text, whatever a server sends. */
const withoutMarkup = (text: string): string =>
  text
    .replace(/<(script|style)\b[^<]*<\/\1>/gi, '')
    .replace(/<\/?(title|h\d|p|div|li|td|tr|br|hr|center|body|head)\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|(amp|lt|gt|quot|apos|nbsp));/gi, (_, decimal, hex, name) =>
      name
        ? (entities[name.toLowerCase()] ?? '')
        : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
    );

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** Between words: half a secret would not be recognised as one any more. */
const short = (text: string): string =>
  text.length <= 400 ? text : `${text.slice(0, 400).replace(/\S*$/, '')}…`;

const statuses: Readonly<Record<number, string>> = {
  300: '300 Multiple Choices',
  400: '400 Bad Request',
  401: '401 Unauthorized',
  403: '403 Forbidden',
  404: '404 Not Found',
  405: '405 Method Not Allowed',
  409: '409 Conflict',
  410: '410 Gone',
  413: '413 Request Entity Too Large',
  415: '415 Unsupported Media Type',
  429: '429 Too Many Requests',
  500: '500 Internal Server Error',
  501: '501 Not Implemented',
  502: '502 Bad Gateway',
  503: '503 Service Unavailable',
  504: '504 Gateway Timeout',
};
