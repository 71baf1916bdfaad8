import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { geteuid, kill, pid } from 'node:process';
import { createNote, isOwn, type Known, type Note, readNote } from './note.ts';

/**
 * A temporary file beside the file that it will become. Its name tells who writes, and cannot be foreseen. It is found
 * again by the form of its name: what somebody else has planted there is not taken for ours, since a part must be a
 * regular file of our own with no second name, and have such a note beside it.
 */
export interface PartFile {
  readonly fd: number;
  /** Whose files are made here. */
  readonly uid: number;
  readonly path: string;
  /** Where the note of it is, if it has one. */
  readonly notePath: string;
  /** It is not written any more. */
  leave(): void;
}

/** Creates an empty one for `path`, with the mode of the file `before` it. */
export function createPart(path: string, before: Stats | undefined): PartFile {
  const stem = join(dirname(path), `${prefixFor(path)}${pid}.${randomBytes(16).toString('hex')}`);
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  // A new file gets the mode that the system gives it: it knows the umask and the directory's default rights.
  const mode = before ? 0o600 : 0o666;
  const fd = openSync(`${stem}.part`, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  if (before) fchmodSync(fd, before.mode & 0o777);
  written.add(stem);
  const names = { path: `${stem}.part`, notePath: `${stem}.note` };
  return { fd, uid: fstatSync(fd).uid, ...names, leave: () => void written.delete(stem) };
}

/** The beginning of a long name only: a file name has at most 255 bytes. */
const prefixFor = (path: string): string => `.${basename(path).slice(0, 60)}.`;

/** What goes on from where an ended run stopped. */
export interface Inherited {
  readonly fd: number;
  readonly note: Note;
  readonly known: Known;
}

/** Puts what an ended run has left of the same bytes in the place of a new, empty part. */
export function inherit(path: string, part: PartFile, of: string): Inherited | undefined {
  for (const stem of leftovers(path, part.uid, '.part')) {
    try {
      const known = readNote(`${stem}.note`, part.uid);
      if (known?.of !== of) continue;
      const fd = openOwn(`${stem}.part`, part.uid, known.bytes);
      if (fd === undefined) continue;
      const note = createNote(part.notePath);
      note.write(known);
      renameSync(`${stem}.part`, part.path);
      fchmodSync(fd, fstatSync(part.fd).mode & 0o777);
      ftruncateSync(fd, known.bytes);
      closeSync(part.fd);
      return { fd, note, known };
    } catch {} // whatever is wrong with it: it is of no use then
  }
  return undefined;
}

function openOwn(path: string, uid: number, bytes: number): number | undefined {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stat = fstatSync(fd);
  if (isOwn(stat, uid) && stat.size >= bytes) return fd;
  closeSync(fd);
  return undefined;
}

/** Removes what runs of ours have left that have ended. That some cannot be removed is no reason to stop. */
export function removeLeftovers(path: string, uid = geteuid?.() ?? 0): void {
  for (const ending of ['.part', '.note']) {
    for (const stem of leftovers(path, uid, ending)) removeFile(stem + ending);
  }
}

/** Removes a file, if that can be done. */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {}
}

/** What has such an ending, without it. */
function leftovers(path: string, uid: number, ending: string): string[] {
  const directory = dirname(path);
  const prefix = prefixFor(path);
  const isLeft = (name: string) => {
    const stem = name.slice(0, -ending.length);
    const writer = /^(\d+)\.[0-9a-f]{32}$/.exec(stem.slice(prefix.length))?.[1];
    if (writer === undefined || isWritten(join(directory, stem), Number(writer))) return false;
    const stat = lstatSync(join(directory, name), { throwIfNoEntry: false });
    return stat?.isFile() && stat.uid === uid;
  };
  try {
    return readdirSync(directory)
      .filter((name) => name.startsWith(prefix) && name.endsWith(ending) && isLeft(name))
      .map((name) => join(directory, name.slice(0, -ending.length)));
  } catch {
    return [];
  }
}

/** Those that this process writes; in containers, an earlier one may have had its number. */
const written = new Set<string>();

function isWritten(stem: string, writer: number): boolean {
  if (writer === pid) return written.has(stem);
  try {
    return kill(writer, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
