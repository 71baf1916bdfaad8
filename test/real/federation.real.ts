import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browse } from './support/browser.ts';
import {
  type Env,
  facts,
  imageList,
  openstack,
  refuseSecrets,
  secretsIn,
  type Who,
  whoami,
  whoIn,
} from './support/logins.ts';
import { demo } from './support/people.ts';
import { tglanceCommand } from './support/program.ts';
import { ada, confidential, open, type Running, startProvider } from './support/provider.ts';
import { atTerminal } from './support/terminal.ts';
import type { Later } from './support/witness.ts';

const { issuer } = facts.provider;
const callback = 'http://127.0.0.1:9/callback';

/** What every login by the provider needs. */
const cloud: Env = {
  OS_AUTH_URL: demo.login.auth_url,
  OS_IDENTITY_PROVIDER: 'sso',
  OS_PROTOCOL: 'openid',
  OS_PROJECT_NAME: 'sso',
  OS_PROJECT_DOMAIN_NAME: 'Default',
  OS_REGION_NAME: 'RegionOne',
  OS_IDENTITY_API_VERSION: '3',
};

const client: Env = {
  ...cloud,
  OS_CLIENT_ID: confidential.id,
  OS_CLIENT_SECRET: confidential.secret,
  OS_DISCOVERY_ENDPOINT: `${issuer}/.well-known/openid-configuration`,
};

const people = { OS_USERNAME: ada.name, OS_PASSWORD: ada.password };

let provider: Running;
beforeAll(async () => {
  provider = await startProvider(facts.provider);
});
afterAll(() => provider.stop());

const basic = Buffer.from(`${confidential.id}:${confidential.secret}`).toString('base64');

/** What only programs and the provider know. */
const between = (): readonly string[] => [basic, ...provider.issued()];

