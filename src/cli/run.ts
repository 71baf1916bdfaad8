import { constants, homedir } from 'node:os';
import { afterTurns } from './after-turns.ts';
import { Interrupted, type Output } from './io.ts';
import { main } from './main.ts';

/** Runs the program in this process: its streams, its signals, its exit code. */
async function run(): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // to the end: one that comes twice, as from timeout(1), must not cut short what puts things away
    process.on(name, () => {
      if (stop.signal.aborted) return;
      const reason = new Interrupted(name, constants.signals[name]);
      stop.abort(reason);
      // whatever does not listen must not hold the shell up
      afterTurns(1800, () => process.exit(reason.exitCode));
    });
  }
  const stdin = {
    fd: 0,
    // few ask, and what can tell takes memory
    get isTTY() {
      return process.getBuiltinModule('node:tty').isatty(0);
    },
  };
  // Node would announce that it is obeyed, which it is not: what verification there is, `--insecure` decides
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  // an event loop that runs dry has done nothing to be proud of
  process.exitCode = 70;
  const code = await main(process.argv.slice(2), {
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    platform: process.platform,
    stdin,
    stdout: output(() => process.stdout),
    stderr: output(() => process.stderr),
    signal: stop.signal,
    hideWords: () => {
      process.title = 'tglance';
    },
    open: async (url) => (await import('./browser.ts')).openPage(url, process.platform, process.env),
    ask: async (question) =>
      stdin.isTTY ? (await import('./ask.ts')).ask(question, stop.signal) : undefined,
  });
  process.exitCode = code;
  // all is said and put away: a look-up of a name that cannot be called off must not hold the shell up
  setTimeout(() => process.exit(), 100).unref();
}

/** A stream of the process, opened when it is first written to. */
function output(stream: () => NodeJS.WriteStream): Output {
  let listening = false;
  return {
    get isTTY() {
      return stream().isTTY ?? false;
    },
    get columns() {
      return stream().columns;
    },
    write: (data) =>
      new Promise((resolve, reject) => {
        const to = stream();
        // the error of a closed pipe is also emitted, and would end the process without a listener of our own: those
        // of others, as of a thread, go away with it
        if (!listening) to.on('error', () => {});
        listening = true;
        to.write(data, (error) => (error == null ? resolve() : reject(error)));
      }),
  };
}

void run();
