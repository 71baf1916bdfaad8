import { MissingSetting } from '../errors.ts';
import type { AuthType } from './auth-types.ts';
import { inScope, providerPath } from './federation.ts';
import { need } from './need.ts';
import { identityRoot } from './root.ts';
import { lookUpToken } from './token-request.ts';

/**
 * A person logs in with the browser, as for Horizon, and Identity lets the browser bring a token here. The address it
 * is brought to must be among Identity's `trusted_dashboard`, letter by letter, so nothing of it can be secret.
 * https://docs.openstack.org/keystoneauth/latest/plugins/websso.html
 */
export const webSso: AuthType = {
  logIn: async (given, desk, signal) => {
    const root = identityRoot(given.auth_url);
    const page =
      given.identity_provider === undefined
        ? `websso/${encodeURIComponent(need(given, 'protocol'))}`
        : `${providerPath(given)}/websso`;
    const arrival = await desk.browse(
      {
        back: `http://localhost:${given.redirect_port ?? 9990}/auth/websso/`,
        by: { formFrom: new URL(root).origin },
        start: (back) => new URL(`${root}/v3/auth/OS-FEDERATION/${page}?origin=${encodeURIComponent(back)}`),
        isEnd: (fields) => fields.has('token'),
      },
      signal,
    );
    const token = arrival?.fields.get('token');
    if (!token) {
      throw new MissingSetting('This login needs a person with a browser: run it at a terminal');
    }
    desk.hide(token);
    return inScope(await lookUpToken(token, root, desk, signal), given, desk, signal);
  },
};
