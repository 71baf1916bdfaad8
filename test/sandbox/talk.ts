import { request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Exchange } from '../../src/sandbox/exchange.ts';
import type { Login, Name } from '../../src/sandbox/people.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';

/** An answer as a test looks at it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as they are, in one piece each. */
  readonly bytes?: readonly Uint8Array[] | AsyncIterable<Uint8Array>;
}

type Send = (exchange: Exchange) => Promise<Answer>;

/** A sandbox without a port, and what its users say to it. */
export async function freshSandbox(options: SandboxOptions = {}) {
  const sandbox = await createSandbox(options);
  onTestFinished(() => sandbox.close());
  return { sandbox, ...(await voices(sandbox.credentials, inProcess(sandbox))) };
}

/** What admin, demo and other say, each with a token: `await demo('GET', '/image/v2/images')`. */
export async function voices(credentials: Readonly<Record<Name, Login>>, send: Send) {
  const voiceOf = async (name: Name) => voice(send, await logIn(send, credentials[name]));
  const [admin, demo, other] = [await voiceOf('admin'), await voiceOf('demo'), await voiceOf('other')];
  return { admin, demo, other, nobody: voice(send) };
}

/** One user's way to ask. */
export const voice =
  (send: Send, token?: string) =>
  (method: string, path: string, { headers = {}, json, bytes }: Asked = {}): Promise<Answer> => {
    const type = json === undefined ? 'application/octet-stream' : 'application/json';
    const body = json === undefined ? (bytes ?? []) : [Buffer.from(JSON.stringify(json))];
    const length = Array.isArray(body)
      ? body.reduce((sum: number, piece: Uint8Array) => sum + piece.length, 0)
      : 0;
    return send({
      method,
      path,
      headers: {
        ...(token === undefined ? {} : { 'x-auth-token': token }),
        ...(length > 0 ? { 'content-length': String(length) } : {}),
        'content-type': type,
        ...headers,
      },
      body: (async function* () {
        yield* body;
      })(),
    });
  };

/** What to send to log in. */
export const passwordFor = (login: Login, scope: unknown = { project: { id: login.projectId } }) => ({
  auth: {
    identity: {
      methods: ['password'],
      password: { user: { name: login.username, domain: { name: 'Default' }, password: login.password } },
    },
    scope,
  },
});

/** A token for someone. */
export async function logIn(send: Send, login: Login): Promise<string> {
  const { headers } = await voice(send)('POST', '/v3/auth/tokens', { json: passwordFor(login) });
  return headers['x-subject-token'] ?? '';
}

/** Asks without a socket. */
export const inProcess =
  (sandbox: Sandbox): Send =>
  async (exchange) => {
    const { status, headers, body = [] } = await sandbox.answer(exchange);
    const pieces: Uint8Array[] = [];
    if (body instanceof Uint8Array) pieces.push(body);
    else for await (const piece of body) pieces.push(Buffer.from(piece));
    return { status, headers, bytes: Buffer.concat(pieces) };
  };

/** Asks over the network. */
export const overPort =
  (url: string): Send =>
  ({ method, path, headers, body }) =>
    new Promise((resolve, reject) => {
      const asked = request(new URL(path, url), { method, headers, agent: false }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('error', reject);
        answer.on('end', () => {
          const told = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
          const status = answer.statusCode ?? 0;
          resolve({ status, headers: Object.fromEntries(told), bytes: Buffer.concat(pieces) });
        });
      });
      asked.on('error', reject);
      (async () => {
        for await (const piece of body) asked.write(piece);
        asked.end();
      })().catch(reject);
    });

/** The JSON in an answer; shaped by the test that reads it. */
export const jsonOf = <T = Record<string, unknown>>({ bytes }: Answer): T =>
  JSON.parse(bytes.toString()) as T;

/** What an error page says, without its frame. */
export const said = ({ bytes }: Answer) => bytes.toString().split('\n\n')[1] ?? '';

export type Voice = ReturnType<typeof voice>;

/** Makes an image and gives its id. */
export async function made(user: Voice, fields: object = {}): Promise<string> {
  return jsonOf<{ id: string }>(await user('POST', '/image/v2/images', { json: { name: 'made', ...fields } }))
    .id;
}

/** Makes an image with data. */
export async function filled(
  user: Voice,
  data: string | Uint8Array = 'hello world',
  fields: object = {},
): Promise<string> {
  const id = await made(user, { disk_format: 'raw', container_format: 'bare', ...fields });
  await user('PUT', `/image/v2/images/${id}/file`, { bytes: [Buffer.from(data)] });
  return id;
}
