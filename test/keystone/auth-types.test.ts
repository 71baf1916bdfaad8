import { describe, expect, it } from 'vitest';
import { identity, token } from '../support/identity.ts';
import { tglance } from '../support/tglance.ts';

const user = { OS_USERNAME: 'demo', OS_PASSWORD: 'secret-password', OS_USER_DOMAIN_NAME: 'People' };
const project = { OS_PROJECT_NAME: 'demo', OS_PROJECT_DOMAIN_ID: 'd1' };
const scope = { project: { name: 'demo', domain: { id: 'd1' } } };
const named = { name: 'demo', domain: { name: 'People' } };
const byPassword = { methods: ['password'], password: { user: { ...named, password: 'secret-password' } } };

describe('Identity is asked for a token by', () => {
  it.for<[string, Record<string, string>, object]>([
    ['a password', { ...user, ...project }, { identity: byPassword, scope }],
    [
      'a password and the IDs of user and project',
      { OS_USER_ID: 'u1', OS_PASSWORD: 'secret-password', OS_PROJECT_ID: 'p1' },
      {
        identity: { methods: ['password'], password: { user: { id: 'u1', password: 'secret-password' } } },
        scope: { project: { id: 'p1' } },
      },
    ],
    [
      'a password alone, for the default project, where the auth type is named',
      { ...user, OS_AUTH_TYPE: 'v3password' },
      { identity: byPassword },
    ],
    [
      'a token',
      { ...project, OS_TOKEN: 'earlier-token' },
      { identity: { methods: ['token'], token: { id: 'earlier-token' } }, scope },
    ],
    [
      'the password although an old token is left in OS_AUTH_TOKEN',
      { ...user, ...project, OS_AUTH_TOKEN: 'earlier-token' },
      { identity: byPassword, scope },
    ],
    [
      'a token beside a user without a password',
      { ...user, ...project, OS_PASSWORD: '', OS_AUTH_TOKEN: 'earlier-token' },
      { identity: { methods: ['token'], token: { id: 'earlier-token' } }, scope },
    ],
    [
      'a token where that is the auth type',
      { ...user, ...project, OS_AUTH_TYPE: 'token', OS_AUTH_TOKEN: 'earlier-token' },
      { identity: { methods: ['token'], token: { id: 'earlier-token' } }, scope },
    ],
    [
      'a passcode',
      { ...user, ...project, OS_AUTH_TYPE: 'v3totp', OS_PASSCODE: '123456' },
      { identity: { methods: ['totp'], totp: { user: { ...named, passcode: '123456' } } }, scope },
    ],
    [
      'password and passcode',
      {
        ...user,
        ...project,
        OS_AUTH_TYPE: 'v3multifactor',
        OS_AUTH_METHODS: 'v3password, v3totp',
        OS_PASSCODE: '123456',
      },
      {
        identity: {
          methods: ['password', 'totp'],
          password: byPassword.password,
          totp: { user: { ...named, passcode: '123456' } },
        },
        scope,
      },
    ],
    [
      'the ID of an application credential, which has a scope of its own',
      {
        ...project,
        OS_AUTH_TYPE: 'v3applicationcredential',
        OS_APPLICATION_CREDENTIAL_ID: 'a1',
        OS_APPLICATION_CREDENTIAL_SECRET: 'secret-of-it',
      },
      {
        identity: {
          methods: ['application_credential'],
          application_credential: { id: 'a1', secret: 'secret-of-it' },
        },
      },
    ],
    [
      "the name of one of the user's, where nothing but that is said",
      {
        OS_USERNAME: 'demo',
        OS_USER_DOMAIN_NAME: 'People',
        OS_APPLICATION_CREDENTIAL_NAME: 'ci',
        OS_APPLICATION_CREDENTIAL_SECRET: 'secret-of-it',
      },
      {
        identity: {
          methods: ['application_credential'],
          application_credential: { name: 'ci', user: named, secret: 'secret-of-it' },
        },
      },
    ],
  ])('%s', async ([, env, auth]) => {
    const service = await identity();
    expect(await service.run(env)).toMatchObject({ code: 0, err: '' });
    expect(service.auths()).toEqual([auth]);
    expect(service.seen.at(-1)?.headers).toMatchObject({ 'x-auth-token': token });
  });

  it('nothing at all where a token needs no other scope: it is looked up, and used itself', async () => {
    const service = await identity();
    expect(await service.run({ OS_TOKEN: 'earlier-token' })).toMatchObject({ code: 0, err: '' });
    expect(service.asked()).toEqual(['GET /v3/auth/tokens', 'GET /image/v2/images']);
    expect(service.seen.map(({ headers }) => headers['x-auth-token'])).toEqual([
      'earlier-token',
      'earlier-token',
    ]);
  });
});

