import { AnswerError, LoginRefused, MissingSetting } from '../errors.ts';
import type { Credentials } from './credentials.ts';
import { need } from './need.ts';
import { accessToken, oidcLogin, scopesOf } from './oidc.ts';
import { providerAt } from './oidc-provider.ts';
import type { Desk } from './pass.ts';
import { challengeOf, unguessable } from './pkce.ts';

/**
 * A code that the provider gave a person's browser: one that is set, or one that is fetched with the browser now.
 * https://www.rfc-editor.org/rfc/rfc6749#section-4.1
 */
export const authorizationCode = oidcLogin(async (given, desk, signal) => {
  const { code, redirect_uri } = given;
  const grant =
    code === undefined
      ? await fetchCode(given, desk, signal)
      : { code, ...(redirect_uri !== undefined && { redirect_uri }) };
  return accessToken({ grant_type: 'authorization_code', ...grant }, given, desk, signal);
});

/** https://www.rfc-editor.org/rfc/rfc8252 */
async function fetchCode(given: Credentials, desk: Desk, signal?: AbortSignal) {
  const { authorization_endpoint: page } = await providerAt(['authorization_endpoint'], given, desk, signal);
  const wish = { response_type: 'code', client_id: need(given, 'client_id'), scope: scopesOf(given) };
  const [state, code_verifier] = [unguessable(desk), unguessable(desk)];
  const proof = { state, code_challenge: challengeOf(code_verifier, 'S256'), code_challenge_method: 'S256' };
  const wanted = given.redirect_uri ?? `http://127.0.0.1:${given.redirect_port ?? 0}/callback`;
  const arrival = await desk.browse(
    {
      back: wanted,
      by: 'address',
      start: (redirect_uri) => {
        const start = new URL(page);
        for (const [name, word] of Object.entries({ ...wish, ...proof, redirect_uri })) {
          start.searchParams.set(name, word);
        }
        return start;
      },
      isEnd: (fields) => fields.get('state') === state,
    },
    signal,
  );
  if (arrival === undefined) {
    throw new MissingSetting(
      'This login needs a person with a browser: run it at a terminal, or set --os-code',
    );
  }
  const { fields, back: redirect_uri } = arrival;
  const [code, error, description] = ['code', 'error', 'error_description'].map((name) => fields.get(name));
  if (error) {
    const detail = description ? `${error}: ${description}` : error;
    throw new LoginRefused(401, detail, `${page.origin}: ${detail}`);
  }
  if (!code) throw new AnswerError(`${page.origin} sent the browser back without a code`);
  desk.hide(code);
  return { code, code_verifier, redirect_uri };
}
