import { describe, expect, it } from 'vitest';
import { token } from '../support/identity.ts';
import { client, cloud, federation, given, people } from '../support/oidc.ts';
import { tglance } from '../support/tglance.ts';
import { type Answer, reply, wire } from '../support/wire.ts';

describe('a provider is told', () => {
  it('client and secret as OAuth 2.0 writes them, and no word of OpenStack', async () => {
    const service = await cloud();
    expect(await service.run(client(service))).toMatchObject({ code: 0, err: '' });
    const [asked, shown] = service.seen;
    expect(asked?.body).toBe('grant_type=client_credentials&scope=openid+profile');
    const words = Buffer.from('me%20%26%20mine:secret%3A%2050%25').toString('base64');
    expect(asked?.headers.authorization).toBe(`Basic ${words}`);
    expect(Object.keys(asked?.headers ?? {}).filter((name) => /^x-|openstack/i.test(name))).toEqual([]);
    expect(shown?.headers.authorization).toBe('Bearer access-token-of-it');
  });

  it('the client alone where it has no secret', async () => {
    const service = await cloud();
    const env = { ...client(service), ...people, OS_CLIENT_SECRET: '', OS_OPENID_SCOPE: 'openid email' };
    expect(await service.run(env)).toMatchObject({ code: 0 });
    expect(service.seen[0]?.headers.authorization).toBe(undefined);
    expect(Object.fromEntries(new URLSearchParams(service.seen[0]?.body))).toEqual({
      client_id: 'me & mine',
      grant_type: 'password',
      username: 'ada',
      password: 'secret-password',
      scope: 'openid email',
    });
  });

  it('a one-time code by the name that it wants to hear', async () => {
    const service = await cloud();
    const env = { ...client(service), ...people, OS_IDP_OTP_KEY: 'totp' };
    expect(await service.run(env, { password: '123456' })).toMatchObject({ code: 0 });
    expect(new URLSearchParams(service.seen[0]?.body).get('totp')).toBe('123456');
  });

  it('a code that was fetched elsewhere, once', async () => {
    const service = await cloud(reply(503));
    const env = {
      ...client(service),
      OS_AUTH_TYPE: 'v3oidcauthcode',
      OS_CODE: 'fetched-elsewhere',
      OS_REDIRECT_URI: 'https://elsewhere.example/done',
    };
    expect(await service.run(env)).toMatchObject({ code: 1 });
    expect(service.seen.map(({ body }) => Object.fromEntries(new URLSearchParams(body)))).toEqual([
      {
        grant_type: 'authorization_code',
        code: 'fetched-elsewhere',
        redirect_uri: 'https://elsewhere.example/done',
      },
    ]);
  });
});

describe('Identity is shown', () => {
  it('the kind of token that is set', async () => {
    const service = await cloud();
    await service.run({ ...client(service), OS_ACCESS_TOKEN_TYPE: 'id_token' });
    expect(service.seen[1]?.headers.authorization).toBe('Bearer identity-token-of-it');
  });

  it('an access token that is there already, and asked for no other scope than is wanted', async () => {
    const service = await cloud();
    const env = { ...client(service), OS_AUTH_TYPE: 'v3oidcaccesstoken', OS_ACCESS_TOKEN: 'from-before' };
    for (const wanted of [{}, { OS_UNSCOPED: '1' }]) {
      expect(await service.run({ ...env, ...wanted })).toMatchObject({ code: 0, err: '' });
    }
    expect(service.asked()).toEqual([federation, 'GET /image/v2/images', federation, 'GET /image/v2/images']);
    expect(service.seen[0]?.headers.authorization).toBe('Bearer from-before');
    expect(service.seen[1]?.headers['x-auth-token']).toBe(token);
  });
});

