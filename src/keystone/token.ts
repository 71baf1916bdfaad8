import type { AuthType } from './auth-types.ts';
import { identityLogin } from './identity-login.ts';
import { needSecret } from './need.ts';
import { identityOf } from './proofs.ts';
import { identityRoot } from './root.ts';
import { hasScope } from './scope.ts';
import { lookUpToken } from './token-request.ts';

/**
 * A token that is there already: it is exchanged for one with the scope that is wanted, or used as it is when none is,
 * since a token without a new scope would be good for nothing.
 */
export function token(older: AuthType | undefined): AuthType {
  const exchanged = identityLogin((given, desk) => identityOf(['token'], given, desk), older);
  return {
    logIn: async (given, desk, signal) => {
      if (hasScope(given) || given.identity_api_version === '2') return exchanged.logIn(given, desk, signal);
      const held = await needSecret(given, desk, 'auth_token', 'Token');
      return lookUpToken(held, identityRoot(given.auth_url), desk, signal);
    },
  };
}
