import type { Bytes } from './bytes.ts';
import type { Kind } from './runs.ts';

/** A disk as its guest sees it, wherever its bytes come from. */
export interface Disk extends Bytes {
  /** The name of the format that it is kept in. */
  readonly format: string;
  /** All of the disk in order: where its bytes are kept, and where there are only zeros. */
  extents(): AsyncIterable<Extent>;
}

/** A stretch of a disk, in bytes; `offset` is its place in the file, where it has one. */
export interface Extent {
  readonly start: number;
  readonly length: number;
  readonly kind: Kind;
  readonly offset?: number;
}

/** The first bytes of a file (as many as `headSize` if it has them) and its last ones. */
export interface Signs {
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly size: number;
}

/** How much of a file the signs hold. The last sign is that of UDF, in sectors of 2 KiB from the 16th on. */
export const headSize = 64 * 1024;
export const tailSize = 1536;

/** Why a file must not be handed to a program that opens disks; `check` is the name that Glance has for it, or ours. */
export interface Danger {
  readonly check: string;
  readonly reason: string;
}

/** What a file of some format says of itself. */
export interface Findings {
  /** Bytes of the disk within, undefined where the file does not tell. */
  readonly size: number | undefined;
  /** What is particular to the format, in the words of its specification. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Empty when it was looked for and nothing was found. */
  readonly dangers: readonly Danger[];
  /** What is damaged or missing. */
  readonly problems: readonly string[];
  /** What is well, and yet better known before the image is used. */
  readonly notes: readonly string[];
}

/** Whether a problem is that the file ends too early, which each format says in these words. */
export const isCutOff = (problem: string): boolean => problem.includes('it was cut off');

/** One format of disk images. */
export interface Format {
  readonly name: string;
  /** Whether the signs are those of this format. */
  matches(signs: Signs): boolean;
  /** Reads headers, at most about a MiB; refuses with a DiskError what cannot be understood at all. */
  inspect(file: Bytes): Promise<Findings>;
  /** The disk within; refuses with a DiskError where it is not all in this file, or not to be read. */
  open(file: Bytes): Promise<Disk>;
}

/** Findings with nothing found but what is given. */
export const findings = (of: Partial<Findings> & Pick<Findings, 'size' | 'dangers'>): Findings => ({
  details: {},
  problems: [],
  notes: [],
  ...of,
});
