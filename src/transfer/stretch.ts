import type { See } from './copy.ts';

/** Bytes from `from` up to, not including, `to`, or to the end. */
export interface Span {
  readonly from: number;
  readonly to?: number | undefined;
}

/** Some of the bytes of an object, on their way. Exactly one of `each` and `drop` must be called. */
export interface Stretch {
  /** Where the first of them stands: 0, whatever was asked for, where the sender knows only the whole. */
  readonly start: number;
  /** Where the last of them ends, when said. */
  readonly end: number | undefined;
  /** Bytes of the whole, when said. */
  readonly total: number | undefined;
  readonly marks: Marks;
  /** The server that they come from, where that is not the one that was asked for them. */
  readonly elsewhere?: string;
  each(see: See): Promise<void>;
  drop(): void;
}

/** By what the sender tells one version of the bytes from another. */
export type Marks = Readonly<Partial<Record<'etag' | 'md5' | 'modified', string>>>;

/** Asks for a span; `again` when whoever asks has had an answer before, and repeats by himself what fails. */
export type Ask = (span: Span, again: boolean) => Promise<Stretch>;

/** Whether nothing that is said of both differs. */
export const alike = (one: Marks = {}, other: Marks): boolean =>
  (['etag', 'md5', 'modified'] as const).every(
    (name) => (one[name] ?? other[name]) === (other[name] ?? one[name]),
  );

/** Asks no more for what is there already. */
export function beginningWith(first: Stretch | undefined, ask: Ask): Ask {
  let there = first;
  return (span, again) => {
    const it = there;
    there = undefined;
    return it ? Promise.resolve(it) : ask(span, again);
  };
}
