import { identity, passes, type TestIdentity } from './identity.ts';
import { type Answer, reply } from './wire.ts';

/** Where Identity is shown the provider's token. */
export const federation = 'POST /v3/OS-FEDERATION/identity_providers/sso/protocols/openid/auth';
/** What a provider gives. */
export const given = reply(200, { access_token: 'access-token-of-it', id_token: 'identity-token-of-it' });

/** A cloud that is its own provider: what it says at the token endpoint, and besides. */
export const cloud = (said: Answer = given, more: Readonly<Record<string, Answer>> = {}) =>
  identity((url) => ({ [federation]: passes(url), 'POST /token': said, ...more }));

/** A program that logs in there. */
export const client = ({ url }: TestIdentity) => ({
  OS_AUTH_TYPE: 'v3oidcclientcredentials',
  OS_IDENTITY_PROVIDER: 'sso',
  OS_PROTOCOL: 'openid',
  OS_CLIENT_ID: 'me & mine',
  OS_CLIENT_SECRET: 'secret: 50%',
  OS_ACCESS_TOKEN_ENDPOINT: `${url}/token`,
});
/** A person who does. */
export const people = { OS_AUTH_TYPE: 'v3oidcpassword', OS_USERNAME: 'ada', OS_PASSWORD: 'secret-password' };
