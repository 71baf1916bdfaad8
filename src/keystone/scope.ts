import { MissingSetting } from '../errors.ts';
import type { Credentials } from './credentials.ts';

type Json = Readonly<Record<string, unknown>>;

/** The `scope` part of a token request. https://docs.openstack.org/api-ref/identity/v3/#password-authentication-with-scoped-authorization */
export function scopeOf(given: Credentials): Json {
  if (given.project_id !== undefined) return { project: { id: given.project_id } };
  if (given.project_name !== undefined) {
    const within = domain(given.project_domain_id, given.project_domain_name);
    return { project: { name: given.project_name, domain: within } };
  }
  throw new MissingSetting(
    'You must provide a project_id or project_name (with project_domain_name or project_domain_id) via --os-project-id (env[OS_PROJECT_ID]) or --os-project-name (env[OS_PROJECT_NAME])',
  );
}

/** A user as token requests name one. */
export const userOf = (given: Credentials): Json =>
  given.user_id !== undefined
    ? { id: given.user_id }
    : { name: given.username, domain: domain(given.user_domain_id, given.user_domain_name) };

const domain = (id: string | undefined, name: string | undefined): Json =>
  id === undefined && name !== undefined ? { name } : { id: id ?? 'default' };
