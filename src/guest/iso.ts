import { type Bytes, part, readAt } from '../disk/bytes.ts';
import { memoryBytes } from '../disk/file.ts';
import { damaged, type Entry, type FileSystem, kindOf, type Node, refuseHuge } from './file-system.ts';
import { rockRidge } from './rock-ridge.ts';

const sector = 2048;
const name = 'The iso9660 file system';

/** What reading an ISO 9660 file system needs to know of it. */
export interface Iso {
  readonly disk: Bytes;
  readonly blockSize: number;
  /** Names are in UTF-16. */
  readonly joliet: boolean;
  /** Bytes before the extensions of each record, or undefined where there are no Unix names. */
  readonly skip: number | undefined;
}

// https://ecma-international.org/publications-and-standards/standards/ecma-119/ sections 8.4 and 9.1
/** The file system whose descriptors stand in sector 16, or undefined where there are none. */
export async function openIso(disk: Bytes): Promise<FileSystem | undefined> {
  if (disk.size < 17 * sector) return undefined;
  const first = await readAt(disk, 16 * sector, sector);
  if (first.toString('latin1', 0, 6) !== '\x01CD001') return undefined;
  const blockSize = first.readUInt16LE(128);
  if (blockSize < 512 || blockSize > sector || (blockSize & (blockSize - 1)) !== 0) {
    throw damaged(name, 'its descriptor has sizes that cannot be');
  }
  const plain: Iso = { disk, blockSize, joliet: false, skip: undefined };
  const skip = await extensionsAt(plain, recordIn(first.subarray(156)));
  const wide = skip === undefined ? await supplementary(disk) : undefined;
  const iso: Iso = { ...plain, joliet: wide !== undefined, skip };
  const root = recordIn((wide ?? first).subarray(156));
  return {
    kind: 'iso9660',
    label: first.toString('latin1', 40, 72).trimEnd(),
    uuid: createdAt(first),
    needsReplay: false,
    foldsCase: skip === undefined,
    free: 0,
    size: first.readUInt32LE(80) * blockSize,
    root: () => nodeOf(iso, root),
  };
}

/** As blkid makes one of the day it was made. */
const createdAt = (descriptor: Buffer) =>
  descriptor
    .toString('latin1', 813, 829)
    .replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3-$4-$5-$6-$7');

/** The descriptor of the same files by long names. */
async function supplementary(disk: Bytes): Promise<Buffer | undefined> {
  for (let at = 17 * sector; at + sector <= disk.size && at < 48 * sector; at += sector) {
    const descriptor = await readAt(disk, at, sector);
    if (descriptor.toString('latin1', 1, 6) !== 'CD001' || descriptor[0] === 255) return undefined;
    if (descriptor[0] === 2 && /^%\/[@CE]/.test(descriptor.toString('latin1', 88, 91))) return descriptor;
  }
  return undefined;
}

/** An entry of a directory. */
export interface Record {
  readonly raw: Buffer;
  readonly from: number;
  readonly size: number;
  readonly directory: boolean;
  readonly name: Buffer;
  /** What stands behind the name: the extensions. */
  readonly system: Buffer;
}

function recordIn(at: Buffer): Record {
  const raw = Buffer.from(at.subarray(0, at[0] ?? 0)); // what it stands in need not be kept for it
  const letters = raw[32] ?? 0;
  if (raw.length < 34 || 33 + letters > raw.length)
    throw damaged(name, 'a directory with an entry of a wrong length');
  return {
    raw,
    from: raw.readUInt32LE(2),
    size: raw.readUInt32LE(10),
    directory: ((raw[25] ?? 0) & 2) !== 0,
    name: raw.subarray(33, 33 + letters),
    system: raw.subarray((33 + letters + 1) & ~1),
  };
}

async function recordsOf(iso: Iso, { from, size }: Record): Promise<Record[]> {
  refuseHuge(size, name);
  const raw = await readAt(iso.disk, from * iso.blockSize, size);
  const found: Record[] = [];
  for (let at = 0; at < raw.length; ) {
    // records do not cross sectors: the rest of one is zeros
    if (raw[at] === 0) at = (Math.floor(at / sector) + 1) * sector;
    else {
      const record = recordIn(raw.subarray(at));
      found.push(record);
      at += record.raw.length;
    }
  }
  return found;
}

/** Whether the root's own record says that Unix names follow, and where. */
async function extensionsAt(iso: Iso, root: Record): Promise<number | undefined> {
  const system = (await recordsOf(iso, root))[0]?.system;
  if (system === undefined || system.length < 7 || system.toString('latin1', 0, 2) !== 'SP') return undefined;
  return system[6];
}

async function nodeOf(iso: Iso, record: Record): Promise<Node> {
  const { from, size, directory, raw } = record;
  const unix = iso.skip === undefined ? undefined : await rockRidge(iso, record);
  const { mode = directory ? 0o40555 : 0o100555, uid = 0, gid = 0, target } = unix ?? {};
  const kind = directory ? 'directory' : kindOf(mode, name);
  const link = target === undefined ? undefined : Buffer.from(target);
  return {
    kind,
    mode: mode & 0o7777,
    uid,
    gid,
    size: link?.length ?? size,
    mtime: unix?.mtime ?? timeIn(raw, 18),
    content: async () =>
      link === undefined ? part(iso.disk, from * iso.blockSize, size) : memoryBytes(link),
    entries: async () => entriesOf(iso, record),
  };
}

async function entriesOf(iso: Iso, directory: Record): Promise<Entry[]> {
  const found: Entry[] = [];
  // the first two are the directory itself and the one above
  for (const record of (await recordsOf(iso, directory)).slice(2)) {
    const unix = iso.skip === undefined ? undefined : await rockRidge(iso, record);
    if (unix?.moved === true) continue;
    const name = unix?.name ?? (iso.joliet ? wideName(record.name) : shortName(record.name));
    if (name === '' || /[/\0]/.test(name))
      throw damaged('The iso9660 file system', 'an entry that cannot be');
    const place = unix?.child === undefined ? record : await childOf(iso, unix.child);
    found.push({ name, node: () => nodeOf(iso, place) });
  }
  return found;
}

/** A directory too deep for the standard lies elsewhere, and only its block is known. */
async function childOf(iso: Iso, block: number): Promise<Record> {
  return recordIn(await readAt(iso.disk, block * iso.blockSize, 255));
}

const wideName = (raw: Buffer) => Buffer.from(raw).swap16().toString('utf16le').replace(/;\d+$/, '');

/** As Linux shows them: in small letters, without the version. */
const shortName = (raw: Buffer) =>
  raw
    .toString('latin1')
    .toLowerCase()
    .replace(/\.?;\d+$/, '');

/** Seven bytes: year, month, day, hour, minute, second, and the zone in quarters of an hour. */
export const timeIn = (raw: Buffer, at: number): number => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = raw.subarray(at, at + 6);
  return Date.UTC(1900 + year, month - 1, day, hour, minute, second) / 1000 - raw.readInt8(at + 6) * 900;
};
