import type { Io, Output } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import { refuseSecrets, secretsIn } from './secrets.ts';

/** What a command line did: its whole output, its whole error output, its exit code. */
export interface Outcome {
  readonly out: string;
  readonly bytes: Buffer;
  readonly err: string;
  readonly code: number;
}

/** How the process around the program differs from an empty one. */
export interface Around {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly home?: string;
  /** Standard output and error are a terminal of this width. */
  readonly terminal?: number;
  /** A descriptor to read standard input from; nobody sends anything when missing. */
  readonly stdin?: number;
  readonly signal?: AbortSignal;
  readonly password?: string;
  /** Somebody answers questions at a terminal; `password` is the answer to all of them otherwise. */
  readonly answer?: (question: string) => string | undefined;
  /** Somebody at a browser is shown a page. */
  readonly browser?: (url: string) => void;
  /** Somebody reads what goes to standard error, as it comes. */
  readonly told?: (text: string) => void;
}

/** Runs the program in this process, as `bin/tglance.js` would with these words. */
export async function tglance(words: string | readonly string[], around: Around = {}): Promise<Outcome> {
  const [stdout, stderr] = [collector(around.terminal), collector(around.terminal, around.told)];
  const io: Io = {
    env: around.env ?? {},
    cwd: around.cwd ?? '/nonexistent',
    home: around.home ?? '/nonexistent',
    platform: 'linux',
    stdin: { fd: around.stdin ?? -1, isTTY: false },
    stdout,
    stderr,
    signal: around.signal ?? new AbortController().signal,
    ask: async (question) => around.answer?.(question) ?? around.password,
    open: async (url) => around.browser?.(url),
    hideWords: () => {},
  };
  const argv = typeof words === 'string' ? words.split(' ').filter(Boolean) : words;
  const code = await main(argv, io);
  const [bytes, err] = [stdout.bytes(), stderr.bytes().toString()];
  const out = bytes.toString();
  const secrets = secretsIn(io.env);
  if (around.password !== undefined) secrets.set('what was typed', around.password);
  refuseSecrets(out + err, secrets, argv.join(' '));
  return { out, bytes, err, code };
}

function collector(
  terminal: number | undefined,
  told?: (text: string) => void,
): Output & { bytes(): Buffer } {
  const pieces: Buffer[] = [];
  return {
    isTTY: terminal !== undefined,
    columns: terminal,
    write: async (data) => {
      pieces.push(Buffer.from(data));
      told?.(Buffer.from(data).toString());
    },
    bytes: () => Buffer.concat(pieces),
  };
}
