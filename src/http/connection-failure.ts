import { AnswerError, NetworkError, TglanceError, UsageError } from '../errors.ts';
import { MalformedAnswer } from './answer-reader.ts';

/** How far an exchange had come when it failed. */
export type Moment = 'connecting' | 'waiting' | 'receiving';

/** What Node's, OpenSSL's or undici's error means to a person who wanted something from `place`. */
export function connectionFailure(error: unknown, place: string, moment: Moment): TglanceError {
  if (error instanceof TglanceError) return error;
  const { code = '', message, reason } = facts(error);
  if (code === 'UND_ERR_INVALID_ARG') {
    return new UsageError(`The request to ${place} cannot be sent: ${message}`, { cause: error });
  }
  if (moment === 'connecting' && /^ERR_(OSSL|CRYPTO)/.test(code)) {
    return new UsageError(`The certificate or its key cannot be used: ${reason ?? message}`, {
      cause: error,
    });
  }
  const fault = malformed[code] ?? (isMalformed(error) ? message : undefined);
  if (moment === 'waiting' && fault !== undefined) {
    return new AnswerError(`${place} does not answer in proper HTTP: ${fault}`, { cause: error });
  }
  const why = words[code] ?? (code === 'EPROTO' || code.startsWith('ERR_SSL') ? tls(reason) : message);
  return new NetworkError(sentence(place, moment, why), /^E[A-Z_]/.test(code) ? code : 'ECONNRESET', {
    cause: error,
  });
}

/** The server's certificate proves nothing: with the problem as OpenSSL or Node names it. */
export function untrusted(error: unknown, place: string): NetworkError {
  const { code = 'CERT_UNTRUSTED', message, reason = message } = facts(error);
  // What follows is advice about flags of Node.
  const problem = reason.split('; ', 1)[0];
  return new NetworkError(`Cannot trust the certificate of ${place}: ${problem}`, code, { cause: error });
}

/** Whether nobody vouches for the server's certificate, of those who were asked. */
export const isUntrusted = (error: unknown): boolean =>
  error instanceof NetworkError && unknownIssuers.includes(error.reason);

const unknownIssuers = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/** Nothing happened for `ms`. */
export function timedOut(place: string, moment: Moment, what: string, ms: number): NetworkError {
  return new NetworkError(sentence(place, moment, `${what} ${ms / 1000} s`), 'timeout');
}

const sentence = (place: string, moment: Moment, why: string): string =>
  ({
    connecting: `Cannot connect to ${place}: ${why}`,
    waiting: `No answer from ${place}: ${why}`,
    receiving: `The answer from ${place} broke off: ${why}`,
  })[moment];

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed while data were sent',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the other side is silent',
};

const tls = (reason = 'no agreement'): string => `TLS failed: ${reason}`;

/** The form of the answer is wrong, not the connection. */
const malformed: Readonly<Record<string, string>> = {
  ERR_ASSERTION: 'its status line makes no sense',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are too long',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the length that it announces makes no sense',
};

/** undici gives its own no code. */
const isMalformed = (error: unknown): boolean =>
  error instanceof MalformedAnswer || (error instanceof Error && error.name === 'HTTPParserError');

/** A name with several addresses fails with an error of several, whose own message is empty. */
function facts(error: unknown): { code?: string | undefined; message: string; reason?: string | undefined } {
  if (!(error instanceof Error)) return { message: String(error) };
  const one: Error & { code?: string; reason?: string } =
    error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  return { code: one.code, message: brief(one.message), reason: one.reason && brief(one.reason) };
}

/** A certificate can hold any number of names. */
const brief = (text: string): string => (text.split('\n', 1)[0] ?? '').slice(0, 300);
