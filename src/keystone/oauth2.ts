import { AnswerError } from '../errors.ts';
import type { AuthType } from './auth-types.ts';
import { basic } from './basic.ts';
import type { Credentials } from './credentials.ts';
import { dig, digText } from './dig.ts';
import { encryptedUrl } from './encrypted-url.ts';
import { type Form, postForm } from './form.ts';
import { identityLogin } from './identity-login.ts';
import { need, needSecret } from './need.ts';
import type { Desk, Pass } from './pass.ts';
import { identityRoot } from './root.ts';
import { lookUpToken } from './token-request.ts';

/**
 * An application credential in the words of OAuth 2.0: services that stand behind Identity's OAuth middleware want its
 * access token, the others Identity's own. https://docs.openstack.org/keystone/latest/admin/oauth2-usage-guide.html
 */
export const clientCredential: AuthType = {
  logIn: async (given, desk, signal) => {
    const id = need(given, 'oauth2_client_id');
    const url = endpointOf(given);
    const secret = await needSecret(given, desk, 'oauth2_client_secret', 'Client secret');
    const pass = await identityLogin(async () => ({
      methods: ['application_credential'],
      application_credential: { id, secret },
    })).logIn(given, desk, signal);
    return bearing(await accessToken(url, {}, desk, signal, basic(id, secret, desk)), pass);
  },
};

/** A client certificate proves who asks. https://docs.openstack.org/keystone/latest/admin/oauth2-mutual-tls-usage-guide.html */
export const mtlsClientCredential: AuthType = {
  logIn: async (given, desk, signal) => {
    need(given, 'cert');
    const client_id = need(given, 'oauth2_client_id');
    const access = await accessToken(endpointOf(given), { client_id }, desk, signal);
    const pass = await lookUpToken(access.token, identityRoot(given.auth_url), desk, signal);
    return bearing(access, pass);
  },
};

interface Access {
  readonly token: string;
  /** Seconds. */
  readonly life: number;
}

const endpointOf = (given: Credentials): URL =>
  encryptedUrl(need(given, 'oauth2_endpoint'), 'oauth2_endpoint', given);

async function accessToken(
  url: URL,
  form: Form,
  desk: Desk,
  signal: AbortSignal | undefined,
  authorization?: string,
): Promise<Access> {
  const grant = { grant_type: 'client_credentials', ...form };
  const { answer, refusal } = await postForm(url, grant, desk, signal, authorization);
  if (refusal !== undefined) throw refusal;
  const token = digText(answer, 'access_token');
  if (token === undefined) throw new AnswerError(`${url.origin} answered the login without access_token`);
  const life = dig(answer, 'expires_in');
  return { token, life: typeof life === 'number' && life > 0 ? life : Number.POSITIVE_INFINITY };
}

/** A pass that says who asks twice, and lasts as long as both words do. */
const bearing = ({ token, life }: Access, pass: Pass): Pass => ({
  ...pass,
  expires: Math.min(pass.expires, pass.issued + 1000 * life),
  headers: { authorization: `Bearer ${token}` },
});
