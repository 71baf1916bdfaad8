import type { Send } from './message.ts';
import { canRepeat } from './retry.ts';

/** Where tokens come from. */
export interface Tokens {
  current(signal?: AbortSignal): Promise<string>;
  /** It was refused: never give it again. */
  forget(token: string): void;
}

/**
 * Signs each request; after a 401 once more with a fresh token, if the body can be sent again from its start.
 * Otherwise, or when there is no other token, the 401 is the answer.
 */
export const withToken =
  (send: Send, tokens: Tokens): Send =>
  async (request) => {
    const signed = (token: string) =>
      send({ ...request, headers: { ...request.headers, 'x-auth-token': token } });
    const token = await tokens.current(request.signal);
    const response = await signed(token);
    if (response.status !== 401) return response;
    tokens.forget(token);
    if (!canRepeat(request.body)) return response;
    const fresh = await tokens.current(request.signal).catch((error: unknown) => {
      response.body.drop();
      throw error;
    });
    if (fresh === token) return response;
    response.body.drop();
    return signed(fresh);
  };
