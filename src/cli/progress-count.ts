/** How far something is: what is being done, and how much of it. */
export interface Count {
  /** What is done next; without figures, nothing of it can be counted. */
  stage(name: string, figures?: Figures): void;
  start(): void;
  see(chunk: Uint8Array): void;
  finish(): void;
  /** From 0 to 1, when known. */
  share(): number | undefined;
  /** `downloading 512.0 MiB of 1.0 GiB (50%), 101.2 MiB/s, 6 s left` */
  words(): string;
  /** The same for narrow places, the longest first: `50%, 101.2 MiB/s, 6 s left`, `50%` */
  fewer(): readonly string[];
  /** The same for a program; bytes, and bytes a second. */
  facts(): { stage: string; done: number; total: number | null; rate: number };
}

/** Bytes that count as done before the first one comes, and all of them, when known. */
export interface Figures {
  readonly done?: number;
  readonly total?: number | undefined;
}

/** The time that a rate is at least taken over (ms). */
const interval = 5000;

/** Counts what passes and puts it into words; time is only looked at when somebody asks for them. */
export function counter(all: number | undefined): Count {
  let stage = '';
  let figures: Figures | undefined = { total: all };
  let bytes = 0;
  const mark = () => ({ at: performance.now(), bytes });
  type Mark = ReturnType<typeof mark>;
  const rateOf = (from: Mark, to: Mark) => ((to.bytes - from.bytes) * 1000) / Math.max(to.at - from.at, 1);

  let began = mark();
  let [older, newer] = [began, began]; // so that a rate is that of the last five to ten seconds
  let passed: Mark | undefined; // when there was nothing to count any more
  let ended = false;
  const begin = (done: number) => {
    bytes = done;
    began = mark();
    [older, newer, passed, ended] = [began, began, undefined, false];
  };
  const speed = () => {
    const now = mark();
    if (now.at - newer.at >= interval) [older, newer] = [newer, now];
    return rateOf(older, now);
  };
  const percent = () => `${Math.floor((share() ?? 0) * 100)}%`;
  const amountOf = ({ total }: Figures) =>
    inBytes(bytes) + (total === undefined ? '' : ` of ${inBytes(total)} (${percent()})`);
  const pace = ({ total }: Figures) => {
    const rate = speed();
    const left = total === undefined || rate === 0 ? undefined : Math.max(total - bytes, 0) / rate;
    return `${inBytes(rate)}/s${left === undefined ? '' : `, ${inTime(left * 1000)} left`}`;
  };
  const share = () => {
    const total = figures?.total;
    return total === undefined ? undefined : total === 0 ? 1 : Math.min(bytes / total, 1);
  };

  return {
    stage(name, given) {
      [stage, figures] = [name, given];
      if (given) begin(given.done ?? 0);
      else passed ??= mark();
    },
    start: () => begin(0),
    see(chunk) {
      bytes += chunk.length;
    },
    finish() {
      passed ??= mark();
      ended = true;
      figures ??= { total: all };
    },
    share,
    words() {
      if (!figures) return stage;
      const amount = amountOf(figures);
      if (ended && passed) {
        return `${amount} in ${inTime(passed.at - began.at)}, ${inBytes(rateOf(began, passed))}/s`;
      }
      return `${stage} ${amount}, ${pace(figures)}`.trimStart();
    },
    fewer() {
      if (!figures) return [];
      const short = figures.total === undefined ? inBytes(bytes) : percent();
      return [ended ? amountOf(figures) : `${short}, ${pace(figures)}`, short];
    },
    facts() {
      const rate = Math.round(passed ? rateOf(began, passed) : speed());
      return { stage: ended ? 'done' : stage, done: bytes, total: figures?.total ?? all ?? null, rate };
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
