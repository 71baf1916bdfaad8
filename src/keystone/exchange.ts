import { type Credentials, scopeNames } from './credentials.ts';
import { identityLogin } from './identity-login.ts';
import type { Desk, Pass } from './pass.ts';

/**
 * Gives the pass of one project for the pass of another.
 * https://docs.openstack.org/api-ref/identity/v3/#token-authentication-with-scoped-authorization
 */
export const exchange = (old: Pass, given: Credentials, desk: Desk, signal?: AbortSignal): Promise<Pass> =>
  identityLogin(async () => ({ methods: ['token'], token: { id: old.token } })).logIn(given, desk, signal);

/** Whether a pass can be exchanged for what is wanted: it needs a scope, and a trust wants its trustee's own login. */
export const canExchange = (given: Credentials): boolean =>
  given.trust_id === undefined && scopeNames.some((name) => given[name] !== undefined);
