import { DiskError } from '../errors.ts';
import { type Bytes, readAt } from './bytes.ts';
import { u64le, within } from './fields.ts';
import { longestDescriptor } from './vmdk-descriptor.ts';

/*
 * Sparse extent of VMware, least significant byte first.
 * https://www.vmware.com/app/vmdk/?src=vmdk (Virtual Disk Format 5.0)
 *
 *   0   4   "KDMV"                           44  u32 entries of a grain table
 *   4   u32 version 1 to 3                   48  u64 sector of the redundant directory
 *   8   u32 flags: 1 newline test,           56  u64 sector of the directory, all ones: see the footer
 *           2 redundant directory,           64  u64 sectors before the data
 *           4 entry 1 means zeros,           73  4   newlines, to tell text transfers
 *           10000 compressed,                77  u16 compression: 1 deflate
 *           20000 markers
 *   12  u64 sectors of the disk
 *   20  u64 sectors of a grain
 *   28  u64 sector of the descriptor, 36 u64 its sectors
 *
 * A footer of the same form is 1024 bytes before the end, between a marker and the end-of-stream marker.
 */
const at = {
  version: 4,
  flags: 8,
  sectors: 12,
  grain: 20,
  descriptor: 28,
  descriptorSectors: 36,
  entries: 44,
  directory: 56,
  compression: 77,
};

const flags = { zeroed: 4, compressed: 0x10000, markers: 0x20000 };

/** Sectors of a grain; a compressed one is unpacked in memory, and has 128 wherever VMware has written it. */
const [largest, largestPacked] = [65536, 4096];

/** The directory's place of an extent that tells it in its footer only. */
const atEnd = 0xffff_ffff_ffff_ffffn;

/** What the header of a sparse extent says, in bytes. */
export interface VmdkHeader {
  readonly version: number;
  readonly size: number;
  readonly grainSize: number;
  readonly tableEntries: number;
  readonly directory: number;
  readonly compressed: boolean;
  readonly markers: boolean;
  readonly zeroed: boolean;
  /** Whether a footer has the last word. */
  readonly hasFooter: boolean;
  /** The text, empty in an extent that another file describes. */
  readonly descriptor: string;
}

/** Reads the header, or the footer where that counts. */
export async function vmdkHeader(file: Bytes): Promise<VmdkHeader> {
  const first = await readAt(file, 0, 512);
  const hasFooter = first.readBigUInt64LE(at.directory) === atEnd;
  const head = hasFooter ? await readAt(file, file.size - 1024, 512) : first;
  if (head.toString('latin1', 0, 4) !== 'KDMV')
    throw new DiskError('The VMDK file has no footer: it was cut off');
  if (hasFooter && head.readBigUInt64LE(at.directory) === atEnd)
    throw new DiskError('The footer of the VMDK file is damaged');
  const bits = head.readUInt32LE(at.flags);
  const compression = head.readUInt16LE(at.compression);
  const compressed = (bits & flags.compressed) !== 0;
  const grain = within(u64le(head, at.grain), 1, compressed ? largestPacked : largest, 'grain size');
  if (!Number.isInteger(Math.log2(grain)))
    throw new DiskError(`Its grain size is ${grain}, which cannot be true`);
  if (compressed) within(compression, 1, 1, 'kind of compression');
  return {
    version: within(head.readUInt32LE(at.version), 1, 3, 'version'),
    size: within(u64le(head, at.sectors) * 512, 0, Number.MAX_SAFE_INTEGER, 'size'),
    grainSize: grain * 512,
    tableEntries: within(head.readUInt32LE(at.entries), 1, 4096, 'number of entries of a grain table'),
    directory: u64le(head, at.directory) * 512,
    compressed,
    markers: (bits & flags.markers) !== 0,
    zeroed: (bits & flags.zeroed) !== 0,
    hasFooter,
    descriptor: await descriptorIn(file, first),
  };
}

async function descriptorIn(file: Bytes, head: Buffer): Promise<string> {
  const place = u64le(head, at.descriptor) * 512;
  if (place === 0 || place >= file.size) return '';
  const length = Math.min(u64le(head, at.descriptorSectors) * 512, longestDescriptor, file.size - place);
  return (await readAt(file, place, length)).toString('latin1');
}
