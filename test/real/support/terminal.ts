import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folder } from './disks.ts';
import { type Around, type Ran, start } from './program.ts';
import type { Later } from './witness.ts';

/** A program that somebody has started at a terminal, its output kept in a file: `command >file`. */
export interface AtTerminal {
  /** Resolves with what the terminal shows, once it shows this. */
  until(sight: RegExp): Promise<RegExpExecArray>;
  /** Types a line. */
  type(line: string): void;
  /** `err` is all that was shown. */
  readonly ended: Promise<Pick<Ran, 'code' | 'out' | 'err'>>;
}

/** Starts a program at a terminal that script(1) makes. */
export async function atTerminal(
  command: readonly string[],
  around: Around,
  later: Later,
): Promise<AtTerminal> {
  const file = join(await folder(later), 'out');
  const line = command.map((word) => `'${word}'`).join(' ');
  const words = ['script', '-qec', `${line} >'${file}'`, '/dev/null'];
  const { child, ended } = start(words, { ...around, input: 'open' });
  let screen = '';
  let look = () => {};
  child.stdout?.on('data', (data: Buffer) => {
    screen += data;
    look();
  });
  return {
    until: (sight) =>
      new Promise((resolve, reject) => {
        look = () => {
          const seen = sight.exec(screen);
          if (seen !== null) resolve(seen);
        };
        look();
        void ended.then(() => reject(new Error(`The program has ended: ${screen}`)));
      }),
    type: (text) => void child.stdin?.write(`${text}\r`),
    ended: ended.then(async ({ code, out }) => ({ code, out: await readFile(file, 'utf8'), err: out })),
  };
}
