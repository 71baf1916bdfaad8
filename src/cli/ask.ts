import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Asks at the terminal that is standard input; what is typed does not show. */
export function ask(question: string, signal: AbortSignal): Promise<string> {
  const swallow = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: swallow, terminal: true });
  process.stderr.write(question);
  // an earlier question has left it to itself
  process.stdin.ref();
  return new Promise<string>((resolve, reject) => {
    signal.throwIfAborted();
    lines.once('line', resolve);
    lines.once('close', () => resolve(''));
    // in raw mode Ctrl-C comes as a key
    lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  }).finally(() => {
    process.stderr.write('\n');
    lines.close();
    process.stdin.unref();
  });
}
