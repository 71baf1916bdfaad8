import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browse } from '../real/support/browser.ts';
import { ada, confidential, open, type Running, startProvider } from '../real/support/provider.ts';
import { identity, passes, token } from '../support/identity.ts';
import { freePort } from '../support/port.ts';
import { reply } from '../support/wire.ts';

const relying = {
  relying_id: 'keystone',
  relying_secret: 'between-the-two',
  relying_redirect: 'http://127.0.0.1/none',
};
let issuer = '';
let provider: Running;
beforeAll(async () => {
  issuer = `http://127.0.0.1:${await freePort()}`;
  provider = await startProvider({ issuer, ...relying });
});
afterAll(() => provider.stop());

const federation = 'POST /v3/OS-FEDERATION/identity_providers/my%20sso/protocols/openid/auth';

/** Identity that asks the provider whose token it is shown, as Apache does for Keystone, and lets that user in. */
const trusting = () =>
  identity((url) => ({
    [federation]: async (call) => {
      const user = await introspected(call.headers.authorization ?? '');
      const answer = user ? passes(url, { user: { id: user, name: user }, catalog: [] }) : reply(401);
      return answer(call);
    },
  }));

async function introspected(authorization: string): Promise<string | undefined> {
  const form = new URLSearchParams({ token: authorization.replace('Bearer ', '') });
  const basic = Buffer.from(`${relying.relying_id}:${relying.relying_secret}`).toString('base64');
  const answer = await fetch(`${issuer}/token/introspection`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: form,
  });
  const { active, sub } = (await answer.json()) as { active: boolean; sub?: string };
  return active ? sub : undefined;
}

const cloud = { OS_IDENTITY_PROVIDER: 'my sso', OS_PROTOCOL: 'openid', OS_PROJECT_ID: 'p1' };
const client = () => ({
  ...cloud,
  OS_CLIENT_ID: confidential.id,
  OS_CLIENT_SECRET: confidential.secret,
  OS_DISCOVERY_ENDPOINT: `${issuer}/.well-known/openid-configuration`,
});
const people = { OS_USERNAME: ada.name, OS_PASSWORD: ada.password };

/** The provider's token is exchanged for Identity's, and that for one of the project. */
const exchanged = [federation, 'POST /v3/auth/tokens', 'GET /image/v2/images'];

describe('P23: a provider of OpenID Connect lets in, and no secret is shown,', () => {
  it.for<[string, () => Record<string, string>]>([
    ['a client', () => ({ ...client(), OS_AUTH_TYPE: 'v3oidcclientcredentials' })],
    ['a person with a password', () => ({ ...client(), ...people, OS_AUTH_TYPE: 'v3oidcpassword' })],
    [
      'a person who says where the token endpoint is',
      () => ({
        ...client(),
        ...people,
        OS_AUTH_TYPE: 'v3oidcpassword',
        OS_DISCOVERY_ENDPOINT: '',
        OS_ACCESS_TOKEN_ENDPOINT: `${issuer}/token`,
      }),
    ],
    [
      'a person whose program has no secret',
      () => ({
        ...client(),
        ...people,
        OS_AUTH_TYPE: 'v3oidcpassword',
        OS_CLIENT_ID: open.id,
        OS_CLIENT_SECRET: '',
      }),
    ],
  ])('%s', async ([, env]) => {
    const service = await trusting();
    const { code, err } = await service.run(env(), { words: '--debug image-list' });
    expect(code).toBe(0);
    expect(service.asked()).toEqual(exchanged);
    expect(service.auths()).toEqual([
      { identity: { methods: ['token'], token: { id: token } }, scope: { project: { id: 'p1' } } },
    ]);
    for (const secret of [...provider.issued(), ada.password, confidential.secret, token]) {
      expect(err).not.toContain(secret);
    }
  });

  it.for(['S256', 'plain', ''])('who confirms a code elsewhere, with PKCE "%s"', async (method) => {
    const service = await trusting();
    const env = {
      ...client(),
      OS_AUTH_TYPE: 'v3oidcdeviceauthz',
      OS_DEVICE_AUTHORIZATION_ENDPOINT: `${issuer}/device/auth`,
      OS_CODE_CHALLENGE_METHOD: method,
    };
    let visit: Promise<unknown> | undefined;
    const told = (line: string) => {
      const [page] = /http:\S+user_code=\S+/.exec(line) ?? [];
      if (page !== undefined) visit = browse(page, ada);
    };
    const { code, err } = await service.run(env, { words: '--debug image-list', told });
    await visit;
    expect(code).toBe(0);
    for (const secret of [...provider.issued(), token]) expect(err).not.toContain(secret);
  });

  it('who logs in with the browser of this machine', async () => {
    const service = await trusting();
    const env = { ...client(), OS_AUTH_TYPE: 'v3oidcauthcode' };
    let visit: Promise<{ text: string }> | undefined;
    const browser = (page: string) => {
      visit = browse(page, ada);
    };
    const { code, err } = await service.run(env, { words: '--debug image-list', browser, terminal: 200 });
    expect(code).toBe(0);
    expect((await visit)?.text).toContain('You can close this page');
    for (const secret of [...provider.issued(), token]) expect(err).not.toContain(secret);
  });
});
