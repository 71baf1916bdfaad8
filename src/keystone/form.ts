import type { ServiceError } from '../errors.ts';
import { caps, readBytes, readJson } from '../http/body.ts';
import type { Response } from '../http/message.ts';
import { digText } from './dig.ts';
import type { Desk } from './pass.ts';
import { loginRefusal } from './refusal.ts';

export type Form = Readonly<Record<string, string>>;

/** What a server of OAuth 2.0 says to a form. */
export interface Said {
  readonly answer: unknown;
  /** Why it said no, in a word that programs know: https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
  readonly error?: string | undefined;
  /** The same for people; undefined when it said yes. */
  readonly refusal?: ServiceError;
}

/** Sends a form to a server of OAuth 2.0, and keeps to itself what that gives. */
export async function postForm(
  url: URL,
  form: Form,
  desk: Desk,
  signal?: AbortSignal,
  authorization?: string,
): Promise<Said> {
  const response = await desk.send({
    method: 'POST',
    url,
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(authorization !== undefined && { authorization }),
    },
    body: new URLSearchParams(form).toString(),
    signal,
    // a code is good for one use
    repeatable: form.code === undefined,
  });
  if (response.status !== 200) return refused(response);
  const answer = await readJson(response, caps.token);
  for (const name of ['access_token', 'id_token', 'refresh_token', 'device_code']) {
    const word = digText(answer, name);
    if (word !== undefined) desk.hide(word);
  }
  return { answer };
}

/** Reads the answer twice: once for programs, once for people. */
async function refused(response: Response): Promise<Said> {
  const bytes = await readBytes(response, caps.error);
  const again = (): Response => ({ ...response, body: { each: async (see) => see(bytes), drop: () => {} } });
  const answer = await readJson(again(), caps.error).catch(() => undefined);
  return {
    answer,
    error: digText(answer, 'error'),
    refusal: await loginRefusal(again(), `${response.url.origin}: `),
  };
}
