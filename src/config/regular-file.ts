import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** The text and mode of a file; throws for what is none, which nobody can say how long to wait for. */
export function readRegularFile(path: string): { readonly text: string; readonly mode: number } {
  // to open a FIFO would wait for somebody to write to it, and no signal would be heard meanwhile
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(file);
    // reading a folder says so by itself
    if (!stats.isFile() && !stats.isDirectory())
      throw Object.assign(new Error(), { code: 'no regular file' });
    return { text: readFileSync(file, 'utf8'), mode: stats.mode };
  } finally {
    closeSync(file);
  }
}
