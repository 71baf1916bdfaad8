import { MissingSetting } from '../errors.ts';

/** The words of a login, as they were set; each may be missing. */
export interface Credentials {
  readonly auth_type?: string | undefined;
  readonly auth_url?: string | undefined;
  readonly username?: string | undefined;
  readonly user_id?: string | undefined;
  readonly password?: string | undefined;
  readonly user_domain_id?: string | undefined;
  readonly user_domain_name?: string | undefined;
  readonly project_id?: string | undefined;
  readonly project_name?: string | undefined;
  readonly project_domain_id?: string | undefined;
  readonly project_domain_name?: string | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/** How one kind of login proves who is asking: the `identity` part of a token request. */
export type Method = (credentials: Credentials) => Json;

const password: Method = (given) => {
  if (given.user_id === undefined && given.username === undefined) {
    throw new MissingSetting('You must provide a username via either --os-username or env[OS_USERNAME]');
  }
  if (given.password === undefined) {
    throw new MissingSetting(
      'You must provide a password via either --os-password, env[OS_PASSWORD], or prompted response',
    );
  }
  const user =
    given.user_id !== undefined
      ? { id: given.user_id }
      : { name: given.username, domain: domain(given.user_domain_id, given.user_domain_name) };
  return { methods: ['password'], password: { user: { ...user, password: given.password } } };
};

/** Every kind of login there is, by the names that `auth_type` gives it. */
export const methods: Readonly<Record<string, Method>> = { password, v3password: password };

/**
 * The body of `POST /v3/auth/tokens`.
 * https://docs.openstack.org/api-ref/identity/v3/#password-authentication-with-scoped-authorization
 */
export function tokenRequest(given: Credentials): Json {
  const type = given.auth_type ?? 'password';
  const method = Object.hasOwn(methods, type) ? methods[type] : undefined;
  if (method === undefined) {
    throw new MissingSetting(
      `The auth type '${type}' is not supported; choose one of ${Object.keys(methods).join(', ')}`,
    );
  }
  return { auth: { identity: method(given), scope: projectScope(given) } };
}

function projectScope(given: Credentials): Json {
  if (given.project_id !== undefined) return { project: { id: given.project_id } };
  if (given.project_name !== undefined) {
    const within = domain(given.project_domain_id, given.project_domain_name);
    return { project: { name: given.project_name, domain: within } };
  }
  throw new MissingSetting(
    'You must provide a project_id or project_name (with project_domain_name or project_domain_id) via --os-project-id (env[OS_PROJECT_ID]) or --os-project-name (env[OS_PROJECT_NAME])',
  );
}

const domain = (id: string | undefined, name: string | undefined): Json =>
  id === undefined && name !== undefined ? { name } : { id: id ?? 'default' };
