/**
 * The one shape of everything between a command and the wire: a Request goes in, a Response comes out.
 * Wrappers (token, retry, trace) take a Send and give a Send.
 */
export type Send = (request: Request) => Promise<Response>;

export interface Request {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Payload;
  readonly signal?: AbortSignal | undefined;
  /** Whether it may be sent again after a lost connection; when nobody says, its method decides. */
  readonly repeatable?: boolean;
}

/** A body that is too large to hold: sent piece by piece. */
export interface Payload {
  /** Bytes, when known before. */
  readonly size: number | undefined;
  /** Whether `chunks` can be called once more for the same bytes (a file can, a pipe cannot). */
  readonly again: boolean;
  /** The bytes from the start; each piece may be overwritten once the next one is asked for. */
  chunks(): AsyncIterable<Uint8Array>;
}

export interface Response {
  readonly status: number;
  /** Lower-case names; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  /** Redirects have led to another server than the one that was asked. */
  readonly elsewhere?: boolean;
  /** What must not be shown although the answer may repeat it. */
  readonly secrets?: Iterable<string>;
  readonly body: Incoming;
}

/** A body on its way in. Exactly one of the two must be called, once. */
export interface Incoming {
  /** Hands each piece to `see` as it comes (it is only valid during the call); a promise from `see` holds the sender back. */
  each(see: (chunk: Uint8Array) => void | Promise<void>): Promise<void>;
  /** Not wanted: frees the connection. */
  drop(): void;
  /** All of it, where it has come already: to be had without `each`. */
  readonly whole?: Uint8Array;
}
