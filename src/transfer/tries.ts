import { NetworkError, ServiceError, type TglanceError } from '../errors.ts';

/** Time, and a person who may want to know why nothing seems to happen. */
export interface Pace {
  /** Milliseconds; rejects when the transfer is called off. */
  pause(ms: number): Promise<void>;
  tell(line: string): void;
}

/** Where a transfer stands, and what failed. */
export interface Failure {
  readonly error: NetworkError | ServiceError;
  readonly at: number;
  readonly size: number | undefined;
  /** Somebody answered, though it broke off then. */
  readonly answered: boolean;
}

/** All that is under way for the same bytes: as long as more of them come, none of it is given up. */
export interface Tally {
  /** Bytes that have come. */
  come: number;
  /** On how many connections they are coming. */
  flowing: number;
  /** Where nothing comes on any of them, the one that tries for all. */
  scout?: object | undefined;
  /** Something was given up, and so is everything. */
  ended: boolean;
}

/** What is under way when so many bytes are there. */
export const tallyFrom = (come: number): Tally => ({ come, flowing: 0, ended: false });

/** Tries in a row that bring nothing, before it is given up; half as many where somebody answers. */
const most = 10;
/** The longest wait of our own between two tries, and the longest that a server may ask for (s). */
const longest = 15;
const patience = 60;

/** Waits after each failure, longer after each that brought nothing; throws when there is no sense in going on. */
export function tries(from: number, tally: Tally, pace: Pace): (failure: Failure) => Promise<void> {
  let [furthest, before, failures, vain] = [from, tally.come, 0, 0];
  const me = {};
  const isHelpless = () => tally.come <= before && tally.flowing === 0;
  return async ({ error, at, size, answered }) => {
    failures = at > furthest ? 0 : failures + 1;
    furthest = Math.max(at, furthest);
    // who answers and has nothing to give will hardly find it later
    vain = isHelpless() ? vain + (answered ? 2 : 1) : 0;
    if (vain === 0) tally.scout = me;
    before = Math.max(tally.come, before);
    const own = Math.min(2 ** (failures - 2), longest) * (0.5 + Math.random() / 2);
    const wait = Math.max(own, error instanceof ServiceError ? error.wait : 0);
    if (wait > patience) throw givenUp(error, tally.come, size, `it asks to wait ${wait} s`);
    if (vain >= most) throw givenUp(error, tally.come, size, 'more tries brought nothing');
    if (wait >= 2) pace.tell(`${error.message}; going on from byte ${at} in ${wait.toFixed(1)} s`);
    tally.scout ??= me;
    do {
      await pace.pause(wait * 1000);
      if (tally.ended) throw error;
    } while (tally.scout !== me && isHelpless());
  };
}

/** What may be over in a moment; a certificate that proves nothing stays what it is. */
export const isPassing = (error: unknown): error is NetworkError | ServiceError =>
  error instanceof ServiceError
    ? [429, 500, 502, 503, 504].includes(error.status)
    : error instanceof NetworkError && /^(timeout$|E(?!RR_)|ERR_SSL)/.test(error.reason);

function givenUp(
  error: NetworkError | ServiceError,
  come: number,
  size: number | undefined,
  why: string,
): TglanceError {
  const whole = size === undefined ? '' : ` of ${size}`;
  const message = `${error.message}; ${come}${whole} bytes had come, and ${why}`;
  return error instanceof ServiceError
    ? new ServiceError(error.status, error.detail, message, error.requestId, error.wait)
    : new NetworkError(message, error.reason, { cause: error });
}
