import { describe, expect, it } from 'vitest';
import { type Env, imageList, inCloud, openstack, whoami } from './support/logins.ts';
import { demo } from './support/people.ts';
import { tokenOf } from './support/witness.ts';

const { OS_USERNAME: _user, OS_PASSWORD: _password, OS_USER_DOMAIN_NAME: _domain, ...place } = demo.env;

const kinds: readonly (readonly [string, string, () => Env | Promise<Env>])[] = [
  ['password', 'password', () => ({ ...demo.env })],
  ['password, under its longer name', 'password', () => ({ ...demo.env, OS_AUTH_TYPE: 'v3password' })],
  ['password, out of clouds.yaml', 'password', () => inCloud('demo')],
  ...['token', 'v3token'].map(
    (type) =>
      [
        `token, as ${type}`,
        'token',
        async () => ({ ...place, OS_AUTH_TYPE: type, OS_TOKEN: await tokenOf(demo) }),
      ] as const,
  ),
  ['ID of an application credential', 'application_credential', () => inCloud('application-credential')],
  [
    'name of an application credential',
    'application_credential',
    () => inCloud('application-credential-name'),
  ],
];

describe('P23: --debug shows no secret of a login by', () => {
  it.for(kinds)('%s', async ([, method, given]) => {
    const env = await given();
    const [who, theirs, images] = await Promise.all([whoami(env), openstack(env), imageList(env)]);
    expect(who).toMatchObject({ user: 'demo', project: 'demo', roles: ['member', 'reader'], ...theirs });
    expect(who.methods).toContain(method);
    expect(images).toMatchObject({ code: 0, err: '' });
  });

  it('client credentials of OAuth 2.0', async () => {
    const env = inCloud('oauth2');
    const [who, images] = await Promise.all([whoami(env), imageList(env)]);
    expect(who).toMatchObject({ user: 'demo', project: 'demo', roles: ['member', 'reader'] });
    expect(images).toMatchObject({ code: 0, err: '' });
  });
});
