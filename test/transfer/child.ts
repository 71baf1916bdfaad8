import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 }); // a process takes its time to start on a busy machine

/** Runs `program.ts` with the words, in a process of its own with standard input open. */
export function run(...words: string[]) {
  return runAfter(':', ...words);
}

/** The same, in a shell that has run `before`, such as a limit. */
export function runAfter(before: string, ...words: string[]) {
  const program = fileURLToPath(new URL('./program.ts', import.meta.url));
  const child = spawn(
    'sh',
    ['-c', `${before}; exec "$0" --import tsx "$@"`, process.execPath, program, ...words],
    {
      env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    },
  );
  const done = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]).then(
    ([out, err, [code, signal]]) => ({ out, err, code, signal }),
  );
  return { pid: child.pid, stdin: child.stdin, stdout: child.stdout, kill: child.kill.bind(child), done };
}
