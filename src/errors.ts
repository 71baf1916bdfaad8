/**
 * The base of every error this program throws on purpose: a sentence for people and the facts behind it.
 * Advice and exit codes belong to the edge (`cli/failure.ts`).
 */
export class TglanceError extends Error {
  override readonly name: string = 'TglanceError';
}

/** The command line, a file given on it, or a variable holds a word that cannot be used. */
export class UsageError extends TglanceError {
  override readonly name = 'UsageError';
}

/** A setting that is needed and that nobody gave: a credential, an endpoint. */
export class MissingSetting extends TglanceError {
  override readonly name = 'MissingSetting';
}

/** The catalog has no endpoint that fits the service, the region and the interface; the message says what it has. */
export class NoEndpoint extends TglanceError {
  override readonly name = 'NoEndpoint';
}

/** Nobody answered: name, connection, TLS, time-out. `reason` is the system's own word (`ECONNREFUSED`). */
export class NetworkError extends TglanceError {
  override readonly name = 'NetworkError';
  readonly reason: string;
  constructor(message: string, reason: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Someone answered, and the answer is not what the protocol promises: not JSON, too large, a foreign link. */
export class AnswerError extends TglanceError {
  override readonly name = 'AnswerError';
}

/** No such thing, or a name that fits several; `candidates` are the ids it fits. */
export class NotFound extends TglanceError {
  override readonly name = 'NotFound';
  readonly candidates: readonly string[];
  constructor(message: string, candidates: readonly string[] = []) {
    super(message);
    this.candidates = candidates;
  }
}

/** Data are not what they should be: digest, size, format. */
export class VerifyError extends TglanceError {
  override readonly name = 'VerifyError';
}

/** A disk image cannot be read as what it says it is: damaged, cut off. */
export class DiskError extends TglanceError {
  override readonly name: string = 'DiskError';
}

/** What is there may be sound, but is not read here: encrypted, compressed, in another file, of an unknown kind. */
export class Unread extends DiskError {
  override readonly name = 'Unread';
}

/** The guest in a disk image does not meet what is asked of it, or it is unknown whether it does. */
export class CheckError extends TglanceError {
  override readonly name = 'CheckError';
  readonly verdict: 'fail' | 'unknown';
  constructor(message: string, verdict: 'fail' | 'unknown') {
    super(message);
    this.verdict = verdict;
  }
}

/**
 * The service refused. `status` is HTTP's, `detail` the server's own words, cleaned and cut; `wait` are the seconds
 * after which it wants to be asked again, 0 when it does not say.
 */
export class ServiceError extends TglanceError {
  override readonly name: string = 'ServiceError';
  readonly status: number;
  readonly detail: string;
  readonly requestId: string | undefined;
  readonly wait: number;
  constructor(status: number, detail: string, message: string, requestId?: string, wait = 0) {
    super(message);
    this.status = status;
    this.detail = detail;
    this.requestId = requestId;
    this.wait = wait;
  }
}

/** Whoever checks who one is says no: Identity, or a provider that it trusts. */
export class LoginRefused extends ServiceError {
  override readonly name = 'LoginRefused';
}

/** Some of several failed: each with the word the user gave and why; the others are done. */
export class SeveralFailed extends TglanceError {
  override readonly name = 'SeveralFailed';
  readonly failures: readonly Error[];
  constructor(failures: readonly Error[]) {
    super(failures.map((failure) => failure.message).join('\n'));
    this.failures = failures;
  }
}