describe('a login is for', () => {
  it.for<[string, Record<string, string>, unknown]>([
    ['a domain by its ID', { OS_DOMAIN_ID: 'd1' }, { domain: { id: 'd1' } }],
    ['a domain by its name', { OS_DOMAIN_NAME: 'People' }, { domain: { name: 'People' } }],
    ['the system', { OS_SYSTEM_SCOPE: 'all' }, { system: { all: true } }],
    ['what was entrusted', { OS_TRUST_ID: 't1' }, { 'OS-TRUST:trust': { id: 't1' } }],
    ['nothing', { OS_UNSCOPED: 'true' }, 'unscoped'],
  ])('%s', async ([, env, wanted]) => {
    const service = await identity();
    expect(await service.run({ ...user, ...env })).toMatchObject({ code: 0, err: '' });
    expect(service.auths()).toEqual([{ identity: byPassword, scope: wanted }]);
  });

  it.for<[Record<string, string>, string]>([
    [{ OS_PROJECT_NAME: 'demo', OS_SYSTEM_SCOPE: 'all' }, 'project_name and system_scope are both set'],
    [{ OS_TRUST_ID: 't1', OS_DOMAIN_ID: 'd1' }, 'domain_id and trust_id are both set'],
    [{ OS_PROJECT_ID: 'p1', OS_UNSCOPED: 'yes' }, 'project_id and unscoped are both set'],
  ])('one thing: %o is refused', async ([env, message]) => {
    const service = await identity();
    const { err, code } = await service.run({ ...user, ...env });
    expect({ code, asked: service.asked() }).toEqual({ code: 2, asked: [] });
    expect(err).toContain(message);
  });

  it('what a flag says, whatever the variables do', async () => {
    const service = await identity();
    const words = '--os-system-scope all image-list';
    expect(await service.run({ ...user, ...project }, { words })).toMatchObject({ code: 0, err: '' });
    expect(service.auths()).toMatchObject([{ scope: { system: { all: true } } }]);
  });

  it('no part of the system but all of it', async () => {
    const { err, code } = await (await identity()).run({ ...user, OS_SYSTEM_SCOPE: 'some' });
    expect(code).toBe(2);
    expect(err).toContain("OS_SYSTEM_SCOPE: 'some' is not one of all");
  });
});

describe('an auth type', () => {
  it.for([
    'v3kerberos',
    'v3samlpassword',
    'v3adfspassword',
    'v3fedkerb',
    'v3oauth1',
    'constructor',
    'Password',
  ])('%s that is not supported is named with those that are', async (type) => {
    const { err, code } = await tglance('image-list', { env: { ...user, ...project, OS_AUTH_TYPE: type } });
    expect(code).toBe(3);
    expect(err).toContain(
      `The auth type '${type}' is not supported; choose one of password, v3password, token`,
    );
  });

  it.for<[string, Record<string, string>, string]>([
    ['v3applicationcredential', {}, 'This login needs application_credential_id'],
    [
      'v3applicationcredential',
      { OS_APPLICATION_CREDENTIAL_ID: 'a1' },
      'This login needs application_credential_secret: set --os-application-credential-secret, OS_APPLICATION_CREDENTIAL_SECRET, or application_credential_secret in clouds.yaml',
    ],
    ['v3totp', {}, 'You must provide a username'],
    ['v3totp', { OS_USERNAME: 'demo' }, 'This login needs passcode'],
    ['v3multifactor', user, 'This login needs auth_methods'],
    [
      'v3multifactor',
      { ...user, OS_AUTH_METHODS: 'v3password,v3kerberos' },
      "'v3kerberos' is not one of v3password, v3totp, v3token, v3applicationcredential",
    ],
    ['token', project, 'This login needs auth_token'],
  ])('%s says what is missing of it: %o', async ([type, env, message]) => {
    const service = await identity();
    const { err, code } = await service.run({ ...env, OS_AUTH_TYPE: type });
    expect([code, service.asked()]).toEqual([message.includes('is not one of') ? 2 : 3, []]);
    expect(err).toContain(message);
  });
});
