/** What the program needs of the process it runs in; a test brings its own. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string | undefined;
  readonly platform: NodeJS.Platform;
  readonly stdin: { readonly fd: number; readonly isTTY: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted when the program is to stop; its reason is an Interrupted. */
  readonly signal: AbortSignal;
  /** Asks at the terminal without showing the answer, or gives undefined where nobody can be asked. */
  ask(question: string): Promise<string | undefined>;
  /** Opens a page in the person's browser, if there is one. */
  open(url: string): Promise<void>;
  /** Takes the command line, which holds a secret, out of the list of processes. */
  hideWords(): void;
}

/** A stream of the process. `write` resolves when there is room for more and rejects when nobody reads. */
export interface Output {
  readonly isTTY: boolean;
  /** The terminal's width. */
  readonly columns: number | undefined;
  write(data: string | Uint8Array): Promise<void>;
}

/** The signal that ended the run, as the reason of the abort. */
export class Interrupted extends Error {
  readonly exitCode: number;
  constructor(name: string, number: number) {
    super(name);
    this.exitCode = 128 + number;
  }
}
