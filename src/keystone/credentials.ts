/** The words that a login is made of, called as keystoneauth calls them. */
export const credentialNames = [
  'auth_type',
  'auth_url',
  'identity_api_version',
  'username',
  'user_id',
  'password',
  'user_domain_id',
  'user_domain_name',
  'project_id',
  'project_name',
  'project_domain_id',
  'project_domain_name',
  'domain_id',
  'domain_name',
  'system_scope',
  'trust_id',
  'unscoped',
  'auth_token',
  'auth_methods',
  'passcode',
  'application_credential_id',
  'application_credential_name',
  'application_credential_secret',
  'identity_provider',
  'protocol',
  'client_id',
  'client_secret',
  'openid_scope',
  'discovery_endpoint',
  'access_token_endpoint',
  'access_token_type',
  'access_token',
  'idp_otp_key',
  'device_authorization_endpoint',
  'code_challenge_method',
  'code',
  'redirect_uri',
  'redirect_port',
  'oauth2_endpoint',
  'oauth2_client_id',
  'oauth2_client_secret',
  // where requests go, and the certificate they show, when no Identity service is asked
  'image_url',
  'cert',
] as const;

export type CredentialName = (typeof credentialNames)[number];

/** Those that say what one is to work on, not who one is. */
export const scopeNames = [
  'project_id',
  'project_name',
  'project_domain_id',
  'project_domain_name',
  'domain_id',
  'domain_name',
  'system_scope',
  'trust_id',
  'unscoped',
] as const satisfies readonly CredentialName[];

/** The words of a login, as they were set; each may be missing. */
export type Credentials = { readonly [name in CredentialName]?: string | undefined };
