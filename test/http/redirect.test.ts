import { describe, expect, it } from 'vitest';
import { AnswerError } from '../../src/errors.ts';
import type { Request } from '../../src/http/message.ts';
import { withDataRedirects, withRedirects } from '../../src/http/redirect.ts';
import { type Answer, byPath, reply, wire } from '../support/wire.ts';
import { authority, good, key } from './certificates.ts';
import { failure, get, request, text, transport } from './client.ts';

const to = (location: string, status = 302): Answer => reply(status, 'elsewhere', { location });
const signed = { headers: { 'x-auth-token': 'secret', cookie: 'c', accept: 'a', range: 'bytes=0-' } };
const api = () => withRedirects(transport());
const data = () => withDataRedirects(transport({ tls: { ca: authority, insecure: false } }));

describe('P29: on the same server', () => {
  it.each([301, 302, 303, 307, 308])('a GET is followed (%i), signature and all', async (status) => {
    const server = await wire(byPath({ 'GET /a': to('/b?c', status), 'GET /b': reply(200, 'here') }));
    const response = await api()(get(`${server.url}/a`, signed));
    expect([await text(response), response.url.href]).toEqual(['here', `${server.url}/b?c`]);
    expect(server.seen[1]).toMatchObject({
      path: '/b?c',
      headers: { 'x-auth-token': 'secret', range: 'bytes=0-' },
    });
  });

  it('five hops are followed, six are not', async () => {
    const hops =
      (count: number): Answer =>
      (call) => {
        const at = Number(call.path.slice(1));
        return (at === count ? reply(200, 'here') : to(`/${at + 1}`))(call);
      };
    const near = await wire(hops(5));
    expect(await text(await api()(get(`${near.url}/0`)))).toBe('here');
    const far = await wire(hops(6));
    expect(await failure(api()(get(`${far.url}/0`)))).toEqual(
      new AnswerError(`GET ${far.url}/5 was redirected to ${far.url}/6, the 6th time in a row`),
    );
  });

  it.each<Request['method']>(['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'])('%s is not', async (method) => {
    const server = await wire(byPath({ [`${method} /a`]: to('/b'), [`${method} /b`]: reply(200) }));
    const error = await failure(
      api()(request(method, `${server.url}/a`, { body: method === 'HEAD' ? '' : 'x' })),
    );
    expect(error).toEqual(
      new AnswerError(`${method} ${server.url}/a was redirected to ${server.url}/b, which is not followed`),
    );
    expect(server.seen.length).toBe(1);
  });

  it.each([
    ['no address', {}],
    ['none that is one', { location: 'http://[oops' }],
  ])('to %s is an error', async (_what, headers) => {
    const server = await wire(reply(302, '', headers));
    expect(String(await failure(api()(get(server.url))))).toContain(
      'redirected to nowhere, which is not followed',
    );
  });

  it('300 and 304 are answers', async () => {
    for (const status of [300, 304]) {
      const server = await wire(reply(status, '', { location: '/b' }));
      const response = await api()(get(server.url));
      expect(response.status).toBe(status);
      response.body.drop();
    }
  });
});

describe('P29: on another server', () => {
  it('the API is not followed, and the error shows no credentials', async () => {
    const other = await wire(reply(200));
    const target = `http://user:password@127.0.0.1:${other.port}/b?token=secret`;
    const server = await wire(to(target));
    const error = await failure(api()(get(`${server.url}/a`, signed)));
    expect(error).toEqual(
      new AnswerError(`GET ${server.url}/a was redirected to ${other.url}/b, which is not followed`),
    );
    expect(other.seen).toEqual([]);
  });

  it('data are, without a word of who asks, there and from there on', async () => {
    const last = await wire(reply(200, 'bytes'));
    const other = await wire(to(`${last.url}/c`));
    const server = await wire(to(`${other.url}/b`));
    expect(await text(await data()(get(`${server.url}/a`, signed)))).toBe('bytes');
    for (const { headers } of [...other.seen, ...last.seen]) {
      expect(headers).toMatchObject({ accept: 'a', range: 'bytes=0-' });
      expect(Object.keys(headers).sort()).toEqual([
        'accept',
        'accept-encoding',
        'connection',
        'host',
        'range',
        'user-agent',
      ]);
    }
  });

  it('the way back does not bring the signature back', async () => {
    const server = await wire(
      byPath({ 'GET /a': (call) => to(`${other.url}/b`)(call), 'GET /c': reply(200, 'bytes') }),
    );
    const other = await wire(to(`${server.url}/c`));
    expect(await text(await data()(get(`${server.url}/a`, signed)))).toBe('bytes');
    expect(server.seen.map(({ headers }) => headers['x-auth-token'])).toEqual(['secret', undefined]);
  });

  it('data never leave TLS', async () => {
    const open = await wire(reply(200, 'bytes'));
    const server = await wire(to(`${open.url}/b`), { tls: { cert: good, key } });
    const error = await failure(data()(get(`${server.url}/a`, signed)));
    expect(error).toEqual(
      new AnswerError(`GET ${server.url}/a was redirected to ${open.url}/b, which is not followed`),
    );
    expect(open.seen).toEqual([]);
  });

  it.each(['file:///etc/passwd', 'ftp://127.0.0.1/x', 'data:text/plain,x'])(
    'data are not had from %s',
    async (url) => {
      const server = await wire(to(url));
      expect(await failure(data()(get(server.url)))).toBeInstanceOf(AnswerError);
    },
  );
});
