import { request } from 'undici';
import type { Person } from './people.ts';
import { endpointOf, tokenOf } from './witness.ts';

/** What the Image service answers to a request in JSON, refusals included. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Asks the Image service without the program under test: `ask(admin, 'GET /v2/images')`. */
export async function ask(
  who: Person,
  what: string,
  json?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const [method = '', path = ''] = what.split(' ');
  const answer = await request((await endpointOf(who)) + path, {
    method: method as 'GET',
    headers: {
      ...{ accept: 'application/json', 'x-auth-token': await tokenOf(who) },
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  return { status: answer.statusCode, body: await answer.body.text() };
}
