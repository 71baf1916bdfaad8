import { AnswerError } from '../errors.ts';
import { connectionFailure, type Moment, timedOut } from './connection-failure.ts';
import { incoming } from './incoming.ts';
import type { Line } from './line.ts';
import type { Request, Response } from './message.ts';
import { outgoing } from './outgoing.ts';

/** How long nothing may happen, in milliseconds; there is no limit on the whole. */
export interface Limits {
  readonly connectTimeout: number;
  /** From the end of the request to the end of the answer's headers. */
  readonly firstByteTimeout: number;
  /** Between two pieces of a body, either way. */
  readonly idleTimeout: number;
}

/**
 * Sends `request` over `line` and gives the answer as soon as its headers are there. At the end, whoever brings it
 * about, the line is either destroyed or `free` for another exchange, and the payload is closed.
 */
export function exchange(line: Line, request: Request, limits: Limits, free: () => void): Promise<Response> {
  const { url, method, headers, body, signal } = request;
  return new Promise((resolve, reject) => {
    let moment: Moment = 'connecting';
    let over = false;

    const finish = () => {
      over = true;
      alarm.stop();
      signal?.removeEventListener('abort', aborted);
      upload?.close();
    };
    const fail = (error: unknown, toldBy: 'end' | 'abort' = 'end') => {
      if (over) return;
      over = true;
      line.destroy();
      finish();
      reject(error);
      answer[toldBy](error);
    };
    const failed = (error: unknown) => fail(connectionFailure(error, line.place, moment));
    const aborted = () => fail(signal?.reason, 'abort');

    const alarm = timer((what, ms) => fail(timedOut(line.place, moment, what, ms)));
    const awaitAnswer = () => alarm.set(limits.firstByteTimeout, 'nothing came within');
    const answer = incoming({
      hold() {
        line.hold(true);
        alarm.rest();
      },
      release() {
        line.hold(false);
        if (!over) alarm.set(limits.idleTimeout, 'nothing came for');
      },
      abandon() {
        finish();
        line.destroy();
      },
    });
    const upload =
      typeof body === 'object'
        ? outgoing(body, {
            reading: () => moment === 'waiting' && alarm.rest(),
            sending: () => moment === 'waiting' && alarm.set(limits.idleTimeout, 'no data were taken for'),
            sent: () => moment === 'waiting' && awaitAnswer(),
            failed: fail,
          })
        : undefined;

    if (signal?.aborted) return aborted();
    signal?.addEventListener('abort', aborted);
    line.broken = failed;
    alarm.set(limits.connectTimeout, 'no connection within');
    const sizes = typeof body === 'object' &&
      body.size !== undefined && { 'content-length': String(body.size) };
    line.dispatch(
      {
        path: url.pathname + url.search,
        method,
        headers: { 'user-agent': 'tglance', 'accept-encoding': 'identity', ...headers, ...sizes },
        body: upload?.chunks ?? (typeof body === 'string' ? body : undefined),
      },
      {
        started() {
          moment = 'waiting';
          if (!upload) awaitAnswer();
        },
        head(status, received) {
          if (over) return;
          if (upload && !upload.isWhole()) {
            if (status < 300) {
              return fail(new AnswerError(`${url.origin} said ${status} before it had all the data`));
            }
            upload.stop();
          }
          moment = 'receiving';
          alarm.set(limits.idleTimeout, 'nothing came for');
          resolve({ status, headers: received, url, body: answer.body });
        },
        data(piece) {
          alarm.refresh();
          answer.push(piece);
        },
        end() {
          if (over) return;
          finish();
          if (upload && !upload.isWhole()) line.destroy();
          else answer.whenUnused(free);
          answer.end();
        },
        failed,
      },
    );
  });
}

/** One clock for whatever is being waited for. It goes on while it rests, as stopping it for each piece costs more. */
function timer(ring: (what: string, ms: number) => void) {
  let running: NodeJS.Timeout | undefined;
  let awaited: string | undefined;
  let waits = false;
  const stop = () => {
    clearTimeout(running);
    running = undefined;
  };
  return {
    stop,
    rest() {
      waits = false;
    },
    refresh: () => running?.refresh(),
    set(ms: number, what: string) {
      waits = true;
      if (running && what === awaited) return running.refresh();
      stop();
      awaited = what;
      const end = () => {
        running = undefined;
        if (waits) ring(what, ms);
      };
      // Node takes a longer time for one millisecond.
      if (ms < 2 ** 31) running = setTimeout(end, ms);
    },
  };
}
