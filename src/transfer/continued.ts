import { NetworkError, ServiceError, VerifyError } from '../errors.ts';
import type { Each, See } from './copy.ts';
import { type Ask, alike, type Marks, type Span, type Stretch } from './stretch.ts';
import { isPassing, type Pace, type Tally, tallyFrom, tries } from './tries.ts';
import { type Digest, digest } from './watch.ts';

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
  /** Of all spans that are under way with this one, which may fail at first then. */
  readonly tally?: Tally;
  readonly pace: Pace;
}

/**
 * Goes on from the byte reached, as often as it takes, when a connection breaks. What comes then must be of the same
 * object and begin there; else everything begins anew, or the transfer fails. What fails before anything came is not
 * tried again here.
 */
export const continued =
  (ask: Ask, journey: Journey): Each =>
  async (see, anew) => {
    const { from = 0, to, size, marks, pace } = journey;
    const way: Way = { at: from, to, size, marks, ended: from > 0 && from === (to ?? size) };
    const tally = journey.tally ?? tallyFrom(from);
    const waitAfter = tries(from, tally, pace);
    let begun = journey.tally !== undefined;
    while (!way.ended) {
      let answered = false;
      try {
        const stretch = await fitting(ask, way, begun, journey, anew);
        begun = answered = true;
        tally.flowing += 1;
        tally.scout = undefined;
        await follow(stretch, way, journey, see, anew).finally(() => {
          tally.flowing -= 1;
        });
      } catch (error) {
        if (!begun || !isPassing(error)) throw error;
        if (way.at === (way.to ?? way.size)) return;
        const { at, size } = way;
        if (journey.tally === undefined) tally.come = at;
        await waitAfter({ error, at, size, answered });
      }
    }
  };

/** Where a transfer stands. */
interface Way {
  at: number;
  readonly to: number | undefined;
  size: number | undefined;
  marks: Marks | undefined;
  ended: boolean;
}

/** Gets what is missing; or the whole, if there is a use for that. */
async function fitting(
  ask: Ask,
  way: Way,
  begun: boolean,
  { proof }: Journey,
  anew: (() => void) | undefined,
): Promise<Stretch> {
  const { at, to } = way;
  const whole = () => ask({ from: 0 }, true);
  const stretch = await ask({ from: at, to }, begun).catch((error: unknown) => {
    const isUseful = at > 0 && (anew ?? proof) !== undefined;
    return isUseful && refusesSpans(error) ? whole() : Promise.reject(error);
  });
  const problem = problemWith(stretch, way, proof, anew);
  if (problem === undefined) return stretch;
  stretch.drop();
  if (at === 0 || !anew) throw new VerifyError(problem);
  const other = await whole();
  const another = problemWith(other, way, proof, anew);
  if (another === undefined) return other;
  other.drop();
  throw new VerifyError(another);
}

/** Why a stretch is of no use. */
function problemWith(
  { start, total, marks }: Stretch,
  way: Way,
  proof: Digest | undefined,
  anew: (() => void) | undefined,
): string | undefined {
  way.size ??= total;
  if (total !== undefined && total !== way.size) return `The data have ${total} bytes, expected ${way.size}`;
  const isSame = way.at === 0 || alike(way.marks, marks);
  if (start === way.at ? isSame : start === 0 && (anew || (proof && isSame))) return undefined;
  return `The data cannot be continued after ${way.at} bytes: what comes does not belong to them`;
}

/** Hands on what comes; rejects when that is not all. */
async function follow(
  stretch: Stretch,
  way: Way,
  { proof, learn }: Journey,
  see: See,
  anew: (() => void) | undefined,
): Promise<void> {
  if (stretch.start !== way.at && anew) {
    anew();
    way.at = 0;
  }
  if (way.at === 0) {
    way.marks = stretch.marks;
    learn?.(stretch.marks);
  }
  const take: See = (chunk) => {
    way.at += chunk.length;
    if (way.to !== undefined && way.at > way.to) throw new VerifyError('More data come than were asked for');
    return see(chunk);
  };
  await stretch.each(stretch.start === way.at || !proof ? take : behind(way.at, proof, take));
  way.ended = way.at >= (way.to ?? way.size ?? way.at);
  if (!way.ended) throw new NetworkError('The data broke off', 'ECONNRESET');
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

/** Some stores can only give the whole: Glance says 400 then, others may not know the header's syntax. */
export const refusesSpans = (error: unknown): boolean =>
  error instanceof ServiceError && [400, 416, 501].includes(error.status);
