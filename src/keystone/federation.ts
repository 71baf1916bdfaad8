import type { Credentials } from './credentials.ts';
import { need } from './need.ts';
import type { Desk, Pass } from './pass.ts';
import { identityRoot } from './root.ts';
import { hasScope } from './scope.ts';
import { token } from './token.ts';
import { passIn } from './token-request.ts';

/**
 * The pass that Identity gives for the word of a provider it trusts, in the scope that is wanted.
 * https://docs.openstack.org/api-ref/identity/v3-ext/#request-an-unscoped-os-federation-token
 */
export async function passForBearer(
  accessToken: string,
  given: Credentials,
  desk: Desk,
  signal?: AbortSignal,
): Promise<Pass> {
  desk.hide(accessToken);
  const root = identityRoot(given.auth_url);
  const response = await desk.send({
    method: 'POST',
    url: new URL(`${root}/v3/OS-FEDERATION/${providerPath(given)}/auth`),
    headers: { accept: 'application/json', authorization: `Bearer ${accessToken}` },
    signal,
    repeatable: true,
  });
  return inScope(await passIn(response, root, desk), given, desk, signal);
}

/** Exchanges a pass without a scope for one with that which is wanted. */
export const inScope = async (
  pass: Pass,
  given: Credentials,
  desk: Desk,
  signal?: AbortSignal,
): Promise<Pass> =>
  hasScope(given) && given.unscoped !== 'true'
    ? token(undefined).logIn({ ...given, auth_token: pass.token }, desk, signal)
    : pass;

/** Where Identity has a provider and the protocol to use with it. */
export const providerPath = (given: Credentials): string =>
  `identity_providers/${encodeURIComponent(need(given, 'identity_provider'))}/protocols/${encodeURIComponent(need(given, 'protocol'))}`;
