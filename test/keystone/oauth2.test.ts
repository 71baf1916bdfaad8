import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { authority, good, key } from '../http/certificates.ts';
import { it } from '../support/folder.ts';
import { identity, token } from '../support/identity.ts';
import { tglance } from '../support/tglance.ts';
import { type Answer, byPath, reply, wire } from '../support/wire.ts';

const access = 'access-token-of-oauth';
const given: Answer = reply(200, { access_token: access, token_type: 'Bearer', expires_in: 3600 });
const client = {
  OS_AUTH_TYPE: 'v3oauth2clientcredential',
  OS_OAUTH2_CLIENT_ID: 'a1',
  OS_OAUTH2_CLIENT_SECRET: 'secret of $it',
};

describe('client credentials of OAuth 2.0', () => {
  it('are an application credential to Identity, and an access token to services', async () => {
    const service = await identity({ 'POST /v3/OS-OAUTH2/token': given });
    const env = { ...client, OS_OAUTH2_ENDPOINT: `${service.url}/v3/OS-OAUTH2/token` };
    expect(await service.run(env)).toMatchObject({ code: 0, err: '' });
    expect(service.auths()[0]).toEqual({
      identity: {
        methods: ['application_credential'],
        application_credential: { id: 'a1', secret: 'secret of $it' },
      },
    });
    const [, asked, images] = service.seen;
    expect(asked).toMatchObject({ path: '/v3/OS-OAUTH2/token', body: 'grant_type=client_credentials' });
    expect(asked?.headers.authorization).toBe(`Basic ${Buffer.from('a1:secret of $it').toString('base64')}`);
    expect(images?.headers).toMatchObject({ 'x-auth-token': token, authorization: `Bearer ${access}` });
  });

  it('are kept with both words for the next command', async ({ folder }) => {
    const service = await identity({ 'POST /v3/OS-OAUTH2/token': given });
    const env = { ...client, OS_OAUTH2_ENDPOINT: `${service.url}/v3/OS-OAUTH2/token` };
    await service.run(env, { home: folder });
    const { err } = await service.run(env, { home: folder, words: '--debug image-list' });
    expect(service.asked().slice(3)).toEqual(['GET /image/v2/images']);
    expect(service.seen[3]?.headers).toMatchObject({
      'x-auth-token': token,
      authorization: `Bearer ${access}`,
    });
    expect(err).not.toContain(access);
  });

  it('P23: are shown nowhere', async () => {
    const service = await identity({ 'POST /v3/OS-OAUTH2/token': given });
    const env = { ...client, OS_OAUTH2_ENDPOINT: `${service.url}/v3/OS-OAUTH2/token` };
    const { err } = await service.run(env, { words: '--debug image-list' });
    for (const secret of [
      access,
      token,
      'secret of $it',
      Buffer.from('a1:secret of $it').toString('base64'),
    ]) {
      expect(err).not.toContain(secret);
    }
  });

  it('are refused in the words of Identity', async () => {
    const refusal = reply(401, {
      error: 'invalid_client',
      error_description: 'Client authentication failed.',
    });
    const service = await identity({ 'POST /v3/OS-OAUTH2/token': refusal });
    const env = { ...client, OS_OAUTH2_ENDPOINT: `${service.url}/v3/OS-OAUTH2/token` };
    const { err, code } = await service.run(env);
    expect(code).toBe(3);
    expect(err).toContain('invalid_client: Client authentication failed. (HTTP 401)');
  });

  it('are not sent unencrypted where the cloud itself is', async () => {
    const env = {
      ...client,
      OS_AUTH_URL: 'https://cloud.example',
      OS_OAUTH2_ENDPOINT: 'http://cloud.example/t',
    };
    const { err, code } = await tglance('image-list', { env });
    expect(code).toBe(2);
    expect(err).toContain('oauth2_endpoint: http://cloud.example is not encrypted');
  });

  it('by a client certificate need no secret, and no other token', async ({ path }) => {
    const services: Record<string, Answer> = {
      'POST /v3/OS-OAUTH2/token': given,
      'GET /v3/auth/tokens': (call) =>
        reply(200, {
          token: {
            expires_at: '2126-01-01T00:00:00Z',
            catalog: [{ type: 'image', endpoints: [{ interface: 'public', url: `${server.url}/image` }] }],
          },
        })(call),
      'GET /image/v2/images': reply(200, { images: [] }),
    };
    const server = await wire((call) => byPath(services)(call), {
      tls: { cert: good, key, ca: authority, requestCert: true, rejectUnauthorized: true },
    });
    for (const [name, text] of Object.entries({ ca: authority, cert: good, key }))
      writeFileSync(path(name), text);
    const env = {
      OS_AUTH_TYPE: 'v3oauth2mtlsclientcredential',
      OS_AUTH_URL: server.url,
      OS_OAUTH2_ENDPOINT: `${server.url}/v3/OS-OAUTH2/token`,
      OS_OAUTH2_CLIENT_ID: 'u1',
      OS_CACERT: path('ca'),
      OS_KEY: path('key'),
    };
    expect(await tglance('image-list', { env: { ...env, OS_KEY: '' } })).toMatchObject({
      code: 3,
      err: expect.stringContaining('This login needs cert'),
    });
    expect(await tglance('image-list', { env: { ...env, OS_CERT: path('cert') } })).toMatchObject({
      code: 0,
      err: '',
    });
    const [asked, seen, images] = server.seen;
    expect(asked?.body).toBe('grant_type=client_credentials&client_id=u1');
    expect(seen?.headers).toMatchObject({ 'x-auth-token': access, 'x-subject-token': access });
    expect(images?.headers).toMatchObject({ 'x-auth-token': access, authorization: `Bearer ${access}` });
  });
});
