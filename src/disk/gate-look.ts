import { type Bytes, readAt } from './bytes.ts';
import type { Danger } from './format.ts';

/** A format that Glance sees in a file, and which of its checks fail. */
export interface Sight {
  readonly name: string;
  readonly failures: readonly Danger[];
  readonly size: number;
}

/** Whether Glance sees one of its formats; exactly as it looks, also where that is less than the truth. */
export type Look = (file: Bytes) => Promise<Sight | undefined>;

/** Bytes from `at` on, fewer where the file ends before. */
export const upTo = (file: Bytes, at: number, length: number): Promise<Buffer> =>
  readAt(file, Math.min(at, file.size), Math.max(0, Math.min(length, file.size - at)));

/** One failure, or none. */
export const failIf = (fails: boolean, check: string, reason: string): Danger[] =>
  fails ? [{ check, reason }] : [];

/** What it says of a file that ends before all that it wanted to see. */
export const cutUnless = (whole: boolean): Danger[] =>
  failIf(!whole, 'incomplete', 'the file ends too early');
