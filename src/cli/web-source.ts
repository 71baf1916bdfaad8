import { ServiceError } from '../errors.ts';
import { errorDetail } from '../http/body.ts';
import type { Send } from '../http/message.ts';
import { pulled } from '../http/pulled.ts';
import { askedSeconds } from '../http/retry.ts';
import { rangeOf, stretchOf } from '../http/stretch.ts';
import { continued } from '../transfer/continued.ts';
import type { Source } from '../transfer/source.ts';
import { type Ask, beginningWith } from '../transfer/stretch.ts';
import type { Pace } from '../transfer/tries.ts';

/**
 * What is at an address of the web, to be sent on as it comes. When the connection breaks it goes on, if the server
 * tells by a mark that it is still the same: nobody has a hash to compare by.
 */
export async function webSource(send: Send, url: URL, signal: AbortSignal, pace: Pace): Promise<Source> {
  let drop = () => {};
  const ask: Ask = async (span, again) => {
    const headers = { accept: '*/*', ...rangeOf(span) };
    const response = await send({ method: 'GET', url, headers, signal, repeatable: !again });
    if (response.status !== 200 && response.status !== 206) {
      const detail = await errorDetail(response);
      const message = `Cannot fetch ${url.href}: HTTP ${detail}`;
      throw new ServiceError(response.status, detail, message, undefined, askedSeconds(response));
    }
    const stretch = stretchOf(response);
    drop = stretch.drop;
    return stretch;
  };
  const first = await ask({ from: 0 }, false);
  const size = first.total;
  const isMarked = size !== undefined && Object.keys(first.marks).length > 0;
  const each = isMarked ? continued(beginningWith(first, ask), { size, pace }) : first.each;
  return { name: url.href, size, again: false, chunks: () => pulled(each), close: async () => drop() };
}
