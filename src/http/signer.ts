import type { Send } from './message.ts';
import { canRepeat } from './retry.ts';

/** What requests are signed with: headers that say who asks. */
export interface Signer {
  /** The same object until it is forgotten. */
  current(signal?: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** It was refused: never give it again. */
  forget(signature: Readonly<Record<string, string>>): void;
}

/**
 * Signs each request; after a 401 once more anew, if the body can be sent again from its start.
 * Otherwise, or when there is no other way to sign, the 401 is the answer.
 */
export const withSignature =
  (send: Send, signer: Signer): Send =>
  async (request) => {
    const signed = (signature: Readonly<Record<string, string>>) =>
      send({ ...request, headers: { ...request.headers, ...signature } });
    const signature = await signer.current(request.signal);
    const response = await signed(signature);
    if (response.status !== 401) return response;
    signer.forget(signature);
    if (!canRepeat(request.body)) return response;
    const fresh = await signer.current(request.signal).catch((error: unknown) => {
      response.body.drop();
      throw error;
    });
    if (fresh === signature) return response;
    response.body.drop();
    return signed(fresh);
  };
