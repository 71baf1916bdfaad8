import type { Request, Response } from './message.ts';

/** One connection to one server, carrying one exchange at a time. */
export interface Line {
  /** What a message calls the other end. */
  readonly place: string;
  isOpen(): boolean;
  dispatch(outset: Outset, hearer: Hearer): void;
  /** Leaves what comes next to the operating system, which makes the sender wait. */
  hold(on: boolean): void;
  /** For good, in any state. */
  destroy(): void;
  /** Told of what the socket suffers while an exchange is under way. */
  broken: (error: unknown) => void;
}

/** A request, ready to be written. */
export interface Outset extends Pick<Request, 'method' | 'headers'> {
  readonly path: string;
  /** Chunks are for a line that carries payloads. */
  readonly body: string | AsyncIterable<Uint8Array> | undefined;
}

/** Hears what becomes of it. */
export interface Hearer {
  /** There is a connection, and the request is on its way. */
  started(): void;
  head(status: number, headers: Response['headers']): void;
  /** The piece is only valid during the call, or as long as the line is held. */
  data(piece: Uint8Array): void;
  end(): void;
  failed(error: unknown): void;
}

/** Milliseconds; whatever a server promises, what lies between may forget a connection sooner. */
export const keepIdle = 4000;
