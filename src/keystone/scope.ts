import { MissingSetting, UsageError } from '../errors.ts';
import type { CredentialName, Credentials } from './credentials.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The `scope` part of a token request; undefined for what Identity itself takes, the user's default project.
 * https://docs.openstack.org/api-ref/identity/v3/#password-authentication-with-scoped-authorization
 */
export function scopeOf(given: Credentials): Json | 'unscoped' | undefined {
  const [first, second] = scopesIn(given);
  if (second !== undefined) {
    throw new UsageError(
      `${first} and ${second} are both set, but a login has one scope: choose one of them`,
    );
  }
  switch (first) {
    case 'project_id':
      return { project: { id: given.project_id } };
    case 'project_name': {
      const within = domain(given.project_domain_id, given.project_domain_name);
      return { project: { name: given.project_name, domain: within } };
    }
    case 'domain_id':
    case 'domain_name':
      return { domain: domain(given.domain_id, given.domain_name) };
    case 'system_scope':
      return { system: { all: true } };
    case 'trust_id':
      return { 'OS-TRUST:trust': { id: given.trust_id } };
    case 'unscoped':
      return 'unscoped';
    default:
      return undefined;
  }
}

/** Whether the login says what it is for. */
export const hasScope = (given: Credentials): boolean => scopesIn(given).length > 0;

/** Refuses, in glance's words, a login that does not. */
export function needScope(given: Credentials): void {
  if (hasScope(given)) return;
  throw new MissingSetting(
    'You must provide a project_id or project_name (with project_domain_name or project_domain_id) via --os-project-id (env[OS_PROJECT_ID]) or --os-project-name (env[OS_PROJECT_NAME])',
  );
}

/** A user as token requests name one. */
export const userOf = (given: Credentials): Json =>
  given.user_id !== undefined
    ? { id: given.user_id }
    : { name: given.username, domain: domain(given.user_domain_id, given.user_domain_name) };

/** The words that ask for a scope, the stronger of two for the same one. */
function scopesIn(given: Credentials) {
  const kinds = [
    ['project_id', 'project_name'],
    ['domain_id', 'domain_name'],
    ['system_scope'],
    ['trust_id'],
    ['unscoped'],
  ] as const satisfies readonly CredentialName[][];
  const isSet = (name: CredentialName) =>
    name === 'unscoped' ? given.unscoped === 'true' : given[name] !== undefined;
  return kinds.flatMap((names) => names.find(isSet) ?? []);
}

const domain = (id: string | undefined, name: string | undefined): Json =>
  id === undefined && name !== undefined ? { name } : { id: id ?? 'default' };
