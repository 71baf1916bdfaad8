import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { copy } from '../../src/transfer/copy.ts';
import { fileSink } from '../../src/transfer/sink.ts';
import { openStdin } from '../../src/transfer/source.ts';
import { digest } from '../../src/transfer/watch.ts';

/** What a test wants done in a process that it can limit, feed or kill. */
const tasks: Record<string, (...words: string[]) => Promise<void>> = {
  /** Prints the md5 of what comes on standard input. */
  async stdin() {
    const hash = digest('md5');
    for await (const chunk of openStdin(0, '-')?.chunks() ?? []) await hash.see(chunk);
    process.stdout.write(hash.hex());
  },
  /** Writes so many bytes into a file. */
  async write(path = '', bytes = '0') {
    await copy(async (see) => see(new Uint8Array(Number(bytes))), await fileSink(path), []);
  },
  /** Begins to write, says so, and waits to be killed. */
  async hang(path = '') {
    const sink = await fileSink(path);
    await sink.write(new Uint8Array(1024));
    process.stdout.write('writing');
    await once(process.stdin, 'end');
  },
  /** Writes so much that some of it is made to last, says so when it is, and waits to be killed. */
  async 'hang-resumably'(path = '') {
    const sink = await fileSink(path, undefined, { resume: true, sparse: false });
    sink.part?.goOn('x');
    const MiB = new Uint8Array(1024 * 1024);
    for (let count = 0; count < 65; count += 1) await sink.write(MiB);
    const note = readdirSync(dirname(path)).find((name) => name.endsWith('.note')) ?? '';
    const lasts = () => /"bytes":[1-9]/.test(readFileSync(join(dirname(path), note), 'utf8'));
    while (!lasts()) await new Promise((resolve) => setTimeout(resolve, 20));
    process.stdout.write('writing');
    await once(process.stdin, 'end');
  },
};

const [task = '', ...words] = process.argv.slice(2);
try {
  await tasks[task]?.(...words);
} catch (error) {
  process.stderr.write(String(error));
  process.exitCode = 1;
}
