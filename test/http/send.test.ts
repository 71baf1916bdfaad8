import { expect, it, onTestFinished } from 'vitest';
import { NetworkError } from '../../src/errors.ts';
import { caps, readJson } from '../../src/http/body.ts';
import { connect, type Talk } from '../../src/http/send.ts';
import { byPath, cut, inTurn, reply, reset, wire } from '../support/wire.ts';
import { failure, get, request, text } from './client.ts';

const json = { accept: 'application/json' };

async function talk(more: Partial<Talk> = {}) {
  const limits = { connectTimeout: 5000, firstByteTimeout: 5000, idleTimeout: 5000 };
  const connection = await connect({ ...limits, tls: { insecure: false } }, { secrets: new Set(), ...more });
  onTestFinished(() => connection.close());
  return connection;
}

const always = (token: string) => ({ current: async () => ({ 'x-auth-token': token }), forget() {} });

it('P13: an answer in JSON that breaks off is asked for again', async () => {
  const list = reply(200, { images: ['x'.repeat(100)] });
  const server = await wire(inTurn(cut(120, list), list));
  const response = await (await talk()).signed(always('t'))(get(server.url, { headers: json }));
  expect(await readJson(response, caps.page)).toEqual({ images: ['x'.repeat(100)] });
  expect(server.seen.length).toBe(2);
});

it('data that break off are not: whoever reads them knows how far they came', async () => {
  const server = await wire(cut(200, reply(200, 'x'.repeat(300))));
  const response = await (await talk()).signedData(always('t'))(get(server.url));
  expect(await failure(text(response))).toBeInstanceOf(NetworkError);
  expect(server.seen.length).toBe(1);
});

it('a login is not repeated by the request that needs it', async () => {
  let logins = 0;
  const lost = async () => {
    logins += 1;
    throw new NetworkError('lost', 'ECONNRESET');
  };
  const send = (await talk()).signed({ current: lost, forget() {} });
  expect(await failure(send(get('http://127.0.0.1:1/')))).toMatchObject({ message: 'lost' });
  expect(logins).toBe(1);
});

it('only data may come from elsewhere, and every step is traced', async () => {
  const other = await wire(reply(200, 'bytes'));
  const server = await wire(reply(307, '', { location: `${other.url}/b` }));
  const lines: string[] = [];
  const connection = await talk({ trace: (line) => lines.push(line) });
  expect(String(await failure(connection.signed(always('secret'))(get(server.url))))).toContain(
    'not followed',
  );
  lines.length = 0;
  expect(await text(await connection.signedData(always('secret'))(get(server.url)))).toBe('bytes');
  expect(other.seen.every(({ headers }) => headers['x-auth-token'] === undefined)).toBe(true);
  expect(lines.filter((line) => line.startsWith('curl'))).toEqual([
    `curl -i -X GET -H "x-auth-token: $OS_TOKEN" '${server.url}/'`,
    `curl -i -X GET '${other.url}/b'`,
  ]);
});

it('a token that expired between two tries is replaced', async () => {
  const refused: string[] = [];
  const source = {
    current: async () => ({ 'x-auth-token': refused.includes('old') ? 'new' : 'old' }),
    forget: (signature: Readonly<Record<string, string>>) =>
      void refused.push(signature['x-auth-token'] ?? ''),
  };
  const server = await wire(inTurn(reset, reply(401), reply(503), reply(204)));
  const told: string[] = [];
  const connection = await talk({ tell: (line) => told.push(line) });
  const response = await connection.signed(source)(request('PUT', server.url, { body: '{}' }));
  response.body.drop();
  expect(response.status).toBe(204);
  expect(server.seen.map(({ headers, body }) => [headers['x-auth-token'], body])).toEqual([
    ['old', '{}'],
    ['old', '{}'],
    ['new', '{}'],
    ['new', '{}'],
  ]);
  expect(told.length).toBe(2);
});

it('P22: an abort ends the wait before the next try with its own reason', async () => {
  const server = await wire(reply(503, '', { 'retry-after': '60' }));
  const stop = new AbortController();
  const connection = await talk({ tell: () => stop.abort(new Error('Ctrl-C')) });
  expect(await failure(connection.plain(get(server.url, { signal: stop.signal })))).toEqual(
    new Error('Ctrl-C'),
  );
});

it('what needs no login carries no token', async () => {
  const server = await wire(byPath({ 'GET /versions': reply(200, { versions: [] }) }));
  const response = await (await talk()).plain(get(`${server.url}/versions`, { headers: json }));
  expect(await readJson(response, caps.token)).toEqual({ versions: [] });
  expect(server.seen[0]?.headers).not.toHaveProperty('x-auth-token');
});
