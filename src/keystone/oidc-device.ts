import { AnswerError, MissingSetting } from '../errors.ts';
import { dig, digText } from './dig.ts';
import { need } from './need.ts';
import { accessTokenIn, oidcLogin, scopesOf } from './oidc.ts';
import { providerAt, tellProvider } from './oidc-provider.ts';
import { challengeOf, unguessable } from './pkce.ts';

/**
 * A person says yes on any device that has a browser, while the program asks the provider again and again.
 * https://www.rfc-editor.org/rfc/rfc8628
 */
export const deviceAuthorization = oidcLogin(async (given, desk, signal) => {
  const endpoints = ['device_authorization_endpoint', 'token_endpoint'] as const;
  const provider = await providerAt(endpoints, given, desk, signal);
  // some providers want it beside the secret, too
  const client_id = need(given, 'client_id');
  const tell = (url: URL, form: Readonly<Record<string, string>>) =>
    tellProvider(url, { client_id, ...form }, given, desk, signal);

  const verifier = unguessable(desk);
  const method = given.code_challenge_method;
  const { answer, refusal } = await tell(provider.device_authorization_endpoint, {
    scope: scopesOf(given),
    ...(method && { code_challenge: challengeOf(verifier, method), code_challenge_method: method }),
  });
  if (refusal !== undefined) throw refusal;
  const invitation = invitationIn(answer, provider.device_authorization_endpoint);
  desk.urge(invitation.words);

  const end = desk.clock() + invitation.lifetime;
  let { interval } = invitation;
  while (desk.clock() < end) {
    const said = await tell(provider.token_endpoint, {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: invitation.code,
      ...(method && { code_verifier: verifier }),
    });
    if (said.refusal === undefined) return accessTokenIn(said.answer, provider.token_endpoint, given);
    if (!isWaiting(said.error)) throw said.refusal;
    if (said.error === 'slow_down') interval += 5000;
    await desk.pause(interval, signal);
  }
  throw new MissingSetting('Nobody confirmed the login in time');
});

/** https://www.rfc-editor.org/rfc/rfc8628#section-3.5 */
const isWaiting = (error: string | undefined) => error === 'authorization_pending' || error === 'slow_down';

/** What a person is to do, and how long (ms) to wait for it, asking how often (ms). */
interface Invitation {
  readonly code: string;
  readonly words: string;
  readonly lifetime: number;
  readonly interval: number;
}

function invitationIn(answer: unknown, { origin }: URL): Invitation {
  const [code, userCode, page, whole] = [
    'device_code',
    'user_code',
    'verification_uri',
    'verification_uri_complete',
  ].map((name) => digText(answer, name));
  if (code === undefined || userCode === undefined || page === undefined) {
    throw new AnswerError(`${origin} answered the login without a code for the device`);
  }
  return {
    code,
    words:
      whole === undefined
        ? `To log in, open ${page} and enter the code ${userCode}`
        : `To log in, open ${whole} and check that it shows the code ${userCode}`,
    lifetime: milliseconds(dig(answer, 'expires_in'), 600),
    interval: Math.max(milliseconds(dig(answer, 'interval'), 5), 100),
  };
}

const milliseconds = (seconds: unknown, usual: number): number =>
  1000 * Math.min(typeof seconds === 'number' && seconds >= 0 ? seconds : usual, 3600);
