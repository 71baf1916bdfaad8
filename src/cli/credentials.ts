import type { Settings } from '../config/resolve.ts';
import { UsageError } from '../errors.ts';
import { type Credentials, methods } from '../keystone/methods.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Io } from './io.ts';

const words = [
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

/** The words of a login; a person at a terminal is asked for the password. */
export async function credentialsOf(settings: Settings, ask: Io['ask']): Promise<Credentials> {
  const given: Credentials = Object.fromEntries(words.map((word) => [word, settings.get(word)]));
  const named = given.username !== undefined || given.user_id !== undefined;
  const byPassword = Object.hasOwn(methods, given.auth_type ?? 'password');
  if (given.password !== undefined || !named || !byPassword || given.auth_url === undefined) return given;
  return { ...given, password: await ask('OS Password: ') };
}

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
