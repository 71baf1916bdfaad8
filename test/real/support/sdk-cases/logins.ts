import { type Case, caseOf, type Difference, differs, entry } from './case.ts';

const at = { auth_url: 'http://k/v3' };
const project = { project_name: 'x', project_domain_name: 'Default' };
const user = { username: 'u', user_domain_name: 'Default' };
const client = { client_id: 'c', client_secret: 's', openid_scope: 'openid email' };
const federated = { ...at, ...project, identity_provider: 'idp', protocol: 'openid' };
const tokens = { access_token_endpoint: 'http://i/token', access_token_type: 'id_token' };

/** A login of this type with these words under auth. */
const login = (auth_type: string, auth: object, difference?: Difference): Case =>
  entry(auth_type, { auth_type, auth }, difference);

const implied = differs('what is given can only mean one kind of login', 'refused');

/** The words of each kind of login. */
export const logins: readonly Case[] = [
  login('v3password', { ...at, ...user, ...project, password: 'p' }),
  login('password', { ...at, user_id: 'id', password: 'p', project_id: 'pid' }),
  login('v3token', { ...at, ...project, token: 't' }),
  login('token', { ...at, ...project, auth_token: 't' }),
  login('v3totp', { ...at, ...user, ...project, passcode: '123456' }),
  login('v3applicationcredential', {
    ...at,
    application_credential_id: 'i',
    application_credential_secret: 's',
  }),
  login('v3applicationcredential', {
    ...at,
    ...user,
    application_credential_name: 'n',
    application_credential_secret: 's',
  }),
  login('v3oidcpassword', {
    ...federated,
    ...client,
    ...tokens,
    username: 'u',
    password: 'p',
    discovery_endpoint: 'http://i/.well-known/openid-configuration',
  }),
  login('v3oidcclientcredentials', { ...federated, ...client, ...tokens }),
  login('v3oidcauthcode', {
    ...federated,
    ...client,
    ...tokens,
    code: 'x',
    redirect_uri: 'http://localhost/',
  }),
  login('v3oidcauthcode', { ...federated, ...client, ...tokens, authorization_code: 'x' }),
  login('v3oidcaccesstoken', { ...federated, access_token: 't' }),
  login('v3multifactor', {
    ...at,
    ...user,
    ...project,
    auth_methods: ['v3password', 'v3totp'],
    password: 'p',
    passcode: '1',
  }),
  login('v3tokenlessauth', { ...at, ...project }),
  login('http_basic', { username: 'u', password: 'p', endpoint: 'http://i' }),
  login('none', { endpoint: 'http://i' }),
  login('admin_token', { endpoint: 'http://i', token: 't' }),
  login('v2password', { ...at, username: 'u', password: 'p', tenant_name: 't' }),
  login(
    'v2token',
    { ...at, token: 't', tenant_id: 't' },
    differs('openstacksdk gives the tenant a name that its own v2 does not know', 'refused'),
  ),
  login('no_such_type', { ...at }),
  login(
    'token_endpoint',
    { endpoint: 'http://i', token: 't' },
    differs('an alias that both know', 'auth_type'),
  ),
  login('None', { endpoint: 'http://i' }),
  entry(
    'auth_type: null',
    { auth_type: null, auth: { endpoint: 'http://i' } },
    differs('null is a word that is not there, and then it is the usual login', 'auth_type'),
  ),

  entry('a system scope', { auth: { ...at, ...user, password: 'p', system_scope: 'all' } }),
  entry('a trust', { auth: { ...at, ...user, password: 'p', trust_id: 't' } }),
  entry('a domain scope', { auth: { ...at, ...user, password: 'p', domain_name: 'd' } }),
  entry('the words of an application credential beside auth', {
    auth_type: 'v3applicationcredential',
    auth: at,
    application_credential_id: 'i',
    application_credential_secret: 's',
  }),
  entry('a passcode beside auth', { auth_type: 'v3totp', auth: { ...at, ...user }, passcode: '123456' }),
  entry(
    'a passcode in auth and beside it',
    {
      auth_type: 'v3totp',
      auth: { ...at, ...user, passcode: 'in' },
      passcode: 'out',
    },
    differs('newer openstacksdk has the word in auth win here, too', 'auth.passcode'),
  ),
  entry('auth_plugin', { auth_plugin: 'v3password', auth: { ...at, ...user, password: 'p' } }),
  entry('auth_plugin and auth_type', {
    auth_plugin: 'token',
    auth_type: 'v3password',
    auth: { ...at, ...user, password: 'p' },
  }),
  entry('a token and no auth_type', { auth: { ...at, token: 't' } }, implied),
  entry(
    'an application credential and no auth_type',
    { auth: { ...at, application_credential_id: 'i', application_credential_secret: 's' } },
    implied,
  ),

  caseOf(
    'an application credential by variables',
    {},
    {
      OS_AUTH_URL: 'http://k',
      OS_AUTH_TYPE: 'v3applicationcredential',
      OS_APPLICATION_CREDENTIAL_ID: 'i',
      OS_APPLICATION_CREDENTIAL_SECRET: 's',
    },
  ),
  caseOf(
    'an OpenID Connect login by variables',
    {},
    {
      OS_AUTH_URL: 'http://k',
      OS_AUTH_TYPE: 'v3oidcpassword',
      OS_IDENTITY_PROVIDER: 'idp',
      OS_PROTOCOL: 'openid',
      OS_CLIENT_ID: 'c',
      OS_CLIENT_SECRET: 's',
      OS_ACCESS_TOKEN_ENDPOINT: 'http://i/token',
      OS_USERNAME: 'u',
      OS_PASSWORD: 'p',
    },
  ),
  caseOf(
    'a passcode by variable',
    {},
    { OS_AUTH_URL: 'http://k', OS_AUTH_TYPE: 'v3totp', OS_USER_ID: 'u', OS_PASSCODE: '1' },
  ),
];
