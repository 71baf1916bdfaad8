import { AnswerError } from '../errors.ts';
import { caps, readJson } from '../http/body.ts';
import type { Response } from '../http/message.ts';
import type { AuthType } from './auth-types.ts';
import type { CatalogService } from './catalog.ts';
import type { Credentials } from './credentials.ts';
import type { Desk, Pass } from './pass.ts';
import { identityRefusal } from './refusal.ts';
import { identityRoot } from './root.ts';
import { scopeOf } from './scope.ts';

/** How one kind of login proves who is asking: the `identity` part of a token request. */
export type Method = (
  given: Credentials,
  desk: Desk,
  signal?: AbortSignal,
) => Promise<Readonly<Record<string, unknown>>>;

/** A login at Identity v3. https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management */
export const identityLogin = (method: Method): AuthType => ({
  logIn: async (given, desk, signal) => {
    const identity = await method(given, desk, signal);
    const body = JSON.stringify({ auth: { identity, scope: scopeOf(given) } });
    const root = identityRoot(given.auth_url);
    const response = await desk.send({
      method: 'POST',
      url: new URL(`${root}/v3/auth/tokens`),
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body,
      signal,
      repeatable: true,
    });
    if (response.status !== 201 && response.status !== 200) throw await identityRefusal(response);
    return passIn(response, root, desk.clock());
  },
});

/** The pass that an answer to a token request holds. */
export async function passIn(response: Response, root: string, now: number): Promise<Pass> {
  const token = response.headers['x-subject-token'];
  const { catalog, ...about } = details(await readJson(response, caps.token));
  if (token === undefined || token === '') {
    throw new AnswerError(`${root} answered the login without a token: is this a Keystone v3?`);
  }
  const lifetime = timeOf(about.expires_at) - timeOf(about.issued_at);
  return {
    token,
    issued: now,
    expires: now + (lifetime > 0 ? lifetime : 3_600_000),
    catalog: Array.isArray(catalog) ? (catalog as CatalogService[]) : [],
    about,
  };
}

const timeOf = (text: unknown) => (typeof text === 'string' ? Date.parse(text) : Number.NaN);

function details(answer: unknown): Record<string, unknown> {
  const token = typeof answer === 'object' && answer !== null && 'token' in answer ? answer.token : undefined;
  return typeof token === 'object' && token !== null ? { ...token } : {};
}
