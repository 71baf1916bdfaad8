import { type AddressInfo, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

/** One request as it came, and the raw way back. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body; rejects when the client goes away before. */
  body(): Promise<Buffer>;
  /** Resolves when there is room for more. */
  write(bytes: string | Uint8Array): Promise<void>;
  end(): void;
  reset(): void;
}

/** Deals with one request, well or badly. */
export type Answer = (call: Call) => void | Promise<void>;

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What had come of the body when the exchange was over. */
  body: string;
  /** Whether the body came to the end it announced. */
  whole: boolean;
  /** The connection it came on: 1 for the first. */
  readonly connection: number;
}

export interface Wire {
  readonly url: string;
  readonly port: number;
  /** Every request, in the order they came. */
  readonly seen: readonly Seen[];
  /** Connections that are open now. */
  readonly open: ReadonlySet<Socket>;
  close(): Promise<void>;
}

/** Whether this machine has the loopback of IPv6, too. */
export const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

/** An HTTP server on loopback that does exactly what it is told, until the end of the test. */
export async function wire(
  answer: Answer,
  { tls, host = '127.0.0.1' }: { tls?: TlsOptions; host?: string } = {},
) {
  const seen: Seen[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const welcome = (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    converse(socket, connections, seen, answer).catch((error) => {
      if (error !== gone) throw error;
    });
  };
  const server = tls ? createTlsServer(tls, welcome) : createServer(welcome);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of open) socket.destroy();
    await closed;
  };
  onTestFinished(close);
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `${tls ? 'https' : 'http'}://${name}:${port}`, port, seen, open, close } satisfies Wire;
}

// Answers

type Headers = Readonly<Record<string, string>>;

/** Hears the request to its end, then says `status`; objects are sent as JSON. */
export const reply =
  (status: number, body: string | Uint8Array | object = '', headers: Headers = {}): Answer =>
  async (call) => {
    await call.body();
    await call.write(message(status, body, headers));
  };

/** The same without hearing the body, and leaves the connection as it is. */
export const interrupt =
  (status: number, body: string | object = '', headers: Headers = {}): Answer =>
  (call) =>
    call.write(message(status, body, headers));

/** Just these bytes, once the request is there. */
export const say =
  (...pieces: (string | Uint8Array)[]): Answer =>
  async (call) => {
    await call.body();
    for (const piece of pieces) await call.write(piece);
  };

/** Nothing, ever. */
export const silence: Answer = async (call) => {
  await call.body();
  await new Promise(() => {});
};

// Faults: each takes an answer and spoils it

export const hangUp: Answer = (call) => call.end();
/** After a moment: together with data, libuv would report a reset as an orderly end. */
export const reset: Answer = async (call) => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  call.reset();
};

export const thenHangUp =
  (answer: Answer): Answer =>
  async (call) => {
    await answer(call);
    call.end();
  };

export const thenReset =
  (answer: Answer): Answer =>
  async (call) => {
    await answer(call);
    await reset(call);
  };

/** Only the first `count` bytes of the answer, then `how` the connection ends. */
export const cut =
  (count: number, answer: Answer, how: Answer = hangUp): Answer =>
  async (call) => {
    let left = count;
    const write = async (bytes: string | Uint8Array) => {
      const piece = Buffer.from(bytes as string).subarray(0, left);
      left -= piece.length;
      if (piece.length > 0) await call.write(piece);
      if (left === 0) await how(call);
    };
    await answer({ ...call, write });
  };

/** Piece by piece, with a pause of `ms` before each. */
export const slowly =
  (size: number, ms: number, answer: Answer): Answer =>
  (call) =>
    answer({
      ...call,
      write: async (bytes) => {
        const all = Buffer.from(bytes as string);
        for (let at = 0; at < all.length; at += size) {
          await new Promise((resolve) => setTimeout(resolve, ms));
          await call.write(all.subarray(at, at + size));
        }
      },
    });

// Choices

/** The first request gets the first answer, and so on; the last answer is for all that follow. */
export const inTurn = (...answers: [Answer, ...Answer[]]): Answer => {
  let turn = 0;
  return (call) => (answers[turn++] ?? (answers.at(-1) as Answer))(call);
};

/** By `METHOD /path`, without the query; anything else is 404. */
export const byPath =
  (answers: Readonly<Record<string, Answer>>): Answer =>
  (call) =>
    (answers[`${call.method} ${call.path.split('?')[0]}`] ?? reply(404, 'no such path'))(call);

// The protocol, no more of it than clients send

const gone = new Error('the client has gone');

function message(status: number, body: string | Uint8Array | object, headers: Headers): Buffer {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const bytes = Buffer.from(raw ? (body as string) : JSON.stringify(body));
  const all = {
    ...(!raw && { 'content-type': 'application/json' }),
    'content-length': bytes.length,
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Words\r\n${lines.join('')}\r\n`), bytes]);
}

async function converse(socket: Socket, connection: number, seen: Seen[], answer: Answer): Promise<void> {
  const input = reader(socket);
  for (;;) {
    const head = await input.until('\r\n\r\n');
    const [first = '', ...lines] = head.toString('latin1').trimEnd().split('\r\n');
    const [method = '', path = ''] = first.split(' ');
    const headers = Object.fromEntries(
      lines.map((line) => /^(.*?): ?(.*)$/.exec(line)?.slice(1) ?? [line, '']),
    );
    const record: Seen = { method, path, headers, body: '', whole: false, connection };
    seen.push(record);
    const keep = (piece: Buffer) => {
      record.body += piece.toString('latin1');
    };
    let heard: Promise<Buffer> | undefined;
    const body = () => {
      heard ??= input.body(headers, keep).then((bytes) => {
        record.whole = true;
        return bytes;
      });
      return heard;
    };
    await answer({
      method,
      path,
      headers,
      body,
      write: (bytes) =>
        new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(gone) : resolve()))),
      end: () => socket.end(),
      reset: () => socket.resetAndDestroy(),
    });
    await body();
  }
}

function reader(socket: Socket) {
  const pieces = socket.iterator({ destroyOnReturn: false });
  let have = Buffer.alloc(0);
  const more = async () => {
    const { value, done } = await pieces.next().catch(() => ({ value: undefined, done: true }));
    if (done) throw gone;
    have = Buffer.concat([have, value]);
  };
  const until = async (mark: string) => {
    while (!have.includes(mark)) await more();
    return take(have.indexOf(mark) + mark.length);
  };
  const take = (count: number) => {
    const taken = have.subarray(0, count);
    have = have.subarray(count);
    return taken;
  };
  const exactly = async (count: number, keep: (piece: Buffer) => void) => {
    const parts: Buffer[] = [];
    for (let left = count; left > 0; ) {
      if (have.length === 0) await more();
      const part = take(left);
      left -= part.length;
      keep(part);
      parts.push(part);
    }
    return Buffer.concat(parts);
  };
  const chunked = async (keep: (piece: Buffer) => void) => {
    const parts: Buffer[] = [];
    for (;;) {
      const size = Number.parseInt((await until('\r\n')).toString(), 16);
      parts.push(await exactly(size, keep));
      await until('\r\n');
      if (size === 0) return Buffer.concat(parts);
    }
  };
  const body = (headers: Headers, keep: (piece: Buffer) => void) =>
    headers['transfer-encoding'] === 'chunked'
      ? chunked(keep)
      : exactly(Number(headers['content-length'] ?? 0), keep);
  return { until, body };
}
