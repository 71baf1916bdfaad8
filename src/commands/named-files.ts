import { dirname, resolve } from 'node:path';
import type { App } from '../define/app.ts';
import { on } from '../define/option.ts';
import type { Named } from '../disk/bytes.ts';
import { openDisk } from '../disk/formats.ts';
import { DiskError } from '../errors.ts';
import { type OpenFile, openImageFile } from './image-file.ts';

type Wish = { readonly backing?: boolean | undefined };

/** An image file, and those that it names as they are opened. */
export interface ImageFiles extends OpenFile {
  /** Bytes of the file system that all of them take. */
  allocatedInAll(): number;
}

/** Opens an image file for as long as something is done with it, and what it names, where that is wished. */
export async function withFiles<T>(
  app: App,
  path: string,
  wish: Wish,
  act: (file: ImageFiles) => Promise<T>,
): Promise<T> {
  const file = await openFiles(app, path, wish);
  try {
    return await act(file);
  } finally {
    await file.close();
  }
}

/** The same until it is closed. */
export async function openFiles(app: App, path: string, { backing }: Wish): Promise<ImageFiles> {
  const file = await openImageFile(path, app.signal);
  return backing === true ? namedFiles(app, path, file) : { ...file, allocatedInAll: () => file.allocated };
}

/** The option of the commands that read a disk which may lie in several files. */
export const backing = on(
  '--backing',
  'Read the files that it names as well: a backing file, external data, parts',
);

/**
 * An image file that opens what it names, each file once and only when it is read: relative names are those of its own
 * folder, and a file of which nobody says the format opens no further ones, as its guest may have written its first bytes.
 */
function namedFiles({ signal, stdio }: App, path: string, file: OpenFile): ImageFiles {
  const others = new Map<string, OpenFile>();

  const opened = async (target: string, by: string): Promise<OpenFile> => {
    const found = others.get(target);
    if (found !== undefined) return found;
    const other = await openImageFile(target, signal).catch((cause) => {
      throw new DiskError(`${by} is not whole here: ${cause.message}`, { cause });
    });
    others.set(target, other);
    stdio.tell(`${by} names ${target}, which is read as well`);
    return other;
  };
  const namedBy =
    (by: string, way: readonly string[]): Named =>
    async (name, format) => {
      const target = placeOf(name, by);
      if (way.includes(target))
        throw new DiskError(`${by} names ${target}, which leads back to it: there is no disk below`);
      const { bytes } = await opened(target, by);
      const named = format === undefined ? undefined : namedBy(target, [...way, target]);
      return openDisk({ ...bytes, named }, format === undefined ? undefined : (ownNames[format] ?? format));
    };
  const all = () => [file, ...others.values()];

  return {
    bytes: { ...file.bytes, named: namedBy(path, [resolve(path)]) },
    allocated: file.allocated,
    allocatedInAll: () => all().reduce((sum, { allocated }) => sum + allocated, 0),
    async refuseChange() {
      for (const it of all()) await it.refuseChange();
    },
    async close() {
      for (const it of all()) await it.close();
    },
  };
}

/** What QEMU calls differently. */
const ownNames: Readonly<Record<string, string>> = { vpc: 'vhd', file: 'raw' };

/** A name of QEMU's may also say how to get there, which is done for files alone. */
function placeOf(name: string, by: string): string {
  const path = name.replace(/^file:/, '');
  if (/^[a-z][a-z0-9+.-]+:/i.test(path))
    throw new DiskError(`${by} names '${name}', which is no file: only files are read`);
  return resolve(dirname(by), path);
}
