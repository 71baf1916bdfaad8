import { MissingSetting } from '../errors.ts';
import type { Method } from './identity-login.ts';
import { needScope, userOf } from './scope.ts';

/** Proves who is asking by a password. https://docs.openstack.org/api-ref/identity/v3/#password-authentication-with-scoped-authorization */
export const password: Method = async (given, desk) => {
  if (given.user_id === undefined && given.username === undefined) {
    throw new MissingSetting('You must provide a username via either --os-username or env[OS_USERNAME]');
  }
  // as glance has it; who names an auth type knows of default projects
  if (given.auth_type === undefined) needScope(given);
  const word = given.password ?? (await desk.ask('OS Password: '));
  if (word === undefined) {
    throw new MissingSetting(
      'You must provide a password via either --os-password, env[OS_PASSWORD], or prompted response',
    );
  }
  return { methods: ['password'], password: { user: { ...userOf(given), password: word } } };
};
