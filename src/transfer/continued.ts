import { NetworkError, ServiceError, type TglanceError, VerifyError } from '../errors.ts';
import type { Each, See } from './copy.ts';
import { type Digest, digest } from './watch.ts';

/** Bytes from `from` up to, not including, `to`, or to the end. */
export interface Span {
  readonly from: number;
  readonly to?: number | undefined;
}

/** Some of the bytes of an object, on their way. Exactly one of `each` and `drop` must be called. */
export interface Stretch {
  /** Where the first of them stands: 0, whatever was asked for, where the sender knows only the whole. */
  readonly start: number;
  /** Where the last of them ends, when said. */
  readonly end: number | undefined;
  /** Bytes of the whole, when said. */
  readonly total: number | undefined;
  readonly marks: Marks;
  each(see: See): Promise<void>;
  drop(): void;
}

/** By what the sender tells one version of the bytes from another. */
export type Marks = Readonly<Partial<Record<'etag' | 'md5' | 'modified', string>>>;

/** Asks for a span; `again` when whoever asks has had an answer before, and repeats by himself what fails. */
export type Ask = (span: Span, again: boolean) => Promise<Stretch>;

/** Time, and a person who may want to know why nothing seems to happen. */
export interface Pace {
  /** Milliseconds; rejects when the transfer is called off. */
  pause(ms: number): Promise<void>;
  tell(line: string): void;
}

/** What is known of the bytes before they come. */
export interface Journey extends Partial<Span> {
  /** Bytes of the whole. */
  readonly size?: number | undefined;
  /** What was said of the bytes before `from`. */
  readonly marks?: Marks | undefined;
  /** Told what is said of those that come. */
  readonly learn?: (marks: Marks) => void;
  /** Sees what is handed on: by it, bytes that come once more are compared with those that cannot be taken back. */
  readonly proof?: Digest | undefined;
  /**
   * Bytes that have come of all spans that are under way with this one: as long as they grow it is not given up, and it
   * may fail at first.
   */
  readonly arrived?: () => number;
  readonly pace: Pace;
}

/** Tries in a row that bring nothing, before it is given up; half as many where somebody answers. */
const most = 10;
/** The longest wait of our own between two tries, and the longest that a server may ask for (s). */
const longest = 15;
const patience = 60;

/**
 * Goes on from the byte reached, as often as it takes, when a connection breaks. What comes then must be of the same
 * object and begin there; else everything begins anew, or the transfer fails. What fails before anything came is not
 * tried again here.
 */
