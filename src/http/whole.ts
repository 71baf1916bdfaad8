import { caps, giveBack, readBytes } from './body.ts';
import type { Send } from './message.ts';

/**
 * Reads what was asked for as JSON to its end before it hands it on: an answer that breaks off in the middle
 * is then lost like one that never came, and whoever repeats requests repeats it.
 */
export const withWhole =
  (send: Send): Send =>
  async (request) => {
    const response = await send(request);
    const isError = response.status >= 300;
    if (isError || !request.headers.accept?.toLowerCase().includes('json')) return response;
    const bytes = await readBytes(response, caps.page);
    const drop = () => giveBack(bytes);
    return { ...response, body: { each: async (see) => see(bytes), drop, whole: bytes } };
  };
