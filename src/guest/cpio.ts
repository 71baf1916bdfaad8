import { gunzip } from 'node:zlib';
import { type Bytes, readAt } from '../disk/bytes.ts';
import { memoryBytes } from '../disk/file.ts';
import { Unread } from '../errors.ts';
import { damaged, type Entry, type FileSystem, kindOf, type Node } from './file-system.ts';

/** Archives that unpack to more than this (bytes) are not read. */
const most = 64 * 1024 * 1024;
const where = 'The initramfs';

/** The files that a kernel unpacks before it begins; `packed` is the whole of them, compressed by gzip or not at all. */
export async function openInitramfs(packed: Bytes): Promise<FileSystem> {
  if (packed.size > most) throw new Unread(`${where} has ${packed.size} bytes, which is too much to be read`);
  const raw = await unpack(await readAt(packed, 0, packed.size));
  const files = new Map<string, Buffer>();
  for (const { name, header } of membersOf(raw)) files.set(name, header);
  return {
    kind: 'initramfs',
    label: '',
    uuid: '',
    needsReplay: false,
    foldsCase: false,
    free: undefined,
    size: raw.length,
    root: async () => directoryOf(treeOf(files)),
  };
}

async function unpack(raw: Buffer): Promise<Buffer> {
  if (raw[0] !== 0x1f || raw[1] !== 0x8b) return raw;
  return new Promise((resolve, reject) =>
    gunzip(raw, { maxOutputLength: most }, (error, content) => {
      if (error === null) resolve(content);
      else if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
        reject(new Unread(`${where} unpacks to more than ${most} bytes`));
      } else reject(damaged(where, error.message));
    }),
  );
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

function treeOf(files: ReadonlyMap<string, Buffer>): Directory {
  const root: Directory = { children: new Map() };
  for (const [path, header] of files) {
    let at = root;
    for (const name of path.split('/').filter((word) => word !== '' && word !== '.')) {
      const next: Directory = at.children.get(name) ?? { children: new Map() };
      at.children.set(name, next);
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
