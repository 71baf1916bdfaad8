import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { App } from '../define/app.ts';
import type { Bytes } from '../disk/bytes.ts';
import { fileBytes } from '../disk/file.ts';
import { UsageError, VerifyError } from '../errors.ts';
import { cannot } from '../transfer/system.ts';

/** A file on this machine, open for reading at any place. */
export interface ImageFile {
  readonly bytes: Bytes;
  /** Bytes of the file system that it takes, fewer than its size where it has holes. */
  readonly allocated: number;
  /** Refuses a file that was written to since it was opened. */
  refuseChange(): Promise<void>;
}

/** An image file until it is closed. */
export interface OpenFile extends ImageFile {
  close(): Promise<void>;
}

/** Opens an image file for as long as something is done with it. */
export async function withFile<T>(
  { signal }: Pick<App, 'signal'>,
  path: string,
  act: (file: ImageFile) => Promise<T>,
): Promise<T> {
  const file = await openImageFile(path, signal);
  try {
    return await act(file);
  } finally {
    await file.close();
  }
}

/** Opens an image file until it is closed; nothing more is read of it once the signal has come. */
export async function openImageFile(path: string, signal: AbortSignal): Promise<OpenFile> {
  const refuse = (error: unknown) => {
    throw cannot('read', path, error);
  };
  // Without O_NONBLOCK the opening of a FIFO waits for its writer in a thread that nothing can interrupt.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
  const handle = await open(path, flags).catch(refuse);
  try {
    const stat = await handle.stat({ bigint: true });
    if (stat.isDirectory()) throw new UsageError(`Cannot read ${path}: it is a directory`);
    if (!stat.isFile()) throw new UsageError(`Cannot read ${path} at any place: it is not a regular file`);
    const bytes = fileBytes(handle, Number(stat.size));
    return {
      bytes: {
        ...bytes,
        async read(into, at) {
          signal.throwIfAborted();
          return bytes.read(into, at);
        },
      },
      allocated: Number(stat.blocks) * 512,
      async refuseChange() {
        const { size, mtimeNs } = await handle.stat({ bigint: true });
        if (size === stat.size && mtimeNs === stat.mtimeNs) return;
        throw new VerifyError(`${path} changed while it was being read`);
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
