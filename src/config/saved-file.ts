import { chmodSync, existsSync, lstatSync, mkdirSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import Conf from 'conf';
import { TglanceError, UsageError } from '../errors.ts';

/**
 * Saves a word under a name, or forgets it when there is none; the file is replaced as a whole. It is its owner's
 * alone, and never written through a link. https://github.com/sindresorhus/conf
 */
export function changeSaved(path: string, name: string, word: string | undefined): void {
  const folder = dirname(path);
  try {
    makeFolder(folder);
    for (const it of [folder, path]) refuseLink(it);
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === false)
      throw new TglanceError(`${path} is no regular file, and nothing is saved in it`);
    chmodSync(folder, 0o700);
    const file = new Conf<Record<string, unknown>>({
      cwd: folder,
      configName: basename(path, extname(path)),
      configFileMode: 0o600,
    });
    if (word === undefined) file.delete(name);
    else file.set(name, word);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new UsageError(`${path} is not valid JSON; mend it, or remove it`);
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : new TglanceError(`Cannot write ${path}: ${code}`);
  }
}

/** One by one: Node's own way never ends where nothing can be made although the folder above is there, as below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

function refuseLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new TglanceError(`${path} is a symbolic link, and nothing is saved through one`);
  }
}
