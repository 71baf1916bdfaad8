import type { MultiBar, SingleBar } from 'cli-progress';
import type { Meter } from '../define/app.ts';
import type { Output } from './io.ts';
import { type Count, counter } from './progress-count.ts';
import { harmless } from './render/harmless.ts';

/** What is measured. */
export interface Measured {
  readonly label: string;
  /** Bytes, when known. */
  readonly total: number | undefined;
  /** Asked for: then even a short transfer shows, and one whose words go into a pipe. `json` is for programs. */
  readonly wanted: boolean | 'json';
}

/** How long a transfer on a terminal takes before it shows unasked (ms). */
const patience = 500;
/** The time between two lines for people, and between two for programs (ms). */
const interval = 5000;
const jsonInterval = 1000;

/** Shows on standard error how far transfers are, any number at once, and lets other lines pass by. */
export interface Meters {
  meter(measured: Measured): Meter;
  /** Writes a line where it does not meet a bar. */
  tell(line: string): void;
}

/** A bar each on a terminal; in a pipe nothing, or lines where they are wanted. */
export function meters(err: Output): Meters {
  const screen = screenOf(err);
  const bars = barsOn(screen);
  return {
    meter({ label, total, wanted }) {
      if (!wanted && !err.isTTY) return silent;
      const count = counter(total);
      const name = harmless(label);
      if (wanted === 'json') {
        return lines(count, () => JSON.stringify({ image: label, ...count.facts() }), jsonInterval, screen);
      }
      if (err.isTTY) return bars.add(count, name, wanted);
      return lines(count, () => `${name}: ${count.words()}`, interval, screen);
    },
    tell: (line) => bars.tell(`${line}\n`),
  };
}

/** For whom nobody waits. */
export const silent: Meter = { see() {}, stage() {}, stop() {} };

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
function lines(count: Count, line: () => string, every: number, screen: Screen): Meter {
  const tell = () => screen.write(`${line()}\n`);
  const timer = setInterval(tell, every).unref();
  return {
    start: count.start,
    see: count.see,
    stage: count.stage,
    finish() {
      count.finish();
      tell();
    },
    stop: () => clearInterval(timer),
  };
}

/** Bars below each other. Those that were asked for stay on the screen, the others leave nothing behind. */
function barsOn(screen: Screen) {
  let drawing: MultiBar | undefined;
  let live = 0;

  const draw = async (count: Count, name: string, wanted: boolean, isOver: () => boolean) => {
    const [{ MultiBar }, { width }] = await Promise.all([
      import('cli-progress'),
      import('./render/width.ts'),
    ]);
    if (isOver()) return;
    const title = cut(name, 16, width);
    drawing ??= new MultiBar({
      stream: screen as Partial<NodeJS.WriteStream> as NodeJS.WriteStream,
      fps: 5,
      linewrap: true, // or it switches the terminal's wrapping off, which a killed run would not undo
      forceRedraw: true,
      clearOnComplete: !wanted,
      gracefulExit: false,
    });
    const columns = () => screen.columns - width(title) - 2;
    // a person knows which way the data go
    const words = () => [count.words().replace(/^(down|up)loading /, ''), ...count.fewer()];
    const format = () => line(title, count.share(), words(), columns());
    const bar = drawing.create(0, 0, {}, { format });
    drawing.update();
    return bar;
  };

  return {
    add(count: Count, name: string, wanted: boolean): Meter {
      let over = false;
      let bar: Promise<SingleBar | undefined> | undefined;
      const show = () => {
        bar = draw(count, name, wanted, () => over);
      };
      const timer = wanted ? undefined : setTimeout(show, patience);
      if (wanted) show();
      live += 1;
      return {
        start: count.start,
        see: count.see,
        stage: count.stage,
        async finish() {
          count.finish();
          await bar;
        },
        stop() {
          if (over) return;
          over = true;
          clearTimeout(timer);
          live -= 1;
          if (live === 0) {
            drawing?.stop();
            drawing = undefined;
          } else if (!wanted) void bar?.then((it) => it && drawing?.remove(it));
        },
      };
    },
    tell(text: string) {
      if (drawing === undefined) return void screen.write(text);
      drawing.log(text);
      drawing.update();
    },
  };
}

/** The room that the words usually need: the bar must not change its length with each of them. */
const reserve = 55;

/** One line of at most so many columns: the most words that fit; the bar takes what room they leave, or none. */
function line(title: string, share: number | undefined, forms: readonly string[], columns: number): string {
  const words = forms.find((it) => it.length <= columns) ?? '';
  const room = Math.min(40, columns - Math.max(reserve, words.length + 3));
  const full = Math.round((share ?? 0) * room);
  const drawing = share === undefined || room < 4 ? '' : `[${'='.repeat(full)}${' '.repeat(room - full)}] `;
  return `${title} ${drawing}${words}`;
}

function cut(text: string, columns: number, width: (text: string) => number): string {
  if (width(text) <= columns) return text;
  const chars = [...text];
  while (width(chars.join('')) >= columns) chars.pop();
  return `${chars.join('')}…`;
}