describe('P35: a provider that answers', () => {
  it.for<[string, Answer, number, string]>([
    [
      'no',
      reply(400, { error: 'invalid_grant', error_description: 'who?' }),
      3,
      'invalid_grant: who? (HTTP 400)',
    ],
    [
      'no in HTML',
      reply(403, '<h1>Forbidden</h1>', { 'content-type': 'text/html' }),
      3,
      'Forbidden (HTTP 403)',
    ],
    [
      'with HTML',
      reply(200, '<h1>Hi</h1>', { 'content-type': 'text/html' }),
      6,
      'text/html where JSON was expected',
    ],
    ['without a token', reply(200, { access_token: 7 }), 6, 'answered the login without access_token'],
    ['with a list', reply(200, []), 6, 'answered the login without access_token'],
    ['with too much', reply(200, `"${'x'.repeat(5_000_000)}"`), 6, 'more than 4 MiB'],
  ])('%s makes one clear line', async ([, said, expected, message]) => {
    const service = await cloud(said);
    const { err, code, out } = await service.run(client(service));
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });

  it.for([301, 302, 303, 307, 308])('P29: with a redirect (%i) is not followed', async (status) => {
    const elsewhere = await wire(given);
    const service = await cloud(reply(status, '', { location: `${elsewhere.url}/token` }));
    expect(await service.run(client(service))).toMatchObject({ code: 6 });
    expect(elsewhere.seen).toEqual([]);
  });

  it('P29: for Identity with a redirect to its own page is not followed either', async () => {
    const elsewhere = await wire(given);
    const login = reply(302, '', { location: `${elsewhere.url}/login` });
    const service = await cloud(given, { [federation]: login });
    const { code, err } = await service.run(client(service));
    expect([code, elsewhere.seen]).toEqual([6, []]);
    expect(err).toContain('was redirected to');
  });
});

describe('P28: a provider whose address is not encrypted', () => {
  const secure = {
    OS_AUTH_URL: 'https://cloud.example/v3',
    OS_IDENTITY_PROVIDER: 'sso',
    OS_PROTOCOL: 'openid',
  };
  it.for<[string, Record<string, string>, string]>([
    [
      'is told nothing by a cloud that is',
      { OS_ACCESS_TOKEN_ENDPOINT: 'http://sso.example/token' },
      'http://sso.example is not encrypted',
    ],
    [
      'is not asked where it is',
      { OS_DISCOVERY_ENDPOINT: 'http://sso.example/.well-known/openid-configuration' },
      'http://sso.example is not encrypted',
    ],
    ['or is none', { OS_ACCESS_TOKEN_ENDPOINT: 'sso.example' }, "'sso.example' is not a https URL"],
    ['or is a file', { OS_ACCESS_TOKEN_ENDPOINT: 'file:///etc/passwd' }, 'is not a https URL'],
  ])('%s', async ([, place, message]) => {
    const env = { ...secure, ...people, ...place, OS_CLIENT_ID: 'me' };
    const { code, err } = await tglance('image-list', { env });
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('is used on this machine, where its document may not lead elsewhere', async () => {
    const service = await wire(reply(200, { token_endpoint: 'http://sso.example/token' }));
    const env = { ...secure, ...people, OS_CLIENT_ID: 'me', OS_DISCOVERY_ENDPOINT: `${service.url}/about` };
    const { code, err } = await tglance('image-list', { env });
    expect([code, service.seen.length]).toEqual([2, 1]);
    expect(err).toContain('token_endpoint: http://sso.example is not encrypted');
  });
});

describe("a provider's document", () => {
  it.for<[string, Answer, string]>([
    ['names no token endpoint', reply(200, { token_endpoint: 1 }), 'names no token_endpoint'],
    ['is no JSON', reply(200, 'hello'), 'where JSON was expected'],
    ['is not there', reply(404), '404 Not Found'],
  ])('that %s is told of', async ([, said, message]) => {
    const service = await cloud(given, { 'GET /about': said });
    const env = {
      ...client(service),
      OS_ACCESS_TOKEN_ENDPOINT: '',
      OS_DISCOVERY_ENDPOINT: `${service.url}/about`,
    };
    expect((await service.run(env)).err).toContain(message);
  });

  it('is missed together with what would do instead', async () => {
    const service = await cloud();
    const { code, err } = await service.run({ ...client(service), OS_ACCESS_TOKEN_ENDPOINT: '' });
    expect(code).toBe(3);
    expect(err).toContain('This login needs discovery_endpoint, or access_token_endpoint');
  });

  it.for(['OS_IDENTITY_PROVIDER', 'OS_PROTOCOL', 'OS_CLIENT_ID'])('does not say %s', async (name) => {
    const service = await cloud();
    const { code, err } = await service.run({ ...client(service), [name]: '' });
    expect([code, service.asked()]).toEqual([3, []]);
    expect(err).toContain(`This login needs ${name.slice(3).toLowerCase()}`);
  });
});
