import type { Settings, Sources, Values } from '../config/resolve.ts';
import { resolveSettings } from '../config/resolve.ts';
import type { SettingName } from '../config/settings.ts';
import type { App, Stdio } from '../define/app.ts';
import type { Glance } from '../glance/client.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/sandbox.ts';
import { openStdin } from '../transfer/source.ts';
import { afterTurns } from './after-turns.ts';
import type { Connection } from './connect.ts';
import type { Io } from './io.ts';
import { type Preferred, readPreferences } from './preferences.ts';
import { meters, silent } from './progress.ts';
import { harmless } from './render/harmless.ts';

/** What a run has at hand, and how it is put away. */
export interface Session extends App {
  readonly saved: Preferred;
  /** What must not appear in any output. */
  secrets(): Promise<Iterable<string>>;
  close(): Promise<void>;
}

/** How long the words after a failure may take (ms); with the signal's own delay it stays below two seconds. */
const moment = 1200;

/** Builds everything a command may reach from the global options, each part on first use. */
export function createApp(flags: Readonly<Record<string, unknown>>, io: Io): Session {
  const shown = meters(io.stderr);
  const tell = (line: string) => {
    if (flags.quiet !== true) shown.tell(harmless(line));
  };
  const trace = flags.debug === true ? tell : undefined;
  const saved = readPreferences(io);
  for (const problem of saved.problems) tell(problem);
  const sources: Sources = {
    flags: flags as Partial<Record<SettingName, string>>,
    saved: saved.connection,
    env: io.env,
    cwd: io.cwd,
    home: io.home,
    platform: io.platform,
  };
  const settings = once(async (): Promise<Settings> => {
    const fetch = async (url: URL, trust: Values) => {
      const { askVendor } = await import('./vendor.ts');
      return askVendor(url, trust, { tell, trace, secrets: new Set(), env: io.env }, io.signal);
    };
    const found = await resolveSettings({ ...sources, fetch });
    for (const warning of found.warnings) tell(warning);
    return found;
  });
  const opened: Sandbox[] = [];
  const sandbox = async (options: SandboxOptions): Promise<Sandbox> => {
    const [{ createSandbox }, { sandboxHome }] = await Promise.all([
      import('../sandbox/sandbox.ts'),
      import('./local-cloud.ts'),
    ]);
    const it = await createSandbox({ dir: sandboxHome(io), ...options });
    opened.push(it);
    return it;
  };
  const connection = once(async (): Promise<Connection> => {
    const { connect } = await import('./connect.ts');
    return connect(await settings(), { io, tell, trace, sandbox, anew: flags.no_cache === true });
  });
  const stdio: Stdio = {
    input: () => openStdin(io.stdin.fd, 'standard input'),
    outputIsTerminal: io.stdout.isTTY,
    write: (chunk) => io.stdout.write(chunk),
    tell,
    print: (text) => void io.stdout.write(text),
    ask: (question) => io.ask(harmless(question)),
  };
  const glanceUntil = async (signal: AbortSignal): Promise<Glance> => (await connection()).glance(signal);
  return {
    glance: once(() => glanceUntil(io.signal)),
    keystone: once(async () => (await connection()).keystone(io.signal)),
    volumes: once(async () => (await connection()).volumes(io.signal)),
    settings,
    saved,
    preferences: async () =>
      (await import('./saved-settings.ts')).preferencesOf({ io, flags, saved, settings, tell }),
    clouds: async () => (await import('./clouds.ts')).cloudSummaries(sources, tell),
    program: async () => (await import('./program.ts')).loadProgram(),
    sandbox,
    fetch: async (url) => (await connection()).fetch(url, io.signal),
    meter: (label, total, asked) => {
      if (!asked && saved.progress === 'never') return silent;
      const wanted = flags.quiet !== true && (asked || saved.progress === 'always');
      return shown.meter({ label, total, wanted });
    },
    stdio,
    verbose: flags.verbose === true,
    lastly: async (act) => {
      const late = new AbortController();
      afterTurns(moment, () => late.abort());
      await glanceUntil(late.signal)
        .then(act)
        .catch(() => {});
    },
    signal: io.signal,
    secrets: async () => (await connection.made)?.secrets ?? (await settings.made)?.secrets ?? [],
    close: async () => {
      (await connection.made?.catch(() => undefined))?.close();
      for (const it of opened) await it.close();
    },
  };
}

/** A value that is made when it is first asked for. */
function once<T>(make: () => Promise<T>): (() => Promise<T>) & { made?: Promise<T> } {
  const get: (() => Promise<T>) & { made?: Promise<T> } = () => {
    get.made ??= make();
    return get.made;
  };
  return get;
}
