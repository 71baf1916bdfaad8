import type { Bytes } from '../disk/bytes.ts';
import { DiskError, Unread } from '../errors.ts';

/** What is inside a partition, read only: nothing is mounted, and no journal is replayed. */
export interface FileSystem {
  /** As mount calls it: `ext4`, `xfs`, `vfat`, `iso9660`; `initramfs` for an archive that a kernel unpacks. */
  readonly kind: string;
  /** Empty where it has none, as is `uuid`, which is written as blkid writes it. */
  readonly label: string;
  readonly uuid: string;
  /** A journal holds changes that are not in place: a running system was copied, what is read here may be old. */
  readonly needsReplay: boolean;
  /** Whether `Readme` and `README` are one name. */
  readonly foldsCase: boolean;
  /** Bytes that nothing uses, where it is known. */
  readonly free: number | undefined;
  readonly size: number;
  root(): Promise<Node>;
}

export type Kind = 'file' | 'directory' | 'link' | 'device' | 'fifo' | 'socket';

/** A file, directory or link, and what `ls -l` says of it. */
export interface Node {
  readonly kind: Kind;
  /** Permissions, with set-user-id and its like: 0o7777 at most. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** The bytes of a file, or a link's target. */
  content(): Promise<Bytes>;
  /** What is in a directory, without `.` and `..`. */
  entries(): Promise<readonly Entry[]>;
}

/** A name in a directory. */
export interface Entry {
  readonly name: string;
  node(): Promise<Node>;
}

/** Whatever does not fit together: `where` is the thing, with a capital letter, `what` the reason. */
export const damaged = (where: string, what: string): DiskError =>
  new DiskError(`${where} is damaged: ${what}`);

const kinds: Readonly<Record<number, Kind>> = {
  1: 'fifo',
  2: 'device',
  4: 'directory',
  6: 'device',
  8: 'file',
  10: 'link',
  12: 'socket',
};

/** The kind in the upper bits of a Unix mode, as inodes and archives have it. */
export function kindOf(mode: number, where: string): Kind {
  const kind = kinds[mode >>> 12];
  if (kind === undefined) throw damaged(where, `no file has the mode 0${mode.toString(8)}`);
  return kind;
}

/** Directories larger than this (bytes) are not read. */
const mostDirectory = 2 * 1024 * 1024;

/** Refuses a directory that no guest has, for what is read of it is kept in memory. */
export function refuseHuge(size: number, where: string): void {
  if (size > mostDirectory) throw new Unread(`${where} is a directory of ${size} bytes, which is not read`);
}
