import { AnswerError } from '../errors.ts';
import type { Response } from '../http/message.ts';
import type { AuthType } from './auth-types.ts';
import type { Credentials } from './credentials.ts';
import type { Desk } from './pass.ts';
import { completed } from './receipts.ts';
import { loginRefusal } from './refusal.ts';
import { identityRoot } from './root.ts';
import { scopeOf } from './scope.ts';
import { passIn, requestToken } from './token-request.ts';
import { versionsAt } from './versions.ts';

/** How one kind of login proves who is asking: the `identity` part of a token request. */
export type Method = (
  given: Credentials,
  desk: Desk,
  signal?: AbortSignal,
) => Promise<Readonly<Record<string, unknown>>>;

/**
 * A login at Identity v3, which is taken to be where the URL says until it turns out not to be. Where only v2 is spoken
 * a login of no certain version turns to `older`.
 */
export const identityLogin = (method: Method, older?: AuthType): AuthType => ({
  logIn: async (given, desk, signal) => {
    if (older !== undefined && given.identity_api_version === '2') return older.logIn(given, desk, signal);
    const scope = scopeOf(given);
    const identity = await method(given, desk, signal);
    const auth = 'application_credential' in identity ? { identity } : { identity, scope };
    const finish = async (response: Response, root: string) =>
      passIn(await completed(response, { root, auth, given, desk, signal }), root, desk);

    const root = identityRoot(given.auth_url);
    const response = await requestToken(root, auth, desk, signal);
    if (response.status !== 404 && response.status !== 300) return finish(response, root);
    const refusal = await loginRefusal(response);
    const spoken = await versionsAt(root, desk, signal);
    const elsewhere = spoken?.v3 && identityRoot(spoken.v3);
    if (elsewhere !== undefined && elsewhere !== root) {
      return finish(await requestToken(elsewhere, auth, desk, signal), elsewhere);
    }
    const onlyOlder = spoken ? spoken.v3 === undefined : /\/v2\.0\/*$/.test(given.auth_url ?? '');
    if (!onlyOlder) throw refusal;
    if (older === undefined) {
      throw new AnswerError(
        `${root} speaks only version 2 of the Identity API: use auth type v2password or v2token`,
      );
    }
    return older.logIn({ ...given, auth_url: spoken?.v2 ?? given.auth_url }, desk, signal);
  },
});
