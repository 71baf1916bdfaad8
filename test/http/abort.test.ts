import { describe, expect, it } from 'vitest';
import { reply, silence, wire } from '../support/wire.ts';
import { failure, get, payload, request, transport } from './client.ts';

const MiB = 1024 * 1024;

describe('an abort', () => {
  const reason = new Error('Ctrl-C');

  it('P22: is the answer when it came before', async () => {
    const { body, log } = payload(['abc']);
    const signal = AbortSignal.abort(reason);
    expect(await failure(transport()(request('PUT', 'http://127.0.0.1:1', { signal, body })))).toBe(reason);
    expect(log.asked).toBe(0);
  });

  it('P22: ends a look-up or a connection that is being made', async () => {
    for (const url of ['http://no-such-host.invalid', 'http://127.0.0.1:1']) {
      const stop = new AbortController();
      const waiting = failure(transport()(get(url, { signal: stop.signal })));
      stop.abort(reason);
      expect(await waiting).toBe(reason);
    }
  });

  it('P22: ends a TLS handshake nobody answers', async () => {
    const server = await wire(silence);
    const stop = new AbortController();
    const waiting = failure(transport()(get(server.url.replace('http', 'https'), { signal: stop.signal })));
    await expect.poll(() => server.open.size).toBe(1);
    stop.abort(reason);
    expect(await waiting).toBe(reason);
    await expect.poll(() => server.open.size).toBe(0);
  });

  it('P22: ends a wait for the answer', async () => {
    const server = await wire(silence);
    const stop = new AbortController();
    const waiting = failure(transport()(get(server.url, { signal: stop.signal })));
    await expect.poll(() => server.seen.length).toBe(1);
    stop.abort(reason);
    expect(await waiting).toBe(reason);
    await expect.poll(() => server.open.size).toBe(0);
  });

  it('P22: ends an upload, also while its source is waiting', async () => {
    const server = await wire(silence);
    const stop = new AbortController();
    const stuck = async function* () {
      yield 'abc';
      stop.abort(reason);
      await new Promise(() => {});
    };
    const waiting = failure(
      transport()(request('PUT', server.url, { body: payload(stuck()).body, signal: stop.signal })),
    );
    expect(await waiting).toBe(reason);
    await expect.poll(() => server.open.size).toBe(0);
    expect(server.seen.every(({ whole }) => !whole)).toBe(true);
  });

  it('P22: ends a download, also while its reader is busy', async () => {
    const server = await wire(reply(200, Buffer.alloc(4 * MiB)));
    const stop = new AbortController();
    const response = await transport()(get(server.url, { signal: stop.signal }));
    const waiting = failure(
      response.body.each(async () => {
        stop.abort(reason);
        await new Promise(() => {});
      }),
    );
    expect(await waiting).toBe(reason);
    await expect.poll(() => server.open.size).toBe(0);
  });
});
