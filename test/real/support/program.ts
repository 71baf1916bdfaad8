import { type ChildProcess, spawn } from 'node:child_process';
import { homedir, tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';

/** What a program has around it besides its command line. */
export interface Around {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What stands on standard input: nothing (`/dev/null`), a closed descriptor, an open pipe, or these data. */
  readonly input?: 'closed' | 'open' | Uint8Array;
}

/** How a program ended, and what it said. */
export interface Ran {
  readonly code: number | null;
  readonly bytes: Buffer;
  readonly out: string;
  readonly err: string;
}

/** A program that runs: its process, and its end. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
}

/** The command line of the built program, run as a user's shell runs it. */
export const tglanceCommand = [process.execPath, resolve('bin/tglance.js')];

/** Starts a program in an environment that holds nothing but what a fresh login has, and `env`. */
export function start(command: readonly string[], { env = {}, cwd, input }: Around = {}): Running {
  const [file = '', ...words] =
    input === 'closed' ? ['sh', '-c', 'exec "$@" <&-', 'sh', ...command] : command;
  const child = spawn(file, words, {
    cwd: cwd ?? homedir(),
    env: { ...fresh(), ...env },
    stdio: [input === undefined || input === 'closed' ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  // a program may end before it has read everything
  child.stdin?.on('error', () => {});
  if (input instanceof Uint8Array) child.stdin?.end(input);
  return { child, ended: endOf(child) };
}

async function endOf(child: ChildProcess): Promise<Ran> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('The program has no output to read');
  const closed = new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  const [bytes, err, code] = await Promise.all([buffer(stdout), buffer(stderr), closed]);
  return { code, bytes, out: bytes.toString(), err: err.toString() };
}

/** The home is that of the tests, which ./run has made for them. */
const fresh = (): Record<string, string> => ({
  HOME: homedir(),
  PATH: process.env.PATH ?? '',
  TMPDIR: tmpdir(),
  LANG: 'C.UTF-8',
});
