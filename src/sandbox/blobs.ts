import { createHash } from 'node:crypto';
import { constants, copyFileSync, linkSync, renameSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { privateFolders } from './private.ts';

/** What was read while data came in. */
export interface Digest {
  readonly size: number;
  readonly md5: string;
  readonly sha512: string;
  /** Bytes that the disk has by the qcow2 header, if there is one. */
  readonly qcow2: number | undefined;
}

/**
 * Image data as files, one folder per place (a store, `staging`, `incoming`). Names are hashes of ids, so
 * nothing that a client sends becomes part of a path.
 */
export interface Blobs {
  /** Takes data into a temporary file that is flushed to the disk; a failure leaves nothing. */
  receive(nonce: string, data: AsyncIterable<Uint8Array>): Promise<Digest>;
  /** Gives received data their place. */
  place(nonce: string, place: string, id: string): void;
  /** The same data in a second place. */
  copy(id: string, from: string, to: string): void;
  /** Where the data are, as a URL. */
  url(id: string, place: string): string;
  /** The bytes from `start` up to, not including, `end`. */
  read(id: string, place: string, start: number, end: number): AsyncIterable<Uint8Array>;
  remove(id: string, places: readonly string[]): void;
  /** Removes a temporary file, if it is there. */
  discard(nonce: string): void;
}

const piece = 256 * 1024;
const fresh = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** The blobs below `dir`, in these places. */
export function openBlobs(dir: string, places: readonly string[]): Blobs {
  privateFolders(dir, ['incoming', ...places]);
  const named = (key: string) => createHash('sha256').update(key).digest('hex');
  const incoming = (nonce: string) => join(dir, 'incoming', named(nonce));
  const placed = (id: string, place: string) => join(dir, place, named(id));
  const discard = (nonce: string) => rmSync(incoming(nonce), { force: true });
  return {
    async receive(nonce, data) {
      const file = await open(incoming(nonce), fresh, 0o600);
      try {
        await file.chmod(0o600);
        const digest = await write(file, data);
        await file.sync();
        return digest;
      } catch (error) {
        discard(nonce);
        throw error;
      } finally {
        await file.close();
      }
    },
    place: (nonce, place, id) => renameSync(incoming(nonce), placed(id, place)),
    copy: (id, from, to) => {
      rmSync(placed(id, to), { force: true });
      try {
        // data never change once they are placed, so both may be one file
        linkSync(placed(id, from), placed(id, to));
      } catch {
        copyFileSync(placed(id, from), placed(id, to), constants.COPYFILE_EXCL);
      }
    },
    url: (id, place) => pathToFileURL(placed(id, place)).href,
    read: (id, place, start, end) => read(placed(id, place), start, end),
    remove: (id, from) => {
      for (const place of from) rmSync(placed(id, place), { force: true });
    },
    discard,
  };
}

async function write(file: FileHandle, data: AsyncIterable<Uint8Array>): Promise<Digest> {
  const md5 = createHash('md5');
  const sha512 = createHash('sha512');
  let head = new Uint8Array(0);
  let size = 0;
  for await (const chunk of data) {
    if (head.length < qcow2Header) head = Buffer.concat([head, chunk.subarray(0, qcow2Header - head.length)]);
    md5.update(chunk);
    sha512.update(chunk);
    await file.writeFile(chunk);
    size += chunk.length;
  }
  return { size, md5: md5.digest('hex'), sha512: sha512.digest('hex'), qcow2: qcow2Size(head) };
}

const qcow2Header = 512;

/** https://www.qemu.org/docs/master/interop/qcow2.html: magic at 0, size of the disk at 24, big-endian. */
function qcow2Size(head: Uint8Array): number | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < qcow2Header || view.getUint32(0) !== 0x514649fb) return undefined;
  return Number(view.getBigUint64(24));
}

async function* read(path: string, start: number, end: number): AsyncIterable<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    for (let at = start; at < end; ) {
      const { bytesRead, buffer } = await file.read(
        Buffer.allocUnsafe(Math.min(piece, end - at)),
        0,
        null,
        at,
      );
      if (bytesRead === 0) throw new Error('image data end early');
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
