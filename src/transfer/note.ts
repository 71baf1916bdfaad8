import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats, writeSync } from 'node:fs';
import type { Marks } from './stretch.ts';

/** What is known of an unfinished file. */
export interface Known {
  /** Which bytes it is to hold; whoever wants others has no use for it. */
  readonly of: string;
  /** So many bytes at its beginning are complete, and on the disk. */
  readonly bytes: number;
  readonly marks: Marks;
}

/** A small file that tells it to a later run. */
export interface Note {
  write(known: Known): void;
  close(): void;
}

/** Begins a note under a name that nobody has. */
export function createNote(path: string): Note {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  let longest = 0;
  return {
    write(known) {
      const text = JSON.stringify(known);
      longest = Math.max(text.length, longest);
      // In one call, and never shorter than before: who is killed leaves either the old words or the new ones.
      writeSync(fd, text.padEnd(longest), 0, 'latin1');
    },
    close: () => closeSync(fd),
  };
}

/** What a note says, if it is one and `uid` has written it. */
export function readNote(path: string, uid: number): Known | undefined {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    if (!isOwn(stat, uid) || stat.size > mostBytes) return undefined;
    const said: unknown = JSON.parse(readFileSync(fd, 'latin1'));
    return isKnown(said) ? said : undefined;
  } finally {
    closeSync(fd);
  }
}

const mostBytes = 16 * 1024;

/** Whether nobody else can have put it there: a regular file of ours, which has no second name elsewhere. */
export const isOwn = (stat: Stats, uid: number): boolean =>
  stat.isFile() && stat.uid === uid && stat.nlink === 1;

function isKnown(it: unknown): it is Known {
  if (typeof it !== 'object' || it === null) return false;
  const { of, bytes, marks }: Partial<Record<keyof Known, unknown>> = it;
  const isNumber = typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0;
  return typeof of === 'string' && isNumber && typeof marks === 'object' && marks !== null;
}