/** Asks the provider for tokens, as the program with a secret. */
async function tokens(form: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const answer = await request(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  return (await answer.body.json()) as Readonly<Record<string, string>>;
}

/** Logs in to the provider with a browser, which ends with a code. */
async function code(): Promise<string> {
  const query = {
    client_id: confidential.id,
    response_type: 'code',
    scope: 'openid profile',
    redirect_uri: callback,
  };
  const { url } = await browse(
    `${issuer}/auth?${new URLSearchParams(query)}`,
    ada,
    (it) => it.origin === new URL(callback).origin,
  );
  return url.searchParams.get('code') ?? '';
}

/** Whatever a login needs that is good for one login only. */
type Once = () => Promise<Env>;

const logins: readonly (readonly [string, string, Env, Once?])[] = [
  ['a client secret', confidential.id, { ...client, OS_AUTH_TYPE: 'v3oidcclientcredentials' }],
  ['name and password', ada.name, { ...client, ...people, OS_AUTH_TYPE: 'v3oidcpassword' }],
  [
    "name and password at the provider's token endpoint",
    ada.name,
    {
      ...cloud,
      ...people,
      OS_AUTH_TYPE: 'v3oidcpassword',
      OS_CLIENT_ID: confidential.id,
      OS_CLIENT_SECRET: confidential.secret,
      OS_ACCESS_TOKEN_ENDPOINT: `${issuer}/token`,
    },
  ],
  [
    'a code that the browser came back with',
    ada.name,
    { ...client, OS_AUTH_TYPE: 'v3oidcauthcode', OS_REDIRECT_URI: callback },
    async () => ({ OS_CODE: await code() }),
  ],
  [
    "the provider's access token",
    ada.name,
    { ...cloud, OS_AUTH_TYPE: 'v3oidcaccesstoken' },
    async () => {
      const { access_token = '' } = await tokens({
        grant_type: 'password',
        username: ada.name,
        password: ada.password,
        scope: 'openid',
      });
      return { OS_ACCESS_TOKEN: access_token };
    },
  ],
];

describe('P23: the OpenID provider lets people in by', () => {
  it.for(logins)('%s', async ([, user, env, once = async () => ({})]) => {
    const whole = async () => ({ ...env, ...(await once()) });
    const [who, theirs, images] = await Promise.all([
      whoami(await whole(), [], between),
      openstack(await whole()),
      imageList(await whole()),
    ]);
    expect(who).toMatchObject({ user, project: 'sso', roles: ['member', 'reader'], ...theirs });
    expect(images).toMatchObject({ code: 0, err: '' });
  });

  it.for([
    ['S256', 'without a secret', { OS_CLIENT_ID: open.id, OS_CLIENT_SECRET: '' }],
    ['plain', 'without a secret', { OS_CLIENT_ID: open.id, OS_CLIENT_SECRET: '' }],
    ['S256', 'with a secret', { OS_DEVICE_AUTHORIZATION_ENDPOINT: `${issuer}/device/auth` }],
  ] as const)(
    'a code that another device confirms, with the challenge %s and %s',
    async ([method, , special], { onTestFinished: later }) => {
      const env = {
        ...client,
        ...special,
        OS_AUTH_TYPE: 'v3oidcdeviceauthz',
        OS_CODE_CHALLENGE_METHOD: method,
      };
      const known = await inBrowser(
        env,
        /http:\S+\/device\?user_code=[\w-]+/,
        later,
        /authorization_pending/,
      );
      expect(known).toMatchObject({ user: ada.name, project: 'sso', roles: ['member', 'reader'] });
    },
  );
});

describe('P23: the browser of this machine brings', () => {
  it('a code of the provider', async ({ onTestFinished: later }) => {
    const env = { ...client, OS_AUTH_TYPE: 'v3oidcauthcode' };
    expect(await inBrowser(env, /http:\S+\/auth\?\S+/, later)).toMatchObject({
      user: ada.name,
      project: 'sso',
    });
  });

  it("a token of Keystone's single sign-on", async ({ onTestFinished: later }) => {
    const env = { ...cloud, OS_AUTH_TYPE: 'v3websso', OS_REDIRECT_PORT: String(facts.callback_port) };
    const who = await inBrowser(env, /http:\S+\/websso\?origin=\S+/, later);
    expect(who).toMatchObject({ user: ada.name, project: 'sso', roles: ['member', 'reader'] });
  });
});

describe('a login by the provider that fails', () => {
  it.for([
    [
      'a wrong client secret',
      'invalid_client',
      { ...client, OS_AUTH_TYPE: 'v3oidcclientcredentials', OS_CLIENT_SECRET: 'not-my-secret' },
    ],
    [
      'a wrong password',
      'invalid_grant',
      { ...client, ...people, OS_AUTH_TYPE: 'v3oidcpassword', OS_PASSWORD: 'not-my-password' },
    ],
    [
      'a token of nobody',
      'HTTP 401',
      { ...cloud, OS_AUTH_TYPE: 'v3oidcaccesstoken', OS_ACCESS_TOKEN: 'not-my-token' },
    ],
    [
      'an unknown provider',
      'somebody',
      { ...client, OS_AUTH_TYPE: 'v3oidcclientcredentials', OS_IDENTITY_PROVIDER: 'somebody' },
    ],
  ] as const)('for %s ends in a few lines', async ([, said, env]) => {
    const ran = await imageList(env);
    expect(ran).toMatchObject({ out: '', err: expect.stringContaining(said) });
    expect(ran.code).toBeGreaterThan(0);
    expect(ran.err.split('\n').length).toBeLessThanOrEqual(4);
    refuseSecrets(ran.err, secretsIn(env));
  });
});

/** Logs in at a terminal by way of a browser, which goes to the address that is shown there. */
async function inBrowser(env: Env, address: RegExp, later: Later, wait = /^/): Promise<Who> {
  const words = [...tglanceCommand, '--no-cache', '--debug', 'whoami', '-f', 'json'];
  const { until, ended } = await atTerminal(words, { env }, later);
  const [url] = await until(new RegExp(`${address.source}(?=\\s)`));
  await until(wait);
  expect((await browse(url, ada)).status).toBeLessThan(400);
  return whoIn(await ended, [...secretsIn(env), ...between()]);
}
