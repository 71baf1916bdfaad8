import { UsageError } from '../errors.ts';
import { readTruth, type Setting, setting } from './setting.ts';

const secret = { secret: true };

/** Refuses every word but these. */
const oneOf =
  (...choices: readonly string[]) =>
  (word: string): string => {
    if (choices.includes(word)) return word;
    throw new UsageError(`'${word}' is not one of ${choices.join(', ')}`);
  };

/** Who logs in, and where: the settings that most logins know. */
export const loginSettings = {
  auth_type: setting(
    '--os-auth-plugin, --os-auth-type <NAME>',
    'How to log in',
    ['OS_AUTH_TYPE', 'OS_AUTH_PLUGIN'],
    ['auth_type'],
    { read: (word) => (word === 'None' ? 'none' : word) },
  ),
  auth_url: setting('--os-auth-url <URL>', 'URL of the Identity service', ['OS_AUTH_URL'], ['auth.auth_url']),
  username: setting(
    '--os-user-name, --os-username <NAME>',
    'User to log in as',
    ['OS_USERNAME', 'OS_USER_NAME'],
    ['auth.username', 'auth.user_name'],
  ),
  user_id: setting('--os-user-id <ID>', 'ID of the user', ['OS_USER_ID'], ['auth.user_id']),
  password: setting(
    '--os-password <PASSWORD>',
    "The user's password",
    ['OS_PASSWORD'],
    ['auth.password'],
    secret,
  ),
  user_domain_id: setting(
    '--os-user-domain-id <ID>',
    "ID of the user's domain",
    ['OS_USER_DOMAIN_ID'],
    ['auth.user_domain_id'],
  ),
  user_domain_name: setting(
    '--os-user-domain-name <NAME>',
    "Name of the user's domain",
    ['OS_USER_DOMAIN_NAME'],
    ['auth.user_domain_name'],
  ),
  project_id: setting(
    '--os-tenant-id, --os-project-id <ID>',
    'ID of the project to work in',
    ['OS_PROJECT_ID', 'OS_TENANT_ID'],
    ['auth.project_id', 'project_id', 'auth.tenant_id'],
  ),
  project_name: setting(
    '--os-tenant-name, --os-project-name <NAME>',
    'Name of the project to work in',
    ['OS_PROJECT_NAME', 'OS_TENANT_NAME'],
    ['auth.project_name', 'project_name', 'auth.tenant_name'],
  ),
  project_domain_id: setting(
    '--os-project-domain-id <ID>',
    "ID of the project's domain",
    ['OS_PROJECT_DOMAIN_ID'],
    ['auth.project_domain_id'],
  ),
  project_domain_name: setting(
    '--os-project-domain-name <NAME>',
    "Name of the project's domain",
    ['OS_PROJECT_DOMAIN_NAME'],
    ['auth.project_domain_name'],
  ),
  domain_id: setting(
    '--os-domain-id <ID>',
    'ID of the domain of both user and project',
    ['OS_DOMAIN_ID'],
    ['auth.domain_id'],
  ),
  domain_name: setting(
    '--os-domain-name <NAME>',
    'Name of the domain of both user and project',
    ['OS_DOMAIN_NAME'],
    ['auth.domain_name'],
  ),
  default_domain_id: setting(
    '--os-default-domain-id <ID>',
    'ID of the domain where none is given',
    ['OS_DEFAULT_DOMAIN_ID', 'OS_DEFAULT_DOMAIN'],
    ['auth.default_domain_id', 'auth.default_domain'],
  ),
  default_domain_name: setting(
    '--os-default-domain-name <NAME>',
    'Name of the domain where none is given',
    ['OS_DEFAULT_DOMAIN_NAME'],
    ['auth.default_domain_name'],
  ),
  system_scope: setting(
    '--os-system-scope <SCOPE>',
    'Work on the system instead of in a project: all',
    ['OS_SYSTEM_SCOPE'],
    ['auth.system_scope'],
    { read: oneOf('all') },
  ),
  trust_id: setting(
    '--os-trust-id <ID>',
    'Work with what another user entrusted',
    ['OS_TRUST_ID'],
    ['auth.trust_id'],
  ),
  unscoped: setting('--os-unscoped', 'Log in without any scope', ['OS_UNSCOPED'], ['auth.unscoped'], {
    bare: true,
    beyond: true,
    read: readTruth,
  }),
  auth_token: setting(
    '--os-token, --os-auth-token <TOKEN>',
    'Token to use instead of logging in',
    ['OS_TOKEN', 'OS_AUTH_TOKEN'],
    ['auth.token', 'token', 'auth.auth_token'],
    secret,
  ),
} satisfies Record<string, Setting>;

