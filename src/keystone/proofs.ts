import { MissingSetting } from '../errors.ts';
import type { Credentials } from './credentials.ts';
import { need, needSecret } from './need.ts';
import type { Desk } from './pass.ts';
import { needScope, userOf } from './scope.ts';

type Json = Readonly<Record<string, unknown>>;

/** How a method proves who is asking: what stands under its name in a token request. */
type Prove = (given: Credentials, desk: Desk) => Json | Promise<Json>;

/**
 * The methods that need nobody but Identity, by its own names for them.
 * https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management
 */
export const proofs = {
  password: async (given, desk) => {
    const user = knownUser(given);
    // as glance has it; who names an auth type knows of default projects
    if (given.auth_type === undefined) needScope(given);
    return { user: { ...user, password: await needSecret(given, desk, 'password', 'OS Password') } };
  },
  totp: async (given, desk) => {
    const user = knownUser(given);
    return { user: { ...user, passcode: await needSecret(given, desk, 'passcode', 'One-time code') } };
  },
  application_credential: async (given, desk) => {
    const { application_credential_id: id, application_credential_name: name } = given;
    const which = id === undefined && name !== undefined ? { name, user: knownUser(given) } : undefined;
    const named = which ?? { id: need(given, 'application_credential_id') };
    const question = 'Secret of the application credential';
    return { ...named, secret: await needSecret(given, desk, 'application_credential_secret', question) };
  },
  token: async (given, desk) => ({ id: await needSecret(given, desk, 'auth_token', 'Token') }),
} satisfies Record<string, Prove>;

export type ProofName = keyof typeof proofs;

/** The `identity` part of a token request with these methods. */
export async function identityOf(
  methods: readonly ProofName[],
  given: Credentials,
  desk: Desk,
): Promise<Json> {
  const parts: [string, Json][] = [];
  // one after the other: two questions at once are none
  for (const method of methods) parts.push([method, await proofs[method](given, desk)]);
  return { methods, ...Object.fromEntries(parts) };
}

/** A user as token requests name one; refuses, in glance's words, a login without. */
export function knownUser(given: Credentials): Json {
  if (given.user_id !== undefined || given.username !== undefined) return userOf(given);
  throw new MissingSetting('You must provide a username via either --os-username or env[OS_USERNAME]');
}
