import { AnswerError } from '../errors.ts';
import { caps, readJson } from '../http/body.ts';
import type { Response } from '../http/message.ts';
import type { CatalogService } from './catalog.ts';
import { dig, digList, digText } from './dig.ts';
import type { Desk, Pass } from './pass.ts';
import { loginRefusal } from './refusal.ts';

type Json = Readonly<Record<string, unknown>>;

/** Asks Identity v3 for a token. https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management */
export const requestToken = (
  root: string,
  auth: Json,
  desk: Desk,
  signal?: AbortSignal,
  more: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  desk.send({
    method: 'POST',
    url: new URL(`${root}/v3/auth/tokens`),
    headers: { accept: 'application/json', 'content-type': 'application/json', ...more },
    body: JSON.stringify({ auth }),
    signal,
    repeatable: true,
  });

/** The pass that an answer to a token request holds. */
export async function passIn(response: Response, root: string, desk: Desk): Promise<Pass> {
  if (response.status !== 200 && response.status !== 201) throw await loginRefusal(response);
  const token = response.headers['x-subject-token'];
  const answer = await readJson(response, caps.token);
  if (token === undefined || token === '') {
    throw new AnswerError(`${root} answered the login without a token: is this a Keystone v3?`);
  }
  return passOf(token, answer, response, desk);
}

/**
 * The pass of a token that somebody else asked for, as Identity knows it.
 * https://docs.openstack.org/api-ref/identity/v3/#validate-and-show-information-for-token
 */
export async function lookUpToken(
  token: string,
  root: string,
  desk: Desk,
  signal?: AbortSignal,
): Promise<Pass> {
  const response = await desk.send({
    method: 'GET',
    url: new URL(`${root}/v3/auth/tokens`),
    headers: { accept: 'application/json', 'x-auth-token': token, 'x-subject-token': token },
    signal,
  });
  if (response.status !== 200) throw await loginRefusal(response);
  return passOf(token, await readJson(response, caps.token), response, desk);
}

function passOf(token: string, answer: unknown, response: Response, desk: Desk): Pass {
  const { catalog: _, ...about } = objectAt(answer, 'token');
  desk.hide(token);
  return {
    token,
    ...lifetime(digText(about, 'expires_at'), digText(about, 'issued_at'), response, desk),
    catalog: digList(answer, 'token', 'catalog').filter(isService),
    about,
  };
}

/** As long from now as by the server's clock, which may go wrong; without an end, as long as Keystone usually gives. */
export function lifetime(
  end: string | undefined,
  start: string | undefined,
  { headers }: Response,
  { clock }: Desk,
): Pick<Pass, 'issued' | 'expires'> {
  const left = Date.parse(end ?? '') - Date.parse(headers.date ?? start ?? '');
  const issued = clock();
  return { issued, expires: issued + (left > 0 ? left : 3_600_000) };
}

const isService = (entry: unknown): entry is CatalogService => typeof entry === 'object' && entry !== null;

function objectAt(answer: unknown, key: string): Json {
  const value = dig(answer, key);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
