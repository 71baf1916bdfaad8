import { fstatSync, ftruncateSync, type Stats, statSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { TglanceError, UsageError } from '../errors.ts';

/**
 * What the system answered when `path` was to be read or written, in one line.
 * A path that leads nowhere is the fault of the word that was given; a full disk is not.
 */
export function cannot(what: 'read' | 'write', path: string, cause: unknown): TglanceError {
  if (cause instanceof TglanceError) return cause;
  const { errno = 0, code, message } = cause as NodeJS.ErrnoException;
  const [word, sentence] = nameless.get(errno) ?? getSystemErrorMap().get(errno) ?? [code, message];
  const text = `Cannot ${what} ${path || "''"}: ${sentence}${word ? ` (${word})` : ''}`;
  return word && ofPaths.has(word) ? new UsageError(text, { cause }) : new TglanceError(text, { cause });
}

const ofPaths = new Set(['EACCES', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'ENOENT', 'ENOTDIR', 'EPERM']);

/** Whether there was no room for what was to be written. */
export const isFull = ({ cause }: TglanceError): boolean =>
  cause instanceof Error && 'errno' in cause && noRoom.includes(-Number(cause.errno));

const { ENOSPC, EDQUOT, EFBIG } = constants.errno;
const noRoom: readonly number[] = [ENOSPC, EDQUOT, EFBIG];

/** What libuv, and so Node, has no name for. */
const nameless = new Map([[-constants.errno.EDQUOT, ['EDQUOT', 'disk quota exceeded']]]);

/** What a path leads to; undefined where nothing can be found out, which whoever opens it will hear. */
export function statAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Writes all of a chunk, in as many calls as that takes: where the file stands, or at a place of its own. */
export function writeWhole(fd: number, chunk: Uint8Array, place?: number): void {
  for (let done = 0; done < chunk.length; ) {
    const at = place === undefined ? null : place + done;
    done += writeSync(fd, chunk, done, chunk.length - done, at);
  }
}

/** Makes a file as long as that, if it is shorter. */
export function lengthen(fd: number, bytes: number): void {
  if (fstatSync(fd).size < bytes) ftruncateSync(fd, bytes);
}
