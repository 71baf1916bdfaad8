import { beyond, on } from '../define/option.ts';
import { VerifyError } from '../errors.ts';
import type { Image } from '../glance/types.ts';
import type { Marks } from '../transfer/stretch.ts';
import { type Digest, expectDigest, expectSize, knows, type Watcher } from '../transfer/watch.ts';

/** What must hold of an image's bytes before they get a name. */
export interface Proof {
  readonly watchers: readonly Watcher[];
  /** Hears what the answer says of the bytes, before they come. */
  learn(marks: Marks): void;
  /** The one of the watchers that hashes by what the record says. */
  readonly digest: Digest | undefined;
  /** The algorithm that the bytes were verified by. */
  by(): string | undefined;
}

/** Leaves out the hash, for who is in a hurry, or verifies by other means. */
export const verifyOption = beyond({
  no_verify: on('--no-verify', 'Do not hash the data: compare only their size'),
});

/** What may be left out. */
export interface Leniency {
  readonly allow_md5_fallback?: boolean;
  readonly no_verify?: boolean;
}

/** The size, and the strongest hash that is known: the record's, or else the one that comes with the bytes. */
export function proofOf(record: Image, { allow_md5_fallback = false, no_verify = false }: Leniency): Proof {
  const size = typeof record.size === 'number' ? [expectSize(record.size)] : [];
  if (no_verify) return { watchers: size, learn() {}, digest: undefined, by: () => undefined };
  const digest = recordedDigest(record, allow_md5_fallback);
  if (digest !== undefined) {
    return { watchers: [...size, digest], learn() {}, digest, by: () => digest.algorithm };
  }
  let told: Digest | undefined;
  const late: Watcher = { see: (chunk) => told?.see(chunk), finish: () => told?.finish?.() };
  return {
    watchers: [...size, late],
    learn({ md5 }) {
      told = md5 === undefined ? undefined : expectDigest('md5', md5);
    },
    digest,
    by: () => told?.algorithm,
  };
}

function recordedDigest(record: Image, allowMd5: boolean): Digest | undefined {
  const { id, os_hash_algo: algorithm, os_hash_value: value, checksum } = record;
  if (typeof algorithm === 'string' && typeof value === 'string') {
    if (knows(algorithm)) return expectDigest(algorithm, value);
    if (!allowMd5) {
      throw new VerifyError(
        `Image ${id} is hashed with ${algorithm}, which is not known here; --allow-md5-fallback verifies it by MD5 only`,
      );
    }
  }
  return typeof checksum === 'string' ? expectDigest('md5', checksum) : undefined;
}
