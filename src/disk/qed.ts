import { DiskError, Unread } from '../errors.ts';
import { type Bytes, readAt } from './bytes.ts';
import { u64le, within } from './fields.ts';
import { type Format, findings } from './format.ts';
import { diskOf, entriesFrom, joined, type Run } from './runs.ts';

/*
 * QEMU enhanced disk, least significant byte first. https://www.qemu.org/docs/master/interop/qed_spec.html
 *
 *   0   4   "QED" 00                     40  u64 place of the L1 table
 *   4   u32 bytes of a cluster           48  u64 bytes of the disk
 *   8   u32 clusters of a table          56  u32 place of the backing file's name, 60 u32 its length
 *   12  u32 clusters of the header
 *   16  u64 features: bit 0 backing file, 1 needs a check, 2 the backing file is raw
 *
 * Tables have places of 64 bits: 0 nowhere, and in an L2 table 1 for zeros.
 */
const at = { clusterSize: 4, tableSize: 8, features: 16, l1: 40, size: 48, backing: 56, backingLength: 60 };

interface Header {
  readonly clusterSize: number;
  readonly tableSize: number;
  /** Entries of a table. */
  readonly entries: number;
  readonly l1: number;
  readonly size: number;
  readonly backingFile: string | undefined;
  readonly backingFormat: 'raw' | undefined;
  readonly needsCheck: boolean;
  readonly hasUnknown: boolean;
}

/** A format that QEMU gave up, and that Glance refuses whatever is in it. */
export const qed: Format = {
  name: 'qed',
  matches: ({ head }) => head.toString('latin1', 0, 4) === 'QED\0',
  async inspect(file) {
    const { size, clusterSize, tableSize, backingFile, needsCheck } = await headerOf(file);
    return findings({
      size,
      details: {
        cluster_size: clusterSize,
        table_size: tableSize,
        ...(backingFile !== undefined && { backing_file: backingFile }),
      },
      dangers: [
        { check: 'banned', reason: 'QED is a format that clouds do not take at all' },
        ...(backingFile === undefined
          ? []
          : [
              {
                check: 'backing_file',
                reason: `What it does not hold is read from the file '${backingFile}'`,
              },
            ]),
      ],
      problems: needsCheck ? ['It was not closed: it must be checked before it is used'] : [],
    });
  },
  async open(file) {
    const header = await headerOf(file);
    const { size, backingFile, backingFormat, hasUnknown } = header;
    const why = hasUnknown
      ? 'it needs unknown features'
      : backingFile !== undefined && file.named === undefined
        ? `some of them are in another file, ${backingFile}`
        : undefined;
    if (why !== undefined) throw new Unread(`The data of the QED file cannot be read: ${why}`);
    return diskOf(file, {
      format: 'qed',
      size,
      runAt: (place) => runAt(file, header, place),
      below: backingFile === undefined ? undefined : await file.named?.(backingFile, backingFormat),
    });
  },
};

async function headerOf(file: Bytes): Promise<Header> {
  const head = await readAt(file, 0, 64);
  const features = u64le(head, at.features);
  const [clusterSize, tableSize] = [head.readUInt32LE(at.clusterSize), head.readUInt32LE(at.tableSize)];
  within(clusterSize, 4096, 64 * 1024 * 1024, 'cluster size');
  within(tableSize, 1, 16, 'table size');
  const entries = (clusterSize * tableSize) / 8;
  const size = u64le(head, at.size);
  if (!Number.isInteger(Math.log2(entries)) || size > entries * entries * clusterSize)
    throw new DiskError('The tables of the QED file are not those of its disk');
  const [place, length] = [head.readUInt32LE(at.backing), head.readUInt32LE(at.backingLength)];
  const hasBacking = (features & 1) !== 0;
  return {
    clusterSize,
    tableSize,
    entries,
    l1: u64le(head, at.l1),
    size,
    backingFile: hasBacking ? (await readAt(file, place, Math.min(length, 1023))).toString() : undefined,
    backingFormat: (features & 4) !== 0 ? 'raw' : undefined,
    needsCheck: (features & 2) !== 0,
    hasUnknown: features > 7,
  };
}

async function runAt(file: Bytes, { clusterSize, entries, l1 }: Header, place: number): Promise<Run> {
  const reach = entries * clusterSize;
  const tables = await entriesFrom(file, { at: l1, entries, width: 8 }, Math.floor(place / reach));
  const l2 = u64le(tables, 0);
  if (l2 === 0) return { kind: 'unallocated', length: reach - (place % reach) };
  const cluster = Math.floor(place / clusterSize) % entries;
  const page = await entriesFrom(file, { at: l2, entries, width: 8 }, cluster);
  const run = (index: number): Run => {
    const offset = u64le(page, index * 8);
    if (offset > 1) return { kind: 'data', length: clusterSize, at: offset };
    return { kind: offset === 1 ? 'zero' : 'unallocated', length: clusterSize };
  };
  return joined(page.length / 8, run, place % clusterSize);
}
