/** The words that a login is made of, called as keystoneauth calls them. */
export const credentialNames = [
  'auth_type',
  'auth_url',
  'username',
  'user_id',
  'password',
  'user_domain_id',
  'user_domain_name',
  'project_id',
  'project_name',
  'project_domain_id',
  'project_domain_name',
] as const;

/** The words of a login, as they were set; each may be missing. */
export type Credentials = { readonly [name in (typeof credentialNames)[number]]?: string | undefined };
