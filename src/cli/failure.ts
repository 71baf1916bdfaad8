import {
  AnswerError,
  CheckError,
  DiskError,
  LoginRefused,
  MissingSetting,
  NetworkError,
  NoEndpoint,
  NotFound,
  ServiceError,
  SeveralFailed,
  TglanceError,
  UsageError,
  VerifyError,
} from '../errors.ts';
import { Interrupted } from './io.ts';

/** How a failure ends the program: its code, what to say, and what may help. */
export interface Failure {
  readonly code: number;
  /** One line each; nothing to say when somebody pressed Ctrl-C or closed the pipe. */
  readonly lines: readonly string[];
  readonly hint?: string | undefined;
}

type Meaning = Readonly<{ code: number; hint?: string }>;

const kinds: readonly (readonly [new (...words: never[]) => TglanceError, Meaning])[] = [
  [UsageError, { code: 2 }],
  [
    MissingSetting,
    { code: 3, hint: 'Name a cloud with --os-cloud (sandbox needs no set-up), or set the OS_* variables.' },
  ],
  [NoEndpoint, { code: 3 }],
  [NotFound, { code: 4 }],
  [NetworkError, { code: 6 }],
  [AnswerError, { code: 6 }],
  [VerifyError, { code: 7 }],
  [DiskError, { code: 7 }],
];

const statuses: Readonly<Record<number, Meaning>> = {
  401: { code: 3, hint: 'Check the user, the password and the project, or log in again.' },
  403: {
    code: 3,
    hint: 'Your roles in this project, or a protection, do not allow it; --no-cache brings roles that are new.',
  },
  404: { code: 4 },
  409: { code: 5 },
  413: { code: 5, hint: "See 'tglance usage' for the quotas of your project." },
};

/** What to tell about an error, whoever threw it, and the exit code that goes with it. */
export function failureOf(error: unknown, command: string | undefined): Failure {
  if (error instanceof Interrupted) return { code: error.exitCode, lines: [] };
  if (error instanceof SeveralFailed) {
    const each = error.failures.map((failure) => failureOf(failure, command));
    return { code: 1, lines: each.flatMap(({ lines }) => lines) };
  }
  if (error instanceof ServiceError) {
    const { code, hint } = statuses[error.status] ?? { code: 1 };
    return {
      code: error instanceof LoginRefused ? 3 : code,
      lines: [error.message],
      hint: namesAttribute(error) ? undefined : hint,
    };
  }
  if (error instanceof UsageError) {
    const about = command === undefined ? '' : ` ${command}`;
    return {
      code: 2,
      lines: [`tglance${about}: error: ${error.message}`],
      hint: `See 'tglance help${about}'.`,
    };
  }
  if (error instanceof CheckError) {
    return { code: error.verdict === 'fail' ? 3 : 4, lines: [error.message] }; // as file-check ends
  }
  if (error instanceof TglanceError) {
    const meaning = kinds.find(([kind]) => error instanceof kind)?.[1] ?? { code: 1 };
    return { code: meaning.code, lines: [error.message], hint: meaning.hint };
  }
  // as a shell reports a program that SIGPIPE ended: what it had to say is not whole
  if (isClosedPipe(error)) return { code: 141, lines: [] };
  if (error instanceof Error && 'syscall' in error) {
    // the only files that nobody names on the way are the program's own output
    return { code: 1, lines: [`Cannot write the output: ${error.message}`] };
  }
  if (error instanceof RangeError && /call stack/.test(error.message)) {
    return { code: 6, lines: ['The answer is nested too deeply to be shown'] };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 70, lines: [message], hint: 'This is a bug in tglance; --debug shows where it happened.' };
}

/** Glance says 403 of fields that nobody may set, too, and no role helps there. */
const namesAttribute = ({ status, detail }: ServiceError): boolean =>
  status === 403 && /\bAttribute '?[^' ]+'? (is|can be) /.test(detail);

/** Whether whoever was reading has gone. */
export const isClosedPipe = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EPIPE';
