import { NetworkError, ServiceError } from '../errors.ts';
import { errorDetail } from './body.ts';
import type { Request, Response, Send } from './message.ts';

const tries = 5;

/** The longest wait a server may ask for, in seconds. */
const patience = 60;

interface Pace {
  /** Milliseconds; rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** From 0 to 1. */
  random(): number;
  /** Says to a person why nothing seems to happen. */
  tell?: ((line: string) => void) | undefined;
}

/** Sends again, after a growing wait, what was lost on the way or met a server that cannot serve at the moment. */
export const withRetry =
  (send: Send, { sleep, random, tell = () => {} }: Pace): Send =>
  async (request) => {
    for (let turn = 1; ; turn += 1) {
      const last = turn === tries || !mayRepeat(request);
      let wait = 2 ** (turn - 2) * (0.5 + random() / 2);
      let why: string;
      try {
        const response = await send(request);
        if (last || !isBusy(response.status, request)) return response;
        wait = Math.max(wait, await askedWait(response));
        response.body.drop();
        why = `${request.url.origin} said ${response.status}`;
      } catch (error) {
        if (last || !isLost(error)) throw error;
        why = error.message;
      }
      tell(`${why}; trying again in ${wait.toFixed(1)} s`);
      await sleep(wait * 1000, request.signal);
    }
  };

/** Whether the same bytes can be had once more. */
export const canRepeat = (body: Request['body']): boolean => typeof body !== 'object' || body.again;

const mayRepeat = ({
  method,
  body,
  repeatable = method !== 'POST' && method !== 'PATCH',
}: Request): boolean => repeatable && (method === 'PATCH' ? typeof body !== 'object' : canRepeat(body));

const isBusy = (status: number, { method }: Request): boolean =>
  [429, 502, 503, 504].includes(status) || (status === 500 && method === 'GET');

/** A connection that was never made is not lost: nobody is there, and the person at the keyboard should know. */
export const isLost = (error: unknown): error is NetworkError =>
  error instanceof NetworkError && ['ECONNRESET', 'EPIPE', 'EAI_AGAIN'].includes(error.reason);

async function askedWait(response: Response): Promise<number> {
  const asked = askedSeconds(response);
  if (asked <= patience) return asked;
  const detail = await errorDetail(response);
  const time = asked > 86_400 ? 'more than a day' : `${Math.ceil(asked)} seconds`;
  throw new ServiceError(
    response.status,
    `${detail}, and asks to wait ${time} before the next try`,
    `${response.url.origin} asks to wait ${time} before the next try: ${detail}`,
    response.headers['x-openstack-request-id'],
  );
}

/** Seconds, 0 when the server leaves it to us. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function askedSeconds({ headers }: Response): number {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value);
  // Date.parse alone makes a date of almost anything, also of -1.
  const date = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, (date - Date.now()) / 1000);
}
