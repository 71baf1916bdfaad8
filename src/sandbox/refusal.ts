import { STATUS_CODES } from 'node:http';
import type { Exchange, Reply } from './exchange.ts';

/** A request turned down. The services write it each in their own way: `imageRefusal`, `identityRefusal`. */
export class Refusal extends Error {
  readonly status: number;
  readonly explanation: string | undefined;
  /** Said after the explanation. */
  readonly detail: string;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    explanation: string | undefined,
    detail: string,
    headers: Record<string, string>,
  ) {
    super(explanation ?? detail);
    this.status = status;
    this.explanation = explanation;
    this.detail = detail;
    this.headers = headers;
  }
}

/** `throw refuse(404, 'No image found with ID x')`; without words the status speaks for itself. */
export const refuse = (status: number, explanation?: string, headers: Record<string, string> = {}) =>
  new Refusal(status, explanation, '', headers);

/** Keeps the status' own sentence and adds one: what Glance does where it passes no explanation. */
export const refuseWith = (status: number, detail: string) => new Refusal(status, undefined, detail, {});

/** Title and standing sentence of each status, as https://docs.pylonsproject.org/projects/webob/ has them. */
const words: Readonly<Record<number, readonly [title: string, sentence: string]>> = {
  400: [
    'Bad Request',
    'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  ],
  401: [
    'Unauthorized',
    'This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.',
  ],
  403: ['Forbidden', 'Access was denied to this resource.'],
  404: ['Not Found', 'The resource could not be found.'],
  405: ['Method Not Allowed', ''],
  409: ['Conflict', 'There was a conflict when trying to complete your request.'],
  410: ['Gone', 'This resource is no longer available.  No forwarding address is given.'],
  413: ['Request Entity Too Large', 'The body of your request was too large for this server.'],
  415: ['Unsupported Media Type', ''],
  416: ['Request Range Not Satisfiable', 'The Range requested is not available.'],
  421: ['Misdirected Request', 'This server answers only to its own address.'],
  501: ['Not Implemented', ''],
};
const wordsOf = (status: number) =>
  words[status] ?? [
    STATUS_CODES[status] ?? '',
    'The server has either erred or is incapable of performing the requested operation.',
  ];

/** The Image service's form: HTML, JSON or plain text, by what the request accepts. */
export function imageRefusal(refusal: Refusal, request: Exchange): Reply {
  const [title, sentence] = wordsOf(refusal.status);
  const status = `${refusal.status} ${title}`;
  const said = refusal.explanation ?? (sentence || ownWords(refusal.status, request));
  const filled = (quote: (text: string) => string) =>
    `${quote(said)}<br /><br />\n${quote(refusal.detail)}\n\n`;
  const reply = (type: string, body: string): Reply => ({
    status: refusal.status,
    headers: { 'content-type': type, ...refusal.headers },
    body: new TextEncoder().encode(body),
  });
  const form = preferred(request.headers.accept ?? '');
  if (form === 'json') {
    return reply('application/json', JSON.stringify({ message: filled(String), code: status, title }));
  }
  if (form === undefined)
    return reply('text/plain; charset=UTF-8', `${status}\n\n${withoutTags(filled(String))}`);
  const body = `  <h1>${status}</h1>\n  ${filled(escapeHtml)}`;
  return reply(
    'text/html; charset=UTF-8',
    `<html>\n <head>\n  <title>${status}</title>\n </head>\n <body>\n${body}\n </body>\n</html>`,
  );
}

/** The Identity service's form. */
export function identityRefusal(refusal: Refusal): Reply {
  const [title, sentence] = wordsOf(refusal.status);
  const usual = refusal.status === 401 ? 'The request you have made requires authentication.' : sentence;
  const error = { code: refusal.status, message: refusal.explanation ?? usual, title };
  return {
    status: refusal.status,
    headers: { 'content-type': 'application/json', ...refusal.headers },
    body: new TextEncoder().encode(JSON.stringify({ error })),
  };
}

/** The Block Storage service's form; what stands before it answers for tokens as the Identity service does. */
export function volumeRefusal(refusal: Refusal): Reply {
  const { status, explanation, headers } = refusal;
  if (status === 401) return identityRefusal(refusal);
  const fault = { code: status, message: explanation ?? wordsOf(status)[1] };
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: new TextEncoder().encode(JSON.stringify({ [faults[status] ?? 'computeFault']: fault })),
  };
}

const faults: Readonly<Record<number, string>> = {
  400: 'badRequest',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
};

function ownWords(status: number, { method, headers }: Exchange): string {
  if (status === 405) return `The method ${method} is not allowed for this resource. `;
  if (status === 415)
    return `The request media type ${headers['content-type'] ?? ''} is not supported by this server. `;
  return `The request method ${method} is not implemented for this server. `;
}

/** Which of html and json an Accept header asks for; the first at equal weight, none when it names neither. */
function preferred(accept: string): 'html' | 'json' | undefined {
  const ranges = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return { type, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
  });
  const weigh = (...types: string[]) =>
    types.flatMap((type) => ranges.filter((range) => range.type === type)).at(0)?.weight ?? 0;
  const html = weigh('text/html', 'text/*', '*/*');
  const object = weigh('application/json', 'application/*', '*/*');
  if (html === 0 && object === 0) return undefined;
  return html >= object ? 'html' : 'json';
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
};
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (mark) => entities[mark] ?? mark);
const withoutTags = (text: string) =>
  text
    .replaceAll('\n', ' ')
    .replaceAll('\r', '')
    .replace(/<br\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, '');
