import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Bytes, readAt } from '../disk/bytes.ts';
import { memoryBytes } from '../disk/file.ts';
import { DiskError, Unread } from '../errors.ts';
import { damaged, type Entry, type FileSystem, kindOf, type Node } from './file-system.ts';

/** Archives that unpack to more than this (bytes), or that have more files and directories, are not read. */
const [most, mostFiles] = [32 * 1024 * 1024, 50_000];
const where = 'The initramfs';

/** The files that a kernel unpacks before it begins; `packed` is the whole of them, compressed by gzip or not at all. */
export async function openInitramfs(packed: Bytes): Promise<FileSystem> {
  if (packed.size > most) throw new Unread(`${where} has ${packed.size} bytes, which is too much to be read`);
  const raw = await unpack(packed);
  const root = treeOf(membersOf(raw));
  return {
    kind: 'initramfs',
    label: '',
    uuid: '',
    needsReplay: false,
    foldsCase: false,
    free: undefined,
    size: raw.length,
    root: async () => directoryOf(root),
  };
}

async function unpack(packed: Bytes): Promise<Buffer> {
  const head = await readAt(packed, 0, Math.min(2, packed.size));
  if (head[0] !== 0x1f || head[1] !== 0x8b) return readAt(packed, 0, packed.size);
  const into = Buffer.allocUnsafeSlow(most);
  let length = 0;
  try {
    await pipeline(piecesOf(packed), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        if (length + chunk.length > most) throw new Unread(`${where} unpacks to more than ${most} bytes`);
        length += chunk.copy(into, length);
      }
    });
  } catch (error) {
    if (error instanceof DiskError) throw error;
    throw damaged(where, error instanceof Error ? error.message : String(error));
  }
  return into.subarray(0, length);
}

const piece = 64 * 1024;

async function* piecesOf(bytes: Bytes): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.size; at += piece) yield readAt(bytes, at, Math.min(piece, bytes.size - at));
}

const headerSize = 110;
const longestName = 4096;

interface Member {
  readonly name: string;
  /** The header, and everything behind it. */
  readonly header: Buffer;
}

// https://docs.kernel.org/driver-api/early-userspace/buffer-format.html
function* membersOf(raw: Buffer): Generator<Member> {
  const isHeader = (at: number) => /^07070[12]$/.test(raw.toString('latin1', at, at + 6));
  if (!isHeader(0)) throw new Unread(`${where} is compressed in a way that is not read`);
  for (let at = 0; at + headerSize <= raw.length; ) {
    if (!isHeader(at)) throw damaged(where, 'a file without its header');
    const [size, letters] = [field(raw, at, 6), field(raw, at, 11)];
    if (letters > longestName || size > raw.length) throw damaged(where, 'a file of a size that cannot be');
    const name = raw.toString('utf8', at + headerSize, at + headerSize + letters - 1);
    if (name === 'TRAILER!!!') return;
    const content = (at + headerSize + letters + 3) & ~3;
    if (content + size > raw.length) throw damaged(where, `${name} is cut off`);
    yield { name: name.replace(/^\.?\/+/, ''), header: raw.subarray(at, content + size) };
    at = (content + size + 3) & ~3;
  }
  throw damaged(where, 'it is cut off');
}

/** The number in one of the header's thirteen fields of eight digits. */
function field(raw: Buffer, at: number, index: number): number {
  const digits = raw.toString('latin1', at + 6 + index * 8, at + 14 + index * 8);
  if (!/^[0-9a-f]{8}$/i.test(digits)) throw damaged(where, 'a header that is no number');
  return Number.parseInt(digits, 16);
}

interface Directory {
  readonly children: Map<string, Directory>;
  header?: Buffer;
}

function treeOf(members: Iterable<Member>): Directory {
  const root: Directory = { children: new Map() };
  let left = mostFiles;
  for (const { name: path, header } of members) {
    let at = root;
    for (const name of path.split('/').filter((word) => word !== '' && word !== '.')) {
      const known = at.children.get(name);
      const next: Directory = known ?? { children: new Map() };
      if (known === undefined) {
        at.children.set(name, next);
        left -= 1;
        if (left < 0) throw new Unread(`${where} has more than ${mostFiles} files`);
      }
      at = next;
    }
    at.header = header;
  }
  return root;
}

function directoryOf({ header, children }: Directory): Node {
  const mode = header === undefined ? 0o40755 : field(header, 0, 1);
  const entries = [...children].map(
    ([name, child]): Entry => ({ name, node: async () => directoryOf(child) }),
  );
  const size = header === undefined ? 0 : field(header, 0, 6);
  const content = header?.subarray(header.length - size) ?? Buffer.alloc(0);
  return {
    kind: kindOf(mode, where),
    mode: mode & 0o7777,
    uid: header === undefined ? 0 : field(header, 0, 2),
    gid: header === undefined ? 0 : field(header, 0, 3),
    size,
    mtime: header === undefined ? 0 : field(header, 0, 5),
    content: async () => memoryBytes(content),
    entries: async () => entries,
  };
}
