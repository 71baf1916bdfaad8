import { fork } from 'node:child_process';
import { join } from 'node:path';
import { subjects } from '../support/subjects.ts';
import type { Figures } from './batch.ts';

/** Nobody waits longer (ms) for a sign of life. */
const patience = 120_000;

/**
 * npm run fuzz -- [how many] [seed] [format…]: damages images of every format that often, each format in a process of
 * its own, and looks for anything but a result or a refusal, and for what takes much memory or time.
 */
async function fuzz(count: number, seed: number, wanted: readonly string[]): Promise<void> {
  const formats = [...new Set(subjects().map(({ format }) => format))];
  for (const format of wanted.length > 0 ? wanted : formats) {
    const { read, refused, broken, memory, time } = await batch(format, count, seed);
    const kib = Math.round(memory.value / 1024);
    console.log(
      `${format}: ${read} read, ${refused} refused, ${broken.length} broken; at most ${kib} KiB (round ${memory.round}, ${memory.title}) and ${Math.round(time.value)} ms (round ${time.round}, ${time.title})`,
    );
    for (const words of broken.slice(0, 10)) console.error(words);
    if (broken.length > 0) process.exitCode = 1;
  }
}

/** One format in a process whose heap is bounded, and which is ended when it hangs. */
function batch(format: string, count: number, seed: number): Promise<Figures> {
  const nothing = { value: 0, round: 0, title: '' };
  const lost = (why: string): Figures => ({
    read: 0,
    refused: 0,
    broken: [why],
    memory: nothing,
    time: nothing,
  });
  return new Promise((resolve) => {
    const child = fork(join(import.meta.dirname, 'batch.ts'), [format, String(count), String(seed)], {
      execArgv: [...process.execArgv, '--expose-gc', '--max-old-space-size=200'],
    });
    let figures: Figures | undefined;
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    child.on('message', (message: Figures | 'alive') => {
      timer.refresh();
      if (message !== 'alive') figures = message;
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(figures ?? lost(`its process ended with ${signal ?? code}`));
    });
  });
}

const [count = '1000', seed = '1', ...formats] = process.argv.slice(2);
fuzz(Number(count), Number(seed), formats);
