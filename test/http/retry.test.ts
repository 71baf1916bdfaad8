import { describe, expect, it } from 'vitest';
import { NetworkError, ServiceError } from '../../src/errors.ts';
import type { Request } from '../../src/http/message.ts';
import { withRetry } from '../../src/http/retry.ts';
import { type Answer, cut, hangUp, inTurn, reply, reset, wire } from '../support/wire.ts';
import { failure, get, payload, request, text, transport } from './client.ts';

/** A patient sender whose waits take no time; chance always says the same. */
function patient(chance = 1) {
  const waits: number[] = [];
  const told: string[] = [];
  const sleep = async (ms: number, signal?: AbortSignal) => {
    signal?.throwIfAborted();
    waits.push(ms / 1000);
  };
  const send = withRetry(transport(), { sleep, random: () => chance, tell: (line) => told.push(line) });
  return { send, waits, told };
}

/** On a connection that is not used again: another one that is lost is made anew without a word. */
const busy = (status: number, headers = {}) => reply(status, 'busy', { connection: 'close', ...headers });
const file = () => payload(['abc'], 3).body;
const pipe = () => payload(['abc'], undefined, false).body;

describe('P13: sent again', () => {
  it.each<[string, Partial<Request>]>([
    ['GET', {}],
    ['HEAD', {}],
    ['DELETE', {}],
    ['PUT', { body: '{}' }],
    ['PUT', { body: file() }],
    ['POST', { body: '{}', repeatable: true }],
    ['POST', { body: file(), repeatable: true }],
    ['PATCH', { body: '{}', repeatable: true }],
  ])('%s %o, until the server can', async (method, more) => {
    const server = await wire(inTurn(busy(503), busy(429), reset, busy(502), reply(200)));
    const { send, waits } = patient();
    const response = await send(request(method as Request['method'], server.url, more));
    expect(response.status).toBe(200);
    response.body.drop();
    expect(waits).toEqual([0.5, 1, 2, 4]);
    const bodies = server.seen.filter(({ whole }) => whole).map(({ body }) => body);
    expect(new Set(bodies).size).toBe(1);
  });

  it.each<[string, Partial<Request>]>([
    ['PUT', { body: pipe() }],
    ['POST', { body: '{}' }],
    ['POST', { body: pipe(), repeatable: true }],
    ['PATCH', { body: '{}' }],
    ['PATCH', { body: file(), repeatable: true }],
  ])('never %s %o', async (method, more) => {
    const refusing = await wire(busy(503));
    const { send, waits } = patient();
    const response = await send(request(method as Request['method'], refusing.url, more));
    expect(response.status).toBe(503);
    response.body.drop();
    const closing = await wire(hangUp);
    const again = { ...more, ...(typeof more.body === 'object' && { body: pipe() }) };
    expect(await failure(send(request(method as Request['method'], closing.url, again)))).toBeInstanceOf(
      NetworkError,
    );
    expect([waits, refusing.seen.length, closing.seen.length]).toEqual([[], 1, 1]);
  });

  it.each([400, 401, 403, 404, 409, 413, 501])('never after a %i', async (status) => {
    const server = await wire(reply(status, 'no'));
    const response = await patient().send(get(server.url));
    expect([response.status, await text(response), server.seen.length]).toEqual([status, 'no', 1]);
  });

  it('after a 500 only a GET', async () => {
    const server = await wire(inTurn(busy(500), reply(200)));
    expect((await patient().send(get(server.url))).status).toBe(200);
    const other = await wire(inTurn(busy(500), reply(200)));
    expect((await patient().send(request('DELETE', other.url))).status).toBe(500);
  });

  it('five times at most, then the last answer or error stands', async () => {
    const refusing = await wire(busy(503));
    const response = await patient().send(get(refusing.url));
    expect([response.status, await text(response), refusing.seen.length]).toEqual([503, 'busy', 5]);
    const closing = await wire(cut(10, reply(200)));
    expect(await failure(patient().send(get(closing.url)))).toMatchObject({ reason: 'ECONNRESET' });
    expect(closing.seen.length).toBe(5);
  });

  it('not where nobody is', async () => {
    const server = await wire(reply(200));
    await server.close();
    const { send, waits } = patient();
    expect(await failure(send(get(server.url)))).toMatchObject({ reason: 'ECONNREFUSED' });
    expect(waits).toEqual([]);
  });

  it('after waits that chance makes up to a half shorter', async () => {
    const server = await wire(busy(503));
    const { send, waits } = patient(0);
    (await send(get(server.url))).body.drop();
    expect(waits).toEqual([0.25, 0.5, 1, 2]);
  });

  it('and says why it takes so long', async () => {
    const server = await wire(inTurn(busy(503), hangUp, reply(200)));
    const { send, told } = patient();
    (await send(get(server.url))).body.drop();
    expect(told).toEqual([
      `${server.url} said 503; trying again in 0.5 s`,
      `No answer from ${server.url}: other side closed; trying again in 1.0 s`,
    ]);
  });
});

describe('P14: Retry-After', () => {
  const waitsAfter = async (value: string) => {
    const server = await wire(inTurn(busy(503, { 'retry-after': value }), reply(200)));
    const { send, waits } = patient();
    (await send(get(server.url))).body.drop();
    return waits;
  };

  it.each([
    ['17', 17],
    ['60', 60],
    ['0', 0.5],
    ['-5', 0.5],
    ['soon', 0.5],
    ['1e3', 0.5],
    ['12 parsecs', 0.5],
    ['', 0.5],
    ['2026-01-01', 0.5],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0.5],
  ])('%s means to wait %d s', async (value, seconds) => {
    expect(await waitsAfter(value)).toEqual([seconds]);
  });

  it('may be a date', async () => {
    const [wait = 0] = await waitsAfter(new Date(Date.now() + 30_000).toUTCString());
    expect(wait).toBeGreaterThan(0.5);
    expect(wait).toBeLessThanOrEqual(30);
  });

  it.each([
    ['61', '61 seconds'],
    ['3600', '3600 seconds'],
    ['9'.repeat(40), 'more than a day'],
    ['9'.repeat(400), 'more than a day'],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 'more than a day'],
  ])('%s is not waited for', async (value, time) => {
    const server = await wire(busy(503, { 'retry-after': value, 'x-openstack-request-id': 'req-1' }));
    const { send, waits } = patient();
    const error = await failure(send(get(server.url)));
    expect(error).toEqual(
      new ServiceError(
        503,
        `busy, and asks to wait ${time} before the next try`,
        `${server.url} asks to wait ${time} before the next try: busy`,
        'req-1',
      ),
    );
    expect([waits, server.seen.length]).toEqual([[], 1]);
  });
});

it('P22: an abort ends the wait', async () => {
  const server: { url: string } = await wire((async (call) => {
    stop.abort(new Error('Ctrl-C'));
    await busy(503)(call);
  }) satisfies Answer);
  const stop = new AbortController();
  const { send } = patient();
  expect(await failure(send(get(server.url, { signal: stop.signal })))).toEqual(new Error('Ctrl-C'));
});