export const continued =
  (ask: Ask, { from = 0, to, size: told, marks, learn, proof, arrived, pace }: Journey): Each =>
  async (see, anew) => {
    let [at, furthest, size, known] = [from, from, told, marks];
    let [came, failures, vain] = [arrived?.() ?? from, 0, 0];
    let begun = arrived !== undefined;
    let answered = false;
    let ended = from > 0 && from === (to ?? size);

    /** Why a stretch is of no use. */
    const problem = ({ start, total, marks }: Stretch): string | undefined => {
      size ??= total;
      if (total !== undefined && total !== size) return `The data have ${total} bytes, expected ${size}`;
      const same = at === 0 || alike(known, marks);
      if (start === at ? same : start === 0 && (anew || (proof && same))) return undefined;
      return `The data cannot be continued after ${at} bytes: what comes does not belong to them`;
    };

    /** What is missing; or the whole, if there is a use for that. */
    const next = async (): Promise<Stretch> => {
      const stretch = await ask({ from: at, to }, begun).catch((error: unknown) => {
        const useful = at > 0 && (anew ?? proof) !== undefined;
        return useful && refusesSpans(error) ? ask({ from: 0 }, true) : Promise.reject(error);
      });
      const why = problem(stretch);
      if (why === undefined) return stretch;
      stretch.drop();
      if (at === 0 || !anew) throw new VerifyError(why);
      const whole = await ask({ from: 0 }, true);
      const other = problem(whole);
      if (other === undefined) return whole;
      whole.drop();
      throw new VerifyError(other);
    };

    const receive = async (): Promise<void> => {
      answered = false;
      const stretch = await next();
      begun = true;
      answered = true;
      const take: See = (chunk) => {
        at += chunk.length;
        if (to !== undefined && at > to) throw new VerifyError('More data come than were asked for');
        return see(chunk);
      };
      if (stretch.start !== at && anew) {
        anew();
        at = 0;
      }
      if (at === 0) {
        known = stretch.marks;
        learn?.(known);
      }
      await stretch.each(stretch.start === at || !proof ? take : behind(at, proof, take));
      ended = at >= (to ?? size ?? at);
      if (!ended) throw new NetworkError('The data broke off', 'ECONNRESET');
    };

    while (!ended) {
      try {
        await receive();
      } catch (error) {
        if (!begun || !isPassing(error)) throw error;
        if (at === (to ?? size)) return;
        failures = at > furthest ? 0 : failures + 1;
        furthest = Math.max(at, furthest);
        const all = arrived?.() ?? at;
        // who answers and has nothing to give will hardly find it later
        vain = all > came ? 0 : vain + (answered ? 2 : 1);
        came = Math.max(all, came);
        const own = Math.min(2 ** (failures - 2), longest) * (0.5 + Math.random() / 2);
        const wait = Math.max(own, error instanceof ServiceError ? error.wait : 0);
        if (wait > patience) throw givenUp(error, at, size, `it asks to wait ${wait} s`);
        if (vain >= most) throw givenUp(error, at, size, 'more tries brought nothing');
        if (wait >= 2) pace.tell(`${error.message}; going on from byte ${at} in ${wait.toFixed(1)} s`);
        await pace.pause(wait * 1000);
      }
    }
  };

/** Asks no more for what is there already. */
export function beginningWith(first: Stretch | undefined, ask: Ask): Ask {
  let there = first;
  return (span, again) => {
    const it = there;
    there = undefined;
    return it ? Promise.resolve(it) : ask(span, again);
  };
}

/** Passes on what comes behind the first `bytes`, which must be those that `proof` has seen. */
function behind(bytes: number, proof: Digest, see: See): See {
  const twin = digest(proof.algorithm);
  let left = bytes;
  return (chunk) => {
    if (left === 0) return see(chunk);
    const known = chunk.subarray(0, left);
    twin.see(known);
    left -= known.length;
    if (left > 0) return;
    if (twin.hex() !== proof.soFar()) {
      throw new VerifyError(
        `The data cannot be continued after ${bytes} bytes: others came at the second try`,
      );
    }
    return see(chunk.subarray(known.length));
  };
}

/** Whether nothing that is said of both differs. */
export const alike = (one: Marks = {}, other: Marks): boolean =>
  (['etag', 'md5', 'modified'] as const).every(
    (name) => (one[name] ?? other[name]) === (other[name] ?? one[name]),
  );

/** Some stores can only give the whole: Glance says 400 then, others may not know the header's syntax. */
const refusesSpans = (error: unknown): boolean =>
  error instanceof ServiceError && [400, 416, 501].includes(error.status);

/** What may be over in a moment; a certificate that proves nothing stays what it is. */
const isPassing = (error: unknown): error is NetworkError | ServiceError =>
  error instanceof ServiceError
    ? [429, 500, 502, 503, 504].includes(error.status)
    : error instanceof NetworkError && /^(timeout$|E(?!RR_)|ERR_SSL)/.test(error.reason);

function givenUp(
  error: NetworkError | ServiceError,
  at: number,
  size: number | undefined,
  why: string,
): TglanceError {
  const all = size === undefined ? '' : ` of ${size}`;
  const message = `${error.message}; ${at}${all} bytes had come, and ${why}`;
  return error instanceof ServiceError
    ? new ServiceError(error.status, error.detail, message, error.requestId, error.wait)
    : new NetworkError(message, error.reason, { cause: error });
}
