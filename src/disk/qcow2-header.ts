import { DiskError } from '../errors.ts';
import { type Bytes, readAt } from './bytes.ts';
import { u64be, within } from './fields.ts';

/*
 * qcow2, versions 2 and 3, most significant byte first. https://www.qemu.org/docs/master/interop/qcow2.html
 *
 *   0   4   "QFI" fb                          60  u32 how many snapshots
 *   4   u32 version                           64  u64 their table
 *   8   u64 place of the backing file's name  (version 2 ends at 72)
 *   16  u32 length of that name               72  u64 incompatible features
 *   20  u32 cluster bits                      80  u64 compatible features
 *   24  u64 bytes of the disk                 88  u64 autoclear features
 *   32  u32 encryption: 0 none, 1 AES, 2 LUKS 96  u32 refcount order
 *   36  u32 entries of the L1 table           100 u32 length of the header
 *   40  u64 place of the L1 table             104 u8  compression: 0 zlib, 1 zstd
 *   48  u64 place of the refcount table
 *   56  u32 clusters of the refcount table
 *
 * Then extensions of u32 type, u32 length and data padded to 8 bytes, until type 0.
 */
const at = {
  version: 4,
  backing: 8,
  backingLength: 16,
  clusterBits: 20,
  size: 24,
  encryption: 32,
  l1Entries: 36,
  l1: 40,
  refcounts: 48,
  snapshots: 60,
  snapshotTable: 64,
  incompatible: 72,
  compatible: 80,
  autoclear: 88,
  refcountOrder: 96,
  length: 100,
  compression: 104,
};

/** What the header of a qcow2 file says, all of it within the bounds that QEMU sets. */
export interface Qcow2Header {
  readonly version: number;
  readonly backingFile: string | undefined;
  readonly backingFormat: string | undefined;
  readonly dataFile: string | undefined;
  readonly clusterSize: number;
  readonly size: number;
  readonly encryption: number;
  readonly l1Entries: number;
  readonly l1: number;
  readonly refcountTable: number;
  readonly refcountBits: number;
  readonly snapshots: number;
  readonly snapshotTable: number;
  readonly dirty: boolean;
  readonly corrupt: boolean;
  readonly hasDataFile: boolean;
  readonly extendedL2: boolean;
  /** Bits of incompatible features that nobody gave a meaning when this was written. */
  readonly unknownFeatures: readonly number[];
  readonly lazyRefcounts: boolean;
  readonly compression: 'zlib' | 'zstd';
  /** The directory of bitmaps, where there are any. */
  readonly bitmaps: { readonly count: number; readonly at: number; readonly length: number } | undefined;
  /** Whether `bitmaps` are as new as the disk. */
  readonly bitmapsValid: boolean;
}

const extensions = {
  end: 0,
  backingFormat: 0xe2792aca,
  bitmaps: 0x23852875,
  dataFile: 0x44415441,
};

/** Reads the header; refuses one that QEMU refuses as well. */
export async function qcow2Header(file: Bytes): Promise<Qcow2Header> {
  const head = await readAt(file, 0, Math.min(file.size, 64 * 1024));
  if (head.length < 72) throw new DiskError('The qcow2 file ends within its header');
  const version = within(head.readUInt32BE(at.version), 2, 3, 'version');
  const length = version === 2 ? 72 : within(head.readUInt32BE(at.length), 104, 4096, 'header length');
  if (head.length < length) throw new DiskError('The qcow2 file ends within its header');
  const features = version === 2 ? 0n : head.readBigUInt64BE(at.incompatible);
  const has = (bit: number) => ((features >> BigInt(bit)) & 1n) === 1n;
  const clusterSize = 2 ** within(head.readUInt32BE(at.clusterBits), 9, 21, 'number of cluster bits');
  const found = extensionsOf(head.subarray(0, clusterSize), length);
  const bitmaps = found.get(extensions.bitmaps);
  return {
    version,
    backingFile: backingFileOf(head),
    backingFormat: found.get(extensions.backingFormat)?.toString(),
    dataFile: found.get(extensions.dataFile)?.toString(),
    clusterSize,
    size: u64be(head, at.size),
    encryption: head.readUInt32BE(at.encryption),
    l1Entries: within(head.readUInt32BE(at.l1Entries), 0, 4 * 1024 * 1024, 'number of L1 entries'),
    l1: u64be(head, at.l1),
    refcountTable: u64be(head, at.refcounts),
    refcountBits:
      version === 2 ? 16 : 2 ** within(head.readUInt32BE(at.refcountOrder), 0, 6, 'refcount order'),
    snapshots: within(head.readUInt32BE(at.snapshots), 0, 65536, 'number of snapshots'),
    snapshotTable: u64be(head, at.snapshotTable),
    dirty: has(0),
    corrupt: has(1),
    hasDataFile: has(2),
    extendedL2: has(4),
    unknownFeatures: Array.from({ length: 59 }, (_, index) => index + 5).filter(has),
    lazyRefcounts: version === 3 && (head.readUInt32BE(at.compatible + 4) & 1) !== 0,
    compression: has(3) ? compressionOf(head, length) : 'zlib',
    bitmaps:
      bitmaps === undefined || bitmaps.length < 24
        ? undefined
        : { count: bitmaps.readUInt32BE(0), length: u64be(bitmaps, 8), at: u64be(bitmaps, 16) },
    bitmapsValid: version === 3 && (head.readUInt32BE(at.autoclear + 4) & 1) !== 0,
  };
}

function compressionOf(head: Buffer, length: number): 'zlib' | 'zstd' {
  const type = length > at.compression ? head.readUInt8(at.compression) : 0;
  return within(type, 0, 1, 'kind of compression') === 1 ? 'zstd' : 'zlib';
}

function backingFileOf(head: Buffer): string | undefined {
  const place = u64be(head, at.backing);
  if (place === 0) return undefined;
  const length = within(head.readUInt32BE(at.backingLength), 0, 1023, "length of the backing file's name");
  if (place + length > head.length)
    throw new DiskError("The name of the backing file is not in the qcow2's header");
  return head.toString('utf8', place, place + length);
}

function extensionsOf(head: Buffer, from: number): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = from; at + 8 <= head.length; ) {
    const [type, length] = [head.readUInt32BE(at), head.readUInt32BE(at + 4)];
    if (type === extensions.end) break;
    const data = head.subarray(at + 8, at + 8 + length);
    if (data.length < length)
      throw new DiskError('An extension of the qcow2 header is longer than the header');
    found.set(type, data);
    at += 8 + 8 * Math.ceil(length / 8);
  }
  return found;
}
