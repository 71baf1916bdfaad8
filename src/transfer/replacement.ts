import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { kill, pid } from 'node:process';
import { promisify } from 'node:util';
import type { Sink } from './sink.ts';
import { writeWhole } from './system.ts';

/**
 * Writes a temporary file beside `path` that takes its name, and the mode of the file `before` it, at the end.
 * The temporary name tells who writes: what a killed run has left is removed by the next one for the same path.
 */
export function replacement(path: string, before: Stats | undefined): Sink {
  if (before) accessSync(path, constants.W_OK);
  const directory = dirname(path);
  // the beginning of a long name only: a file name has at most 255 bytes
  const prefix = `.${basename(path).slice(0, 60)}.`;
  const temporary = join(directory, `${prefix}${pid}.${randomBytes(16).toString('hex')}.part`);
  const fd = create(temporary, before);
  removeLeftovers(directory, prefix, fstatSync(fd).uid);
  let at = 0;
  let open = true;
  let abandoned = false;
  return {
    write(chunk) {
      writeWhole(fd, chunk, at);
      at += chunk.length;
    },
    rewind() {
      ftruncateSync(fd);
      at = 0;
    },
    async finish() {
      open = false;
      await promisify(fsync)(fd).finally(() => closeSync(fd));
      if (abandoned) return;
      renameSync(temporary, path);
      await syncDirectory(directory);
    },
    async abandon() {
      abandoned = true;
      if (open) closeSync(fd);
      open = false;
      rmSync(temporary, { force: true });
    },
  };
}

/** A new file gets the mode that the system gives it: it knows the umask and the directory's default rights. */
function create(temporary: string, before: Stats | undefined): number {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, before ? 0o600 : 0o666);
  if (before) fchmodSync(fd, before.mode & 0o777);
  return fd;
}

/** Makes the new name last as well; some file systems cannot, and by now the file is there. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    const fd = openSync(directory, constants.O_RDONLY);
    await promisify(fsync)(fd).finally(() => closeSync(fd));
  } catch {}
}

/** Removes what runs of ours left that no longer run. That some cannot be removed is no reason to stop. */
function removeLeftovers(directory: string, prefix: string, uid: number): void {
  try {
    for (const name of readdirSync(directory)) {
      const writer =
        name.startsWith(prefix) && /^(\d+)\.[0-9a-f]{32}\.part$/.exec(name.slice(prefix.length))?.[1];
      if (!writer) continue;
      const file = join(directory, name);
      const stat = lstatSync(file);
      if (stat.isFile() && stat.uid === uid && !isWritten(Number(writer), stat))
        rmSync(file, { force: true });
    }
  } catch {}
}

/** Whether the process runs; one of our own number is another if the file is older than we are (as in containers). */
function isWritten(writer: number, { mtimeMs }: Stats): boolean {
  if (writer === pid) return mtimeMs >= performance.timeOrigin;
  try {
    return kill(writer, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
