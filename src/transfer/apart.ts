import { continued, type Journey, refusesSpans } from './continued.ts';
import { type Each, type See, show } from './copy.ts';
import type { Part } from './replacement.ts';
import { type Ask, alike, beginningWith, type Stretch } from './stretch.ts';
import { tallyFrom } from './tries.ts';
import type { Watcher } from './watch.ts';

/** How bytes are fetched over several connections at once. */
export interface Division extends Omit<Journey, 'to' | 'tally'> {
  readonly size: number;
  /** How many; `auto` begins with one and takes another as long as that brings a sixth more, up to eight. */
  readonly lanes: number | 'auto';
  /** Bytes that are asked for at a time; when missing so many that each connection has some of them. */
  readonly span?: number;
  /** Sees pieces as they come, in any order, and holds them back. */
  readonly limit?: Watcher | undefined;
}

/** The most connections that make sense. */
export const mostLanes = 16;

const MiB = 1024 * 1024;
/** Few enough bytes to be lost, and so many that asking costs nothing. */
const [leastSpan, mostSpan] = [8 * MiB, 64 * MiB];

/** How long `auto` measures (ms), and how far it goes. */
const interval = 2000;
const mostByItself = 8;

/**
 * Fetches spans over several connections, each right into its place in the file, and hands the bytes on in their order,
 * read back from there: who takes them need not write them. What knows no spans is fetched in one.
 */
export const apart =
  (ask: Ask, file: Part, division: Division): Each =>
  async (see, anew) => {
    const { from = 0, size, marks } = division;
    const to = endOf(from, division);
    const first = from === size ? undefined : await ask({ from, to }, false).catch(ifRefused);
    const fits =
      first?.start === from && first.end === to && first.total === size && alike(marks, first.marks);
    return fits ? together(ask, file, division, first)(see) : alone(ask, file, division, first)(see, anew);
  };

/** Where a span ends that begins there: spans meet at fixed places, so that holes can. */
const endOf = (from: number, { size, lanes, span = spanFor(size, lanes) }: Division): number =>
  Math.min(size, (Math.floor(from / span) + 1) * span);

const spanFor = (size: number, lanes: Division['lanes']): number =>
  lanes === 'auto' ? mostSpan : Math.min(mostSpan, Math.max(leastSpan, Math.ceil(size / lanes / MiB) * MiB));

const ifRefused = (error: unknown): undefined => {
  if (!refusesSpans(error)) throw error;
};

const alone =
  (ask: Ask, file: Part, division: Division, first: Stretch | undefined): Each =>
  (see, anew) => {
    let writer = file.writer(division.from ?? 0);
    const write: See = (chunk) => {
      writer.write(chunk);
      return show(chunk, [...(division.limit ? [division.limit] : []), { see }]);
    };
    const again =
      anew &&
      (() => {
        anew();
        writer = file.writer(0);
      });
    return continued(beginningWith(first, ask), division)(write, again);
  };

const together =
  (ask: Ask, file: Part, division: Division, first: Stretch): Each =>
  (see) => {
    const { from = 0, size, lanes, limit, learn, pace } = division;
    const underWay: { at: number; readonly to: number }[] = []; // in the order of their places
    let next = from;
    const tally = tallyFrom(from);
    let ring = () => {};

    const lane = async (ask: Ask): Promise<void> => {
      while (next < size) {
        const place = { at: next, to: endOf(next, division) };
        underWay.push(place);
        next = place.to;
        const writer = file.writer(place.at);
        const journey = { ...place, from: place.at, size, marks: first.marks, tally, pace };
        await continued(
          ask,
          journey,
        )((chunk) => {
          writer.write(chunk);
          place.at += chunk.length;
          tally.come += chunk.length;
          ring();
          return limit?.see(chunk);
        });
        while (underWay[0] && underWay[0].at === underWay[0].to) underWay.shift();
        ring();
      }
    };

    const inOrder = async (): Promise<void> => {
      for (let shown = from; shown < size; ) {
        const ready = underWay[0]?.at ?? next;
        if (ready === shown) await new Promise<void>((resolve) => (ring = resolve));
        for await (const chunk of file.read(shown, ready)) await see(chunk);
        shown = ready;
      }
    };

    const more = async (open: () => void): Promise<void> => {
      let before = 0;
      for (let count = 1; count < mostByItself && next < size; count += 1) {
        const mark = tally.come;
        await pace.pause(interval);
        const rate = tally.come - mark;
        if (rate * 6 < before * 7) return;
        before = rate;
        open();
      }
    };

    learn?.(first.marks);
    file.reserve(size);
    return new Promise((resolve, reject) => {
      const end = (error: unknown) => {
        tally.ended = true;
        reject(error);
      };
      const open = (how = ask) => void lane(how).catch(end);
      open(beginningWith(first, ask));
      for (let count = 1; count < Number(lanes); count += 1) open();
      if (lanes === 'auto') more(open).catch(() => {}); // called off
      inOrder().then(resolve, end);
    });
  };
