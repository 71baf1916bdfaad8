import { MissingSetting } from '../errors.ts';
import type { Credentials } from './credentials.ts';
import { identityLogin } from './identity-login.ts';
import type { Desk, Pass } from './pass.ts';
import { password } from './password.ts';

/** One kind of login. */
export interface AuthType {
  /** May ask for what is missing; refuses with MissingSetting, ServiceError or NetworkError. */
  logIn(given: Credentials, desk: Desk, signal?: AbortSignal): Promise<Pass>;
}

const byPassword = identityLogin(password);

/** Every kind of login there is, by the names that `auth_type` gives it. */
export const authTypes: Readonly<Record<string, AuthType>> = { password: byPassword, v3password: byPassword };

/** The kind of login that `given` asks for. */
export function authTypeOf({ auth_type: type = 'password' }: Credentials): AuthType {
  const found = Object.hasOwn(authTypes, type) ? authTypes[type] : undefined;
  if (found !== undefined) return found;
  throw new MissingSetting(
    `The auth type '${type}' is not supported; choose one of ${Object.keys(authTypes).join(', ')}`,
  );
}