/** What a word of `methodSettings` is, beside the flag, the variable and the key that its name makes. */
interface MethodWord extends Partial<Pick<Setting, 'secret' | 'read' | 'ambient'>> {
  readonly value: string;
  readonly about: string;
  /** Further spellings. */
  readonly also?: readonly string[];
  /** Where it can be said; everywhere when missing. */
  readonly only?: 'flag' | 'flag and variable';
}

const methodWords = {
  identity_api_version: {
    value: '<VERSION>',
    about: 'Version of the Identity API: 2 or 3',
    ambient: true,
    read: (word) => oneOf('2', '3')(word.replace(/^v|\.[0-9]+$/g, '')),
  },
  auth_methods: {
    value: '<NAMES>',
    about: 'Auth types to log in with together (v3multifactor), with commas',
  },
  passcode: { value: '<CODE>', about: 'One-time code (TOTP)', secret: true },
  auth_helper: {
    value: '<COMMAND>',
    about: 'Command that prints a missing secret; {key} and {cloud} in it say which',
    only: 'flag and variable',
    ambient: true,
  },
  password_fd: {
    value: '<NUMBER>',
    about: 'File descriptor to read the password from',
    only: 'flag',
    read: readNumber(2 ** 31 - 1),
  },
  application_credential_id: { value: '<ID>', about: 'ID of the application credential' },
  application_credential_name: {
    value: '<NAME>',
    about: "Name of one of the user's application credentials",
  },
  application_credential_secret: {
    value: '<SECRET>',
    about: "The application credential's secret",
    secret: true,
  },
  identity_provider: { value: '<ID>', about: 'Identity provider, as Keystone calls it (v3oidc…, v3websso)' },
  protocol: { value: '<ID>', about: "The identity provider's protocol, as Keystone calls it" },
  client_id: { value: '<ID>', about: 'Client ID at the OpenID Connect provider' },
  client_secret: { value: '<SECRET>', about: "The client's secret", secret: true },
  openid_scope: {
    value: '<SCOPES>',
    about: 'What to ask the provider for, with spaces between (openid profile)',
    also: ['scope'],
  },
  discovery_endpoint: { value: '<URL>', about: "The provider's discovery document" },
  access_token_endpoint: { value: '<URL>', about: "The provider's token endpoint" },
  access_token_type: {
    value: '<NAME>',
    about: 'Which token Keystone wants: access_token or id_token',
    read: oneOf('access_token', 'id_token'),
  },
  access_token: { value: '<TOKEN>', about: 'Access token of the provider (v3oidcaccesstoken)', secret: true },
  idp_otp_key: { value: '<NAME>', about: 'What the provider calls a one-time code (v3oidcpassword)' },
  device_authorization_endpoint: { value: '<URL>', about: "The provider's device endpoint" },
  code_challenge_method: {
    value: '<NAME>',
    about: 'PKCE of the device login: S256 or plain',
    read: oneOf('S256', 'plain'),
  },
  code: {
    value: '<CODE>',
    about: 'Authorization code, instead of a browser (v3oidcauthcode)',
    also: ['authorization_code'],
    secret: true,
  },
  redirect_uri: { value: '<URL>', about: 'Where the provider sends the browser back to' },
  redirect_port: {
    value: '<PORT>',
    about: 'Port of this machine that the browser comes back to (v3websso)',
    read: readNumber(65_535),
  },
  oauth2_endpoint: { value: '<URL>', about: "Keystone's OAuth 2.0 endpoint (v3oauth2…)" },
  oauth2_client_id: { value: '<ID>', about: 'Client ID there' },
  oauth2_client_secret: { value: '<SECRET>', about: "The client's secret there", secret: true },
} satisfies Record<string, MethodWord>;

export type MethodSetting = keyof typeof methodWords;

/** What only some kinds of login need; called as keystoneauth calls it everywhere. */
export const methodSettings = Object.fromEntries(
  Object.entries<MethodWord>(methodWords).map(([name, word]) => [name, settingOf(name, word)]),
) as Readonly<Record<MethodSetting, Setting>>;

function settingOf(name: string, { value, about, also = [], only, ...extra }: MethodWord): Setting {
  const flags = [...also.map(flagOf), flagOf(name)];
  const names = [name, ...also];
  return setting(
    `${flags.join(', ')} ${value}`,
    about,
    only === 'flag' ? [] : names.map((it) => `OS_${it.toUpperCase()}`),
    only === undefined ? names.map((it) => (it === 'identity_api_version' ? it : `auth.${it}`)) : [],
    { beyond: true, ...extra },
  );
}

function flagOf(name: string): string {
  return `--os-${name.replaceAll('_', '-')}`;
}

function readNumber(most: number): (word: string) => string {
  return (word) => {
    if (/^[0-9]{1,10}$/.test(word) && Number(word) <= most) return String(Number(word));
    throw new UsageError(`'${word}' is not a number from 0 to ${most}`);
  };
}
