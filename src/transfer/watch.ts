import { createHash } from 'node:crypto';
import { VerifyError } from '../errors.ts';

/** Sees every chunk on its way; what it throws ends the transfer, and `finish` may refuse the whole of it. */
export interface Watcher {
  /** Takes so long for a chunk that the next one is better read meanwhile. */
  readonly works?: boolean;
  /** The first byte comes next, for another time when a transfer begins anew. */
  start?(): void;
  /** `chunk` is valid during the call, or until the promise settles; a promise holds the transfer back. */
  see(chunk: Uint8Array): void | Promise<void>;
  /** The last byte has been seen. */
  finish?(): void | Promise<void>;
}

/** A watcher that hashes; `hex` tells the digest once everything has been seen. */
export interface Digest extends Watcher {
  readonly algorithm: string;
  hex(): string;
  /** The digest of what has been seen up to now. */
  soFar(): string;
}

/** Hashes what passes; `algorithm` is one that `knows` knows. */
export const digest = (algorithm: string): Digest => {
  let hash = createHash(opensslName(algorithm));
  let hex: string | undefined;
  return {
    algorithm,
    works: true,
    start() {
      hash = createHash(opensslName(algorithm));
      hex = undefined;
    },
    see(chunk) {
      hash.update(chunk);
    },
    hex() {
      hex ??= hash.digest('hex');
      return hex;
    },
    soFar: () => hash.copy().digest('hex'),
  };
};

/** Refuses data whose digest is not `hex`, in whatever case that is written. */
export const expectDigest = (algorithm: string, hex: string): Digest => {
  const seen = digest(algorithm);
  return {
    ...seen,
    finish() {
      if (seen.hex() !== hex.toLowerCase()) {
        throw new VerifyError(`The ${algorithm} of the data is ${seen.hex()}, expected ${hex}`);
      }
    },
  };
};

/** Refuses more than `bytes` as soon as they come, and fewer at the end. */
export const expectSize = (bytes: number): Watcher => {
  let seen = 0;
  return {
    start() {
      seen = 0;
    },
    see(chunk) {
      seen += chunk.length;
      if (seen > bytes) throw new VerifyError(`The data are longer than the expected ${bytes} bytes`);
    },
    finish() {
      if (seen < bytes) throw new VerifyError(`The data end after ${seen} bytes, expected ${bytes}`);
    },
  };
};

/** Whether data can be hashed with `algorithm`, a name as Glance's `os_hash_algo` has it. */
export function knows(algorithm: string): boolean {
  try {
    createHash(opensslName(algorithm));
    return true;
  } catch {
    return false;
  }
}

/** Glance names hashes as Python's hashlib does (`sha3_512`, `blake2b`), node:crypto as OpenSSL. */
const opensslName = (algorithm: string): string => differing.get(algorithm) ?? algorithm.replaceAll('_', '-');

const differing = new Map([
  ['blake2b', 'blake2b512'],
  ['blake2s', 'blake2s256'],
]);
