import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bytes } from '../../../src/disk/bytes.ts';
import { fileBytes } from '../../../src/disk/file.ts';
import type { Later } from './witness.ts';

/** The network boot loader of Debian's package ipxe: an image that machines boot from. */
export const ipxe = '/usr/lib/ipxe/ipxe.iso';

/** The same disk as a file of another format, made by qemu-img in a folder of its own. */
export async function ipxeAs(format: 'qcow2' | 'vmdk' | 'vpc', later: Later): Promise<string> {
  const file = join(await folder(later), `ipxe.${format}`);
  await promisify(execFile)('qemu-img', ['convert', '-f', 'raw', '-O', format, ipxe, file]);
  return file;
}

/** A folder that goes when the test is over. */
export async function folder(later: Later): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'tglance-'));
  later(() => rm(path, { recursive: true }));
  return path;
}

/** Opens a file for one look at it. */
export async function looked<T>(path: string, look: (bytes: Bytes) => Promise<T>): Promise<T> {
  const handle = await open(path);
  try {
    return await look(fileBytes(handle, (await handle.stat()).size));
  } finally {
    await handle.close();
  }
}
