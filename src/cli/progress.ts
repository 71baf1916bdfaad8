import type { SingleBar } from 'cli-progress';
import type { Meter } from '../define/app.ts';
import type { Output } from './io.ts';
import { harmless } from './render/harmless.ts';

/** What is measured, and where a person may see it. */
export interface Measured {
  readonly label: string;
  /** Bytes, when known. */
  readonly total: number | undefined;
  /** Asked for: then even a short transfer shows, and one whose words go into a pipe. */
  readonly wanted: boolean;
  readonly err: Output;
}

/** How long a transfer on a terminal takes before it shows unasked (ms). */
const patience = 500;
/** The time between two lines in a pipe, and the least that a rate is taken over (ms). */
const interval = 5000;

/** Shows how far a transfer is: a bar on a terminal; in a pipe nothing, or lines where they are wanted. */
export function meter({ label, total, wanted, err }: Measured): Meter {
  const count = counter(total);
  const name = harmless(label);
  if (err.isTTY) return bar(count, name, wanted, screenOf(err));
  return wanted ? lines(count, name, screenOf(err)) : { see() {}, stop() {} };
}

type Screen = ReturnType<typeof screenOf>;

/** As much of a stream as cli-progress uses. */
const screenOf = (err: Output) => ({
  isTTY: true as const,
  get columns() {
    return err.columns ?? 80;
  },
  write(text: string | Uint8Array) {
    err.write(text).catch(() => {}); // whoever has closed standard error does not want to know
    return true;
  },
});

/** A line from time to time, whether or not something comes, and one at the end. */
function lines({ words, ...count }: Count, name: string, screen: Screen): Meter {
  const tell = () => screen.write(`${name}: ${words()}\n`);
  const timer = setInterval(tell, interval).unref();
  return {
    ...count,
    finish() {
      count.finish();
      tell();
    },
    stop: () => clearInterval(timer),
  };
}

/** A bar that stays on the screen if it was asked for, and else leaves nothing behind. */
function bar({ words, share, ...count }: Count, name: string, wanted: boolean, screen: Screen): Meter {
  let drawn: SingleBar | undefined;
  let stopped = false;
  const draw = async () => {
    const [{ SingleBar }, { width }] = await Promise.all([
      import('cli-progress'),
      import('./render/width.ts'),
    ]);
    if (stopped) return;
    const title = cut(name, 16, width);
    drawn = new SingleBar({
      stream: screen as Partial<NodeJS.WriteStream> as NodeJS.WriteStream,
      format: () => line(title, share(), words(), screen.columns - width(title) - 2),
      fps: 5,
      linewrap: true, // or it switches the terminal's wrapping off, which a killed run would not undo
      clearOnComplete: !wanted,
      gracefulExit: false,
    });
    drawn.start(0, 0);
  };
  const first = wanted ? draw() : undefined;
  const timer = wanted ? undefined : setTimeout(draw, patience);
  return {
    ...count,
    async finish() {
      count.finish();
      await first;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      drawn?.stop();
    },
  };
}

/** The room that the words usually need: the bar must not change its length with each of them. */
const reserve = 55;

/** One line of at most so many columns; the bar takes what room the words leave, or none. */
function line(title: string, share: number | undefined, words: string, columns: number): string {
  const room = Math.min(40, columns - Math.max(reserve, words.length + 3));
  const full = Math.round((share ?? 0) * room);
  const drawing = share === undefined || room < 4 ? '' : `[${'='.repeat(full)}${' '.repeat(room - full)}] `;
  return `${title} ${(drawing + words).slice(0, Math.max(columns, 0))}`;
}

function cut(text: string, columns: number, width: (text: string) => number): string {
  if (width(text) <= columns) return text;
  const chars = [...text];
  while (width(chars.join('')) >= columns) chars.pop();
  return `${chars.join('')}…`;
}

type Count = ReturnType<typeof counter>;

/** Counts what passes and puts it into words; time is only looked at when somebody asks for them. */
function counter(total: number | undefined) {
  let bytes = 0;
  const mark = () => ({ at: performance.now(), bytes });
  type Mark = ReturnType<typeof mark>;
  const rate = (from: Mark, to: Mark) => ((to.bytes - from.bytes) * 1000) / Math.max(to.at - from.at, 1);

  let began = mark();
  let [older, newer] = [began, began]; // so that a rate is that of the last five to ten seconds
  let ended: Mark | undefined;
  const share = () => (total === undefined ? undefined : total === 0 ? 1 : Math.min(bytes / total, 1));

  return {
    start() {
      bytes = 0;
      began = mark();
      [older, newer, ended] = [began, began, undefined];
    },
    see(chunk: Uint8Array) {
      bytes += chunk.length;
    },
    finish() {
      ended = mark();
    },
    share,
    /** `512.0 MiB of 1.0 GiB (50%), 101.2 MiB/s, 6 s left` */
    words(): string {
      const percent = Math.floor((share() ?? 0) * 100);
      const amount = inBytes(bytes) + (total === undefined ? '' : ` of ${inBytes(total)} (${percent}%)`);
      if (ended) return `${amount} in ${inTime(ended.at - began.at)}, ${inBytes(rate(began, ended))}/s`;
      const now = mark();
      if (now.at - newer.at >= interval) [older, newer] = [newer, now];
      const speed = rate(older, now);
      const left = total === undefined || speed === 0 ? undefined : Math.max(total - bytes, 0) / speed;
      return `${amount}, ${inBytes(speed)}/s${left === undefined ? '' : `, ${inTime(left * 1000)} left`}`;
    },
  };
}

function inBytes(bytes: number): string {
  const unit = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${(bytes / 1024 ** unit).toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

function inTime(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds} s`;
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
