import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../errors.ts';

const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;

/** Makes sure that the file is there, is no link, and is its owner's alone, whatever the umask. */
export function privateFile(path: string): void {
  const file = openSync(path, flags, 0o600);
  fchmodSync(file, 0o600);
  closeSync(file);
}

/**
 * Makes a folder and those above it. Node's own way never ends where nothing can be made although the folder
 * above is there, as below /proc.
 */
function makeFolder(path: string): void {
  const above = dirname(path);
  if (!existsSync(above)) makeFolder(above);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (isThere(path)) return;
    throw new UsageError(`Cannot make the folder ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

const isThere = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** The same for a folder. One that is there must be empty or hold `mark`: nobody else's is taken over. */
export function privateFolder(path: string, mark: string): void {
  makeFolder(path);
  const held = readdirSync(path);
  if (held.length > 0 && !held.includes(mark))
    throw new UsageError(`${path} holds other files and cannot be a sandbox`);
  chmodSync(path, 0o700);
}

/** Folders within a private one, by their names. */
export function privateFolders(parent: string, names: readonly string[]): void {
  for (const path of names.map((name) => join(parent, name))) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (!lstatSync(path).isDirectory()) throw new UsageError(`${path} is not a folder`);
    chmodSync(path, 0o700);
  }
}
