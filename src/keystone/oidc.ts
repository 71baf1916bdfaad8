import { AnswerError } from '../errors.ts';
import type { AuthType } from './auth-types.ts';
import type { Credentials } from './credentials.ts';
import { digText } from './dig.ts';
import { passForBearer, providerPath } from './federation.ts';
import { need, needSecret } from './need.ts';
import { providerAt, tellProvider } from './oidc-provider.ts';
import type { Desk } from './pass.ts';
import { identityRoot } from './root.ts';

/** How a provider is brought to give an access token. */
type Grant = (given: Credentials, desk: Desk, signal?: AbortSignal) => Promise<string>;

/** A login at a provider of OpenID Connect, whose access token Identity then trusts. */
export const oidcLogin = (grant: Grant): AuthType => ({
  logIn: async (given, desk, signal) => {
    // what is missing is missed before anybody is asked
    identityRoot(given.auth_url);
    providerPath(given);
    return passForBearer(await grant(given, desk, signal), given, desk, signal);
  },
});

/** The provider checks name and password. https://www.rfc-editor.org/rfc/rfc6749#section-4.3 */
export const password = oidcLogin(async (given, desk, signal) => {
  const username = need(given, 'username');
  const secret = await needSecret(given, desk, 'password', 'Password');
  const code = given.idp_otp_key;
  const form = {
    grant_type: 'password',
    username,
    password: secret,
    scope: scopesOf(given),
    ...(code !== undefined && { [code]: await needSecret(given, desk, 'passcode', 'One-time code') }),
  };
  return accessToken(form, given, desk, signal);
});

/** The client itself is who logs in. https://www.rfc-editor.org/rfc/rfc6749#section-4.4 */
export const clientCredentials = oidcLogin(async (given, desk, signal) => {
  const secret = await needSecret(given, desk, 'client_secret', 'Client secret');
  const form = { grant_type: 'client_credentials', scope: scopesOf(given) };
  return accessToken(form, { ...given, client_secret: secret }, desk, signal);
});

/** Somebody has got the access token already. */
export const byAccessToken = oidcLogin((given, desk) =>
  needSecret(given, desk, 'access_token', 'Access token'),
);

/** What a login asks a provider to tell. */
export const scopesOf = (given: Credentials): string => given.openid_scope ?? 'openid profile';

/** What the provider gives for a form. */
export async function accessToken(
  form: Readonly<Record<string, string>>,
  given: Credentials,
  desk: Desk,
  signal?: AbortSignal,
): Promise<string> {
  const { token_endpoint } = await providerAt(['token_endpoint'], given, desk, signal);
  const { answer, refusal } = await tellProvider(token_endpoint, form, given, desk, signal);
  if (refusal !== undefined) throw refusal;
  return accessTokenIn(answer, token_endpoint, given);
}

/** The token in a provider's answer that Identity is to be shown. */
export function accessTokenIn(answer: unknown, { origin }: URL, given: Credentials): string {
  const name = given.access_token_type ?? 'access_token';
  const token = digText(answer, name);
  if (token === undefined) throw new AnswerError(`${origin} answered the login without ${name}`);
  return token;
}
