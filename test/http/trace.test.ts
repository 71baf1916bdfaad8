import { expect, it } from 'vitest';
import { withTrace } from '../../src/http/trace.ts';
import { hangUp, reply, wire } from '../support/wire.ts';
import { failure, get, payload, request, text, transport } from './client.ts';

function traced(...secrets: string[]) {
  const lines: string[] = [];
  return { lines, send: withTrace(transport(), (line) => lines.push(line), new Set(secrets)) };
}

it('P24: shows a request as a curl command with $OS_TOKEN, and its answer', async () => {
  const server = await wire(reply(200, { images: [] }, { 'x-openstack-request-id': 'req-1' }));
  const { send, lines } = traced();
  const headers = { 'x-auth-token': 'gAAAsecret', accept: 'application/json' };
  expect(await text(await send(get(`${server.url}/v2/images?name='a'`, { headers })))).toBe('{"images":[]}');
  expect(lines).toEqual([
    `curl -i -X GET -H "x-auth-token: $OS_TOKEN" -H 'accept: application/json' '${server.url}/v2/images?name=%27a%27'`,
    'HTTP 200',
    'content-type: application/json',
    'content-length: 13',
    'x-openstack-request-id: req-1',
    '{"images":[]}',
  ]);
});

it('P23: shows a login without its password and its token', async () => {
  const answer = { token: { user: { name: 'admin' } }, echo: 'you are realcloud' };
  const server = await wire(reply(201, answer, { 'x-subject-token': 'gAAAsecret', 'set-cookie': 's=1' }));
  const { send, lines } = traced('realcloud');
  const body = '{"auth":{"identity":{"password":{"user":{"name":"it\'s me","password":"realcloud"}}}}}';
  await text(await send(request('POST', server.url, { body })));
  expect(lines).toEqual([
    `curl -i -X POST -d '{"auth":{"identity":{"password":{"user":{"name":"it'\\''s me","password":"***"}}}}}' '${server.url}/'`,
    'HTTP 201',
    'content-type: application/json',
    'content-length: 62',
    'x-subject-token: ***',
    'set-cookie: ***',
    '{"token":{"user":{"name":"admin"}},"echo":"you are ***"}',
  ]);
});

it('P23: hides secrets that are learned later, also in addresses', async () => {
  const server = await wire(reply(404));
  const secrets = new Set<string>();
  const lines: string[] = [];
  const send = withTrace(transport(), (line) => lines.push(line), secrets);
  secrets.add('open sesame');
  (await send(get(`${server.url}/a?q=open%20sesame&signature=abc`))).body.drop();
  expect(lines[0]).toBe(`curl -i -X GET '${server.url}/a?q=***&signature=***'`);
});

it('shows the beginning of long JSON, no other bodies, and no half of a secret', async () => {
  const long = JSON.stringify({ filler: 'x'.repeat(8 * 1024 - 30), echo: 'swordfish'.repeat(2000) });
  const { send, lines } = traced('swordfish');
  const json = await wire(reply(200, long, { 'content-type': 'application/json' }));
  expect(await text(await send(get(json.url)))).toBe(long);
  expect(lines.at(-1)).toHaveLength(8 * 1024 + 1);
  expect(lines.at(-1)).not.toContain('sword');
  const data = await wire(reply(200, 'data', { 'content-type': 'application/octet-stream' }));
  await text(await send(get(data.url)));
  expect(lines.at(-1)).toBe('content-type: application/octet-stream');
});

it('shows that data are sent, and that no answer came', async () => {
  const server = await wire(hangUp);
  const { send, lines } = traced();
  const error = await failure(send(request('PUT', `${server.url}/f`, { body: payload(['secret'], 6).body })));
  expect(String(error)).toContain('other side closed');
  expect(lines).toEqual([
    `curl -i -X PUT -T - '${server.url}/f'`,
    `no answer: No answer from ${server.url}: other side closed`,
  ]);
});
