import type { Settings, Values } from '../config/resolve.ts';
import { UsageError } from '../errors.ts';
import { type Credentials, credentialNames } from '../keystone/credentials.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** The words of a login. */
export const credentialsOf = (settings: Values): Credentials =>
  Object.fromEntries(credentialNames.map((name) => [name, settings.get(name)]));

/** The login of the sandbox in this process: its administrator, unless a flag names another of its users. */
export function boxCredentials({ credentials }: Sandbox, settings: Settings): Credentials {
  const username = settings.get('username') ?? 'admin';
  const found = new Map(Object.entries(credentials)).get(username);
  if (found === undefined) {
    const names = Object.keys(credentials).join(', ');
    throw new UsageError(`The sandbox has no user '${username}', only ${names}`);
  }
  const { userId: user_id, password, projectId: project_id } = found;
  return { auth_url: 'http://sandbox.invalid/v3', user_id, password, project_id };
}
