import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import Provider, {
  type ClientMetadata,
  type Configuration,
  errors,
  interactionPolicy,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { providerMemory } from './provider-memory.ts';

/** What Keystone's web server expects of the provider, as ./cloud has set it up. */
export interface Relying {
  readonly issuer: string;
  readonly relying_id: string;
  readonly relying_secret: string;
  readonly relying_redirect: string;
}

/** Somebody who has an account with the provider. */
export const ada = { name: 'ada', password: 'wrote-the-first-program' };

/** A program with a secret that may ask the provider for tokens in every way there is. */
export const confidential = { id: 'tglance', secret: 'of-the-program' };

/** A program that cannot keep a secret: it proves with PKCE that it is the one that asked. */
export const open = { id: 'tglance-without-secret' };

/** A provider that runs. */
export interface Running {
  /** Every token and code that it has given to programs so far. */
  issued(): readonly string[];
  stop(): Promise<void>;
}

/** An OpenID provider on loopback, at the address that Keystone trusts. */
export async function startProvider(relying: Relying): Promise<Running> {
  const memory = providerMemory();
  const provider = new Provider(relying.issuer, { ...configuration(relying), adapter: memory.adapter });
  provider.registerGrantType('password', byPassword, ['username', 'password', 'scope']);
  provider.use(provesDevices());
  const oidc = provider.callback();
  const server = createServer((message, response) =>
    message.url?.startsWith(loginPath)
      ? void logIn(provider, message, response)
      : void oidc(message, response),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(new URL(relying.issuer).port), '127.0.0.1', resolve);
  });
  return {
    issued: () => memory.ids('AccessToken', 'ClientCredentials', 'AuthorizationCode', 'DeviceCode'),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const hour = 3600;
const loginPath = '/login/';
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
// a native program comes back to any port of this machine
const ownPage = 'http://127.0.0.1/callback';

function configuration(relying: Relying): Configuration {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  return {
    clients: clients(relying),
    jwks: {
      keys: [generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })],
    },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    pkce: { methods: ['S256'], required: (_ctx, client) => client.clientAuthMethod === 'none' },
    ttl: {
      ...{ AccessToken: hour, ClientCredentials: hour, DeviceCode: hour, IdToken: hour },
      ...{ Interaction: hour, Session: hour, Grant: hour },
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      deviceFlow: { enabled: true, ...devicePages },
    },
    interactions: { policy, url: (_ctx, { uid }) => loginPath + uid },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    // whoever has logged in has agreed
    loadExistingGrant: ({ oidc }) =>
      grantFor(oidc.provider, oidc.session?.accountId, oidc.client?.clientId, oidc.params?.scope),
    extraTokenClaims: (_ctx, token) =>
      token.kind === 'ClientCredentials' ? { sub: token.clientId } : undefined,
    renderError: (ctx, out) => {
      ctx.type = 'txt';
      ctx.body = JSON.stringify(out);
    },
  };
}

const clients = ({ relying_id, relying_secret, relying_redirect }: Relying): ClientMetadata[] => [
  { client_id: relying_id, client_secret: relying_secret, redirect_uris: [relying_redirect] },
  {
    client_id: confidential.id,
    client_secret: confidential.secret,
    application_type: 'native',
    grant_types: ['client_credentials', 'authorization_code', 'password', deviceGrant],
    redirect_uris: [ownPage],
  },
  {
    client_id: open.id,
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    grant_types: ['authorization_code', 'password', deviceGrant],
    redirect_uris: [ownPage],
  },
];

const show = (ctx: KoaContextWithOIDC, page: string): void => {
  ctx.body = page;
};

const devicePages = {
  userCodeInputSource: show,
  userCodeConfirmSource: show,
  successSource: (ctx: KoaContextWithOIDC) => show(ctx, 'Done'),
};

async function grantFor(provider: Provider, accountId = '', clientId = '', scope: unknown = '') {
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(String(scope));
  await grant.save();
  return grant;
}

/** The page where people log in. */
async function logIn(provider: Provider, message: IncomingMessage, response: ServerResponse): Promise<void> {
  if (message.method === 'GET') {
    response.setHeader('content-type', 'text/html');
    response.end('<form method="post"><input name="name"><input name="password" type="password"></form>');
    return;
  }
  const form = new URLSearchParams(await text(message));
  const { accountId } = knows(form.get('name'), form.get('password')) ?? {};
  const result = accountId === undefined ? { error: 'access_denied' } : { login: { accountId } };
  await provider.interactionFinished(message, response, result);
}

const knows = (name: unknown, password: unknown): { accountId: string } | undefined =>
  name === ada.name && password === ada.password ? { accountId: ada.name } : undefined;

/** The grant that OAuth 2.1 leaves out. https://www.rfc-editor.org/rfc/rfc6749#section-4.3 */
async function byPassword(ctx: KoaContextWithOIDC): Promise<void> {
  const { params = {}, client, provider } = ctx.oidc;
  const account = knows(params.username, params.password);
  if (account === undefined || client === undefined) throw new errors.InvalidGrant('wrong name or password');
  const scope = String(params.scope ?? '');
  const { jti } = await grantFor(provider, account.accountId, client.clientId, scope);
  const token = new provider.AccessToken({ ...account, client, grantId: jti, gty: 'password', scope });
  ctx.body = { access_token: await token.save(), token_type: token.tokenType, expires_in: hour, scope };
}

/**
 * Has devices ask every second, and holds them to the challenge they began with, which the package does only for codes
 * of the browser. https://www.rfc-editor.org/rfc/rfc7636#section-4.6
 */
function provesDevices() {
  const challenges = new Map<unknown, Readonly<Record<string, unknown>>>();
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    await next();
    if (ctx.status !== 200 || ctx.oidc?.body === undefined) return;
    const { route, body } = ctx.oidc;
    if (route === 'device_authorization') {
      const begun = ctx.body as { device_code: string; interval: number };
      begun.interval = 1;
      challenges.set(begun.device_code, body);
    } else if (route === 'token' && !proves(body.code_verifier, challenges.get(body.device_code))) {
      ctx.status = 400;
      ctx.body = { error: 'invalid_grant' };
    }
  };
}

function proves(
  verifier: unknown,
  { code_challenge, code_challenge_method }: Readonly<Record<string, unknown>> = {},
) {
  if (code_challenge === undefined) return true;
  const hashed = createHash('sha256').update(String(verifier)).digest('base64url');
  return code_challenge === (code_challenge_method === 'S256' ? hashed : verifier);
}
