import { type Bytes, readAt } from './bytes.ts';
import type { Partition, Table } from './partitions.ts';

/*
 * Master boot record, least significant byte first.
 * https://uefi.org/specs/UEFI/2.10/05_GUID_Partition_Table_Format.html#legacy-master-boot-record-mbr
 *
 *   440  4   disk signature
 *   446  16  entry 1 of 4:  0 boot flag (0 or 80), 4 type, 8 u32 first sector, 12 u32 sectors
 *   510  2   55 aa
 *
 * An extended partition begins with a record of the same form: entry 1 is a logical partition, counted from that
 * record, and entry 2 the next record, counted from the beginning of the extended partition.
 */
const entriesAt = 446;
const sector = 512;

/** As many logical partitions as Linux would number, so that a chain without an end has one. */
const mostLogical = 128;

/** The types of extended partitions, which only hold others. */
export const extendedTypes: readonly string[] = ['0x05', '0x0f', '0x85'];

/** The partitions of the four entries, and of the chain in the extended one; undefined where it is no table. */
export async function readMbr(bytes: Bytes, first: Buffer): Promise<Table | undefined> {
  const entries = entriesOf(first);
  // to Linux, too, it then is a boot loader alone, as that of a file system on the whole disk
  if (entries.some(({ boot }) => boot !== 0 && boot !== 0x80)) return undefined;
  const signature = first.readUInt32LE(440).toString(16).padStart(8, '0');
  const partitions = entries.flatMap((entry, at) =>
    entry.type === 0 || entry.sectors === 0 ? [] : [partitionOf(entry, at + 1, 0, signature)],
  );
  const extended = partitions.find(({ type }) => extendedTypes.includes(type));
  if (extended === undefined) return { scheme: 'mbr', partitions, problems: [] };
  const chain = await readChain(bytes, extended.start, signature);
  return { scheme: 'mbr', partitions: [...partitions, ...chain.partitions], problems: chain.problems };
}

/**
 * Whether the sector is the first one of a FAT or NTFS file system, which ends as a partition table does; as Glance
 * and as Linux see it.
 */
export const isFatOrNtfs = (first: Buffer): boolean =>
  (first[16] === 2 && first[21] === 0xf8) || first.toString('latin1', 3, 11) === 'NTFS    ';

interface Entry {
  readonly boot: number;
  readonly type: number;
  readonly start: number;
  readonly sectors: number;
}

/** The four entries of a record. */
export const entriesOf = (record: Buffer): Entry[] =>
  [0, 1, 2, 3].map((index) => {
    const at = entriesAt + index * 16;
    return {
      boot: record.readUInt8(at),
      type: record.readUInt8(at + 4),
      start: record.readUInt32LE(at + 8),
      sectors: record.readUInt32LE(at + 12),
    };
  });

const partitionOf = (entry: Entry, number: number, from: number, signature: string): Partition => ({
  number,
  start: from + entry.start * sector,
  size: entry.sectors * sector,
  type: `0x${entry.type.toString(16).padStart(2, '0')}`,
  name: '',
  id: `${signature}-${number.toString(16).padStart(2, '0')}`,
  logical: number > 4,
  bootable: entry.boot === 0x80,
});

async function readChain(bytes: Bytes, start: number, signature: string) {
  const partitions: Partition[] = [];
  const seen = new Set<number>();
  for (let at = start; ; ) {
    if (at + sector > bytes.size || seen.has(at) || seen.size >= mostLogical) {
      return { partitions, problems: [`The chain of logical partitions is broken after ${seen.size}`] };
    }
    seen.add(at);
    const record = await readAt(bytes, at, sector);
    if (record.readUInt16LE(510) !== 0xaa55) {
      return { partitions, problems: [`The record of a logical partition is missing at byte ${at}`] };
    }
    const [own, next] = entriesOf(record);
    if (own !== undefined && own.type !== 0 && own.sectors !== 0) {
      partitions.push(partitionOf(own, 5 + partitions.length, at, signature));
    }
    if (next === undefined || next.type === 0 || next.start === 0) return { partitions, problems: [] };
    at = start + next.start * sector;
  }
}
