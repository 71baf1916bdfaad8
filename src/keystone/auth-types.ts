import { MissingSetting, UsageError } from '../errors.ts';
import type { Credentials } from './credentials.ts';
import { identityLogin } from './identity-login.ts';
import { need } from './need.ts';
import type { Desk, Pass } from './pass.ts';
import { identityOf, type ProofName } from './proofs.ts';
import { hasScope } from './scope.ts';
import { token } from './token.ts';

/** One kind of login. */
export interface AuthType {
  /** May ask for what is missing; refuses with MissingSetting, ServiceError or NetworkError. */
  logIn(given: Credentials, desk: Desk, signal?: AbortSignal): Promise<Pass>;
  /** It asks no server, so nothing is won by keeping its passes. */
  readonly local?: boolean;
}

/** The kind of login that `given` asks for. */
export function authTypeOf(given: Credentials): AuthType {
  const name = authTypeName(given);
  const found = Object.hasOwn(authTypes, name) ? authTypes[name] : undefined;
  if (found !== undefined) return found;
  throw new MissingSetting(
    `The auth type '${name}' is not supported; choose one of ${Object.keys(authTypes).join(', ')}`,
  );
}

/** The name of the kind of login that `given` asks for, or that the words in it can only mean. */
export function authTypeName(given: Credentials): string {
  if (given.auth_type !== undefined) return given.auth_type;
  // a token for a service at a known place is glance's way of sparing the login; elsewhere glance looks at none
  if (given.auth_token !== undefined && given.image_url !== undefined) return 'admin_token';
  if (given.auth_token !== undefined && !isPasswordLogin(given)) return 'token';
  const named = given.application_credential_id ?? given.application_credential_name;
  return named !== undefined && given.password === undefined ? 'v3applicationcredential' : 'password';
}

/** Whether nothing is missing for a login by password, so that a token beside it is one that somebody left there. */
const isPasswordLogin = (given: Credentials): boolean =>
  (given.username ?? given.user_id) !== undefined && given.password !== undefined && hasScope(given);

/** A login by proofs that Identity v3 itself checks. */
const proving = (names: (given: Credentials) => readonly ProofName[], older?: AuthType) =>
  identityLogin((given, desk) => identityOf(names(given), given, desk), older);

/** What most people never need is loaded by who does. */
const later = <M>(load: () => Promise<M>, pick: (family: M) => AuthType): AuthType => ({
  logIn: async (...words) => pick(await load()).logIn(...words),
});
const local = (pick: (family: typeof import('./without-identity.ts')) => AuthType): AuthType => ({
  ...later(() => import('./without-identity.ts'), pick),
  local: true,
});
const oidc = () => import('./oidc.ts');
const oauth2 = () => import('./oauth2.ts');
const versionTwo = () => import('./version-two.ts');

const applicationCredential = proving(() => ['application_credential']);
const adminToken = local((family) => family.adminToken);
const none = local((family) => family.none);
const v2password = later(versionTwo, (family) => family.password);
const v2token = later(versionTwo, (family) => family.token);

/** Every kind of login there is, by the names that `auth_type` gives it. */
const authTypes: Readonly<Record<string, AuthType>> = {
  password: proving(() => ['password'], v2password),
  v3password: proving(() => ['password']),
  token: token(v2token),
  v3token: token(undefined),
  v3applicationcredential: applicationCredential,
  applicationcredential: applicationCredential,
  v3totp: proving(() => ['totp']),
  v3multifactor: proving(factorsOf),
  v3oidcpassword: later(oidc, (family) => family.password),
  v3oidcclientcredentials: later(oidc, (family) => family.clientCredentials),
  v3oidcaccesstoken: later(oidc, (family) => family.byAccessToken),
  v3oidcauthcode: later(
    () => import('./oidc-code.ts'),
    (family) => family.authorizationCode,
  ),
  v3oidcdeviceauthz: later(
    () => import('./oidc-device.ts'),
    (family) => family.deviceAuthorization,
  ),
  v3websso: later(
    () => import('./websso.ts'),
    (family) => family.webSso,
  ),
  v3oauth2clientcredential: later(oauth2, (family) => family.clientCredential),
  v3oauth2mtlsclientcredential: later(oauth2, (family) => family.mtlsClientCredential),
  v3tokenlessauth: local((family) => family.tokenless),
  v2password,
  v2token,
  http_basic: local((family) => family.httpBasic),
  none,
  noauth: none,
  admin_token: adminToken,
  token_endpoint: adminToken,
};

/** `v3password,v3totp` and the like: each names the auth type that it is a part of. */
function factorsOf(given: Credentials): readonly ProofName[] {
  const names = need(given, 'auth_methods')
    .split(',')
    .map((name) => name.trim());
  return names.map((name) => {
    const factor = new Map(Object.entries(factors)).get(name.replace(/^v3/, ''));
    if (factor !== undefined) return factor;
    const choices = Object.keys(factors).map((it) => `v3${it}`);
    throw new UsageError(`auth_methods: '${name}' is not one of ${choices.join(', ')}`);
  });
}

const factors = {
  password: 'password',
  totp: 'totp',
  token: 'token',
  applicationcredential: 'application_credential',
} as const satisfies Record<string, ProofName>;
