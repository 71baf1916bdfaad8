import { crc32 } from 'node:zlib';
import { DiskError } from '../errors.ts';
import { type Bytes, readAt } from './bytes.ts';
import { guidAt, u64le, within } from './fields.ts';
import { entriesOf } from './mbr.ts';
import type { Partition, Table } from './partitions.ts';

/*
 * GUID partition table, least significant byte first; the header is sector 1, its copy the last sector.
 * https://uefi.org/specs/UEFI/2.10/05_GUID_Partition_Table_Format.html#gpt-header
 *
 *   0   8   "EFI PART"                    entry:  0   16  type, zero when unused
 *   12  u32 length of the header                  16  16  its own UUID
 *   16  u32 CRC-32 of the header                  32  u64 first sector
 *   32  u64 sector of the copy                    40  u64 last sector
 *   72  u64 first sector of the entries           56  72  name, UTF-16
 *   80  u32 how many entries
 *   84  u32 length of an entry
 *   88  u32 CRC-32 of the entries
 */
const at = { length: 12, crc: 16, copy: 32, entries: 72, count: 80, entry: 84, entriesCrc: 88 };

const magic = 'EFI PART';
const sectorSizes = [512, 4096];

/** As much as is read of a table; the usual one has 128 entries of 128 bytes. */
const longest = 128 * 1024;

/** The partitions of a GPT, from its copy when only that is whole, or undefined where there is none. */
export async function readGpt(bytes: Bytes, first: Buffer): Promise<Table | undefined> {
  for (const sector of sectorSizes) {
    if (!(await hasMagic(bytes, sector))) continue;
    return readPrimary(bytes, sector);
  }
  if (!entriesOf(first).some(({ type }) => type === 0xee)) return undefined;
  for (const sector of sectorSizes) {
    if (await hasMagic(bytes, lastSector(bytes, sector)))
      return readCopy(bytes, sector, 'its header is missing');
  }
  return { scheme: 'gpt', partitions: [], problems: ['The partition table (GPT) is missing'] };
}

async function readPrimary(bytes: Bytes, sector: number): Promise<Table> {
  try {
    const partitions = await readTable(bytes, sector, sector);
    if (await hasMagic(bytes, lastSector(bytes, sector))) return { scheme: 'gpt', partitions, problems: [] };
    const copy = u64le(await readAt(bytes, sector, 512), at.copy) * sector;
    if (copy + sector <= bytes.size) return { scheme: 'gpt', partitions, problems: [], enlarged: true };
    const problem = `The disk ends before byte ${copy}, where the copy of its partition table (GPT) is: it was cut off`;
    return { scheme: 'gpt', partitions, problems: [problem] };
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return readCopy(bytes, sector, error.message);
  }
}

async function readCopy(bytes: Bytes, sector: number, why: string): Promise<Table> {
  const problem = `The partition table (GPT) is damaged: ${why}`;
  try {
    const partitions = await readTable(bytes, lastSector(bytes, sector), sector);
    return { scheme: 'gpt', partitions, problems: [`${problem}; its copy was read`] };
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return { scheme: 'gpt', partitions: [], problems: [problem, `So is its copy: ${error.message}`] };
  }
}

const lastSector = ({ size }: Bytes, sector: number): number => (Math.floor(size / sector) - 1) * sector;

const hasMagic = async (bytes: Bytes, place: number): Promise<boolean> =>
  place >= 0 && place + 512 <= bytes.size && (await readAt(bytes, place, 8)).toString('latin1') === magic;

async function readTable(bytes: Bytes, place: number, sector: number): Promise<Partition[]> {
  const header = await readAt(bytes, place, 512);
  if (header.toString('latin1', 0, 8) !== magic) throw new DiskError('there is no header');
  const length = within(header.readUInt32LE(at.length), 92, 512, 'header length');
  const summed = Buffer.from(header.subarray(0, length));
  summed.writeUInt32LE(0, at.crc);
  if (crc32(summed) !== header.readUInt32LE(at.crc))
    throw new DiskError('the checksum of its header is wrong');
  const each = within(header.readUInt32LE(at.entry), 128, 4096, 'entry length');
  const count = within(header.readUInt32LE(at.count), 0, Math.floor(longest / each), 'number of entries');
  const entries = await readAt(bytes, u64le(header, at.entries) * sector, count * each);
  if (crc32(entries) !== header.readUInt32LE(at.entriesCrc)) {
    throw new DiskError('the checksum of its entries is wrong');
  }
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const entry = entries.subarray(index * each, (index + 1) * each);
    if (entry.subarray(0, 16).every((byte) => byte === 0)) return [];
    const [start, last] = [u64le(entry, 32), u64le(entry, 40)];
    if (last < start) throw new DiskError(`entry ${index + 1} ends before it begins`);
    return {
      number: index + 1,
      start: start * sector,
      size: (last - start + 1) * sector,
      type: guidAt(entry, 0),
      name: entry.toString('utf16le', 56, 128).replace(/\0.*$/s, ''),
      id: guidAt(entry, 16),
      logical: false,
      bootable: (entry.readUInt8(48) & 4) !== 0,
    };
  });
}
