import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/http/message.ts';
import { type Signer, withSignature } from '../../src/http/signer.ts';
import { type Answer, interrupt, reply, wire } from '../support/wire.ts';
import { failure, get, payload, request, text, transport } from './client.ts';

/** Gives `names` one after the other, each until it was refused; the last one for ever. */
function tokens(...names: string[]): Signer & { refused: string[] } {
  const refused: string[] = [];
  const signatures = names.map((name) => ({ 'x-auth-token': name }));
  return {
    refused,
    current: async () =>
      signatures.find((it) => !refused.includes(it['x-auth-token'])) ?? signatures.at(-1) ?? {},
    forget: (it) => void refused.push(it['x-auth-token'] ?? ''),
  };
}

/** Lets in who shows `new`. */
const guarded =
  (refuse: Answer = reply(401, 'who are you')): Answer =>
  (call) =>
    (call.headers['x-auth-token'] === 'new' ? reply(200, 'welcome') : refuse)(call);

const shown = (seen: readonly { headers: Readonly<Record<string, string>> }[]) =>
  seen.map(({ headers }) => headers['x-auth-token']);

it('signs every request', async () => {
  const server = await wire(guarded());
  const response = await withSignature(
    transport(),
    tokens('new'),
  )(get(server.url, { headers: { accept: 'x' } }));
  expect(await text(response)).toBe('welcome');
  expect(server.seen).toMatchObject([{ headers: { 'x-auth-token': 'new', accept: 'x' } }]);
});

describe('P18: after a 401', () => {
  const cases: [string, () => Partial<Request>, string][] = [
    ['a request without a body', () => ({ method: 'DELETE' }), ''],
    ['a text', () => ({ method: 'POST', body: '{}' }), '{}'],
    ['a file', () => ({ method: 'PUT', body: payload(['abc', 'def'], 6).body }), 'abcdef'],
    ['a file of unknown size', () => ({ method: 'PUT', body: payload(['abc', 'def']).body }), 'abcdef'],
  ];
  it.each(cases)('%s is sent once more, whole, with a fresh token', async (_what, more, body) => {
    const server = await wire(guarded());
    const source = tokens('old', 'new');
    const response = await withSignature(transport(), source)(get(server.url, more()));
    expect(await text(response)).toBe('welcome');
    expect(shown(server.seen)).toEqual(['old', 'new']);
    expect(server.seen.map((it) => it.body)).toEqual([body, body]);
    expect(source.refused).toEqual(['old']);
  });

  it('that came in the middle of the data, they are sent from their start', async () => {
    const server = await wire(guarded(interrupt(401, 'who are you')));
    const { body, log } = payload(
      Array.from({ length: 40 }, () => Buffer.alloc(1024 * 1024, 'x')),
      40 * 1024 * 1024,
    );
    const response = await withSignature(
      transport(),
      tokens('old', 'new'),
    )(request('PUT', server.url, { body }));
    expect(await text(response)).toBe('welcome');
    expect(server.seen.at(-1)).toMatchObject({
      whole: true,
      headers: { 'content-length': `${40 * 1024 * 1024}` },
    });
    expect(server.seen.at(-1)?.body.length).toBe(40 * 1024 * 1024);
    await expect.poll(() => log.closed).toBe(2);
  });

  it('data that cannot be had again are not sent again, nor is anything in their place', async () => {
    const server = await wire(guarded());
    const { body } = payload(['abc'], undefined, false);
    const source = tokens('old', 'new');
    const response = await withSignature(transport(), source)(request('PUT', server.url, { body }));
    expect([response.status, await text(response)]).toEqual([401, 'who are you']);
    expect(server.seen.length).toBe(1);
    expect(source.refused).toEqual(['old']);
  });

  it('there is one more try, no more', async () => {
    const server = await wire(guarded());
    const response = await withSignature(transport(), tokens('old', 'older'))(get(server.url));
    expect([response.status, shown(server.seen)]).toEqual([401, ['old', 'older']]);
    response.body.drop();
  });

  it('the same token is not tried twice', async () => {
    const server = await wire(guarded());
    const response = await withSignature(transport(), tokens('fixed'))(get(server.url));
    expect([response.status, await text(response), server.seen.length]).toEqual([401, 'who are you', 1]);
  });

  it('a login that fails is the failure', async () => {
    const server = await wire(guarded());
    let logins = 0;
    const current = async () => {
      logins += 1;
      if (logins > 1) throw new Error('wrong password');
      return { 'x-auth-token': 'old' };
    };
    const error = await failure(withSignature(transport(), { current, forget() {} })(get(server.url)));
    expect(error).toEqual(new Error('wrong password'));
  });
});

it('a request stopped during the login is not sent', async () => {
  const server = await wire(guarded());
  const stop = new AbortController();
  const current = async (signal?: AbortSignal) => {
    stop.abort(new Error('Ctrl-C'));
    signal?.throwIfAborted();
    return { 'x-auth-token': 'new' };
  };
  const send = withSignature(transport(), { current, forget() {} });
  expect(await failure(send(get(server.url, { signal: stop.signal })))).toEqual(new Error('Ctrl-C'));
  expect(server.seen).toEqual([]);
});
