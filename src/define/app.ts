import type { Settings } from '../config/resolve.ts';
import type { Glance } from '../glance/client.ts';
import type { Keystone } from '../keystone/client.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/sandbox.ts';
import type { Source } from '../transfer/source.ts';
import type { Watcher } from '../transfer/watch.ts';
import type { Volumes } from '../volumes/client.ts';
import type { CloudSummary, Preferences } from './preferences.ts';
import type { Program } from './program.ts';

/** What a command may reach: each getter is built on first use, and a test passes its own. */
export interface App {
  /** The Image API, logged in. */
  glance(): Promise<Glance>;
  /** Who is who in the cloud, and who one is. */
  keystone(): Promise<Keystone>;
  /** The Block Storage API: volumes that images are made of. */
  volumes(): Promise<Volumes>;
  settings(): Promise<Settings>;
  /** The same one by one, and what is saved of them. */
  preferences(): Promise<Preferences>;
  /** Every cloud that can be named here. */
  clouds(): Promise<readonly CloudSummary[]>;
  /** Everything there is to say of the program itself. */
  program(): Promise<Program>;
  /** Opens the sandbox cloud kept in `options.dir` (the user's own when missing). */
  sandbox(options: SandboxOptions): Promise<Sandbox>;
  /** What is at an address of the web, to be sent on. */
  fetch(url: string): Promise<Source>;
  /** Shows how far a transfer is; `wanted` is what `--progress` says. */
  meter(label: string, total: number | undefined, wanted: boolean | 'json'): Meter;
  readonly stdio: Stdio;
  /** Whether `--verbose` was given: lists show more columns. */
  readonly verbose: boolean;
  /** What must still be said to the cloud although the command failed or was interrupted; given a moment, never an error. */
  lastly(act: (glance: Glance) => Promise<unknown>): Promise<void>;
  /** Aborted by Ctrl-C and its like. */
  readonly signal: AbortSignal;
}

/** A watcher that counts for a person; `stop` leaves the terminal as it was, whatever happened. */
export interface Meter extends Watcher {
  /**
   * What is done next: `checking`, `uploading`. Counting begins anew, with so many bytes done already, of so many;
   * without figures it rests.
   */
  stage(name: string, figures?: { readonly done?: number; readonly total?: number | undefined }): void;
  stop(): void;
}

/** The program's own streams, for bytes and for words to a person. */
export interface Stdio {
  /** Data that somebody sends on standard input, or undefined when nobody does (a terminal, /dev/null, closed). */
  input(): Source | undefined;
  readonly outputIsTerminal: boolean;
  /** Image bytes to standard output; resolves when there is room for more. */
  write(chunk: Uint8Array): void | Promise<void>;
  /** One line to a person on standard error, made harmless. */
  tell(line: string): void;
  /** Text to standard output as it happens, for a command that runs until it is stopped. */
  print(text: string): void;
  /** Asks a person without showing the answer, or gives undefined where there is nobody at a terminal. */
  ask(question: string): Promise<string | undefined>;
}
