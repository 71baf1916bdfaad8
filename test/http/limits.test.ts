import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Call, say, silence, wire } from '../support/wire.ts';
import { failure, get, payload, request, transport } from './client.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const limits = { connectTimeout: 10_000, firstByteTimeout: 60_000, idleTimeout: 30_000 };
const MiB = 1024 * 1024;

/** What became of it, without waiting for it. */
function watch(promise: Promise<unknown>) {
  const state: { error?: unknown; done: boolean } = { done: false };
  promise.then(
    () => {
      state.done = true;
    },
    (error) => {
      state.error = error;
    },
  );
  return state;
}

/** Lets everything happen that needs no time. */
const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
};

/** vitest's own poll would move the clock. */
const until = async (isSo: () => boolean | undefined) => {
  while (!isSo()) await new Promise(setImmediate);
};

const pass = async (ms: number) => {
  await settle();
  vi.advanceTimersByTime(ms);
  await settle();
};

it('P17: ten seconds for a connection, the TLS handshake in it', async () => {
  const server = await wire(silence);
  const url = server.url.replace('http', 'https');
  const state = watch(transport(limits)(get(url)));
  await until(() => server.open.size === 1);
  await pass(9999);
  expect(state.error).toBeUndefined();
  await pass(1);
  expect(state.error).toMatchObject({
    reason: 'timeout',
    message: `Cannot connect to ${url}: no connection within 10 s`,
  });
  await until(() => server.open.size === 0);
});

it('P17: the first byte has its own limit', async () => {
  const server = await wire(silence);
  const state = watch(transport(limits)(get(server.url)));
  await until(() => server.seen.length === 1);
  await pass(59_999);
  expect(state.error).toBeUndefined();
  await pass(1);
  expect(state.error).toMatchObject({
    reason: 'timeout',
    message: `No answer from ${server.url}: nothing came within 60 s`,
  });
  await until(() => server.open.size === 0);
});

it('P17: headers that drip do not extend it', async () => {
  const call = await held();
  const state = watch(transport(limits)(get(call.url)));
  await call.write('HTTP/1.1 200 OK\r\n');
  await pass(40_000);
  await call.write('x: y\r\n');
  await pass(19_999);
  expect(state.error).toBeUndefined();
  await pass(1);
  expect(state.error).toMatchObject({ reason: 'timeout' });
});

it('P17: a body may take its time as long as something comes', async () => {
  const call = await held();
  const sending = transport(limits)(get(call.url));
  await call.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n');
  let came = '';
  const state = watch(
    (await sending).body.each((chunk) => {
      came += Buffer.from(chunk).toString();
    }),
  );
  for (const letter of 'abcdef') {
    await call.write(letter);
    await until(() => came.endsWith(letter));
    await pass(29_999);
  }
  expect(state.error).toBeUndefined();
  await pass(1);
  expect(state.error).toMatchObject({
    reason: 'timeout',
    message: `The answer from ${call.url} broke off: nothing came for 30 s`,
  });
});

it('P17: a busy reader is not the fault of the server', async () => {
  const call = await held();
  const sending = transport(limits)(get(call.url));
  await call.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\na');
  let goOn = () => {};
  let came = '';
  const state = watch(
    (await sending).body.each((chunk) => {
      came += Buffer.from(chunk).toString();
      return new Promise<void>((resolve) => {
        goOn = resolve;
      });
    }),
  );
  await until(() => came === 'a');
  await pass(3_600_000);
  await call.write('b');
  goOn();
  await until(() => came === 'ab');
  goOn();
  await until(() => state.done);
});

it('P17: nor is a slow source', async () => {
  const server = await wire(say('HTTP/1.1 204 Done\r\n\r\n'));
  let give: ((letter: string) => void) | undefined;
  const slow = async function* () {
    for (let count = 0; count < 3; count += 1) {
      yield await new Promise<string>((resolve) => {
        give = resolve;
      });
    }
  };
  const { body, log } = payload(slow());
  const state = watch(transport(limits)(request('PUT', server.url, { body })));
  for (const letter of 'abc') {
    await until(() => give !== undefined);
    await pass(3_600_000);
    give?.(letter);
    await until(() => server.seen[0]?.body.endsWith(letter));
  }
  await until(() => state.done);
  expect(server.seen).toMatchObject([{ body: 'abc', whole: true }]);
  expect(log.closed).toBe(1);
});

it('P17: an upload that nobody takes ends', async () => {
  const call = await held();
  const { body, log } = payload(
    (function* () {
      for (;;) yield Buffer.alloc(MiB);
    })(),
  );
  const error = failure(transport(limits)(request('PUT', call.url, { body })));
  const state = watch(error);
  await call.come;
  while (!state.done) await pass(30_000);
  expect(await error).toMatchObject({
    reason: 'timeout',
    message: `No answer from ${call.url}: no data were taken for 30 s`,
  });
  await until(() => log.closed === 1);
});

it('a limit beyond all timers is none', async () => {
  const server = await wire(silence);
  const state = watch(transport({ ...limits, firstByteTimeout: Number.POSITIVE_INFINITY })(get(server.url)));
  await until(() => server.seen.length === 1);
  await pass(3_600_000);
  expect(state).toEqual({ done: false });
});

/** A server that leaves its end of the first exchange to the test, once it has `come`. */
async function held(): Promise<{ url: string; come: Promise<Call>; write: Call['write'] }> {
  let found: (call: Call) => void = () => {};
  const come = new Promise<Call>((resolve) => {
    found = resolve;
  });
  const server = await wire((it) => {
    found(it);
    return new Promise(() => {});
  });
  return { url: server.url, come, write: async (bytes) => (await come).write(bytes) };
}
