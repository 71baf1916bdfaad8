import { type Bytes, readAt } from './bytes.ts';
import { cutBefore, lacksData, type Places } from './ending.ts';
import { u64le, within } from './fields.ts';
import { type Format, findings } from './format.ts';
import { diskOf, entriesFrom, joined, type Run } from './runs.ts';

/*
 * Parallels expandable image, Glance's ploop; least significant byte first.
 * https://www.qemu.org/docs/master/interop/parallels.html
 *
 *   0   16  "WithoutFreeSpace", places in sectors; "WithouFreSpacExt", places in clusters
 *   28  u32 sectors of a cluster
 *   32  u32 entries of the table
 *   36  u64 sectors of the disk; with the first magic only 32 bits of it
 *   44  u32 746f6e59 while it is open
 *   64  the table: u32 each, zero when there are no data
 */
const at = { version: 16, cluster: 28, entries: 32, sectors: 36, inUse: 44, table: 64 };

const [magic, magicExt] = ['WithoutFreeSpace', 'WithouFreSpacExt'];

interface Header {
  readonly version: number;
  readonly extended: boolean;
  readonly clusterSize: number;
  readonly entries: number;
  readonly size: number;
  readonly inUse: boolean;
}

/** The format of Parallels and of Virtuozzo, which OpenStack calls ploop. */
export const parallels: Format = {
  name: 'parallels',
  matches: ({ head }) => [magic, magicExt].includes(head.toString('latin1', 0, 16)),
  async inspect(file) {
    const header = await headerOf(file);
    const { size, clusterSize, entries, inUse, version, extended } = header;
    return findings({
      size,
      details: { version, subformat: extended ? 'extended' : 'old', cluster_size: clusterSize },
      dangers: [],
      problems: [
        ...(inUse ? ['It was not closed: it must be checked before it is used'] : []),
        ...(entries * clusterSize < size ? ['Its table is too small for its disk'] : []),
        ...(at.table + entries * 4 > file.size
          ? ['It ends within its table: it was cut off']
          : (await lacksData(file, placesOf(header)))
            ? [cutBefore(file)]
            : []),
      ],
      notes: ['Glance does not know this format and takes it unseen'],
    });
  },
  async open(file) {
    const header = await headerOf(file);
    return diskOf(file, {
      format: 'parallels',
      size: header.size,
      runAt: (place) => runAt(file, header, place),
    });
  },
};

async function headerOf(file: Bytes): Promise<Header> {
  const head = await readAt(file, 0, 64);
  const extended = head.toString('latin1', 0, 16) === magicExt;
  const sectors = extended ? u64le(head, at.sectors) : head.readUInt32LE(at.sectors);
  return {
    version: head.readUInt32LE(at.version),
    extended,
    clusterSize: 512 * within(head.readUInt32LE(at.cluster), 1, 2 ** 22, 'cluster size'),
    entries: head.readUInt32LE(at.entries),
    size: within(sectors * 512, 0, Number.MAX_SAFE_INTEGER, 'size'),
    inUse: head.readUInt32LE(at.inUse) === 0x746f6e59,
  };
}

const unitOf = ({ extended, clusterSize }: Header): number => (extended ? clusterSize : 512);

const placesOf = (header: Header): Places => ({
  at: at.table,
  entries: header.entries,
  width: 4,
  endOf(table, at, index) {
    const entry = table.readUInt32LE(at);
    const left = header.size - index * header.clusterSize;
    return entry === 0 || left <= 0 ? 0 : entry * unitOf(header) + Math.min(header.clusterSize, left);
  },
});

async function runAt(file: Bytes, header: Header, place: number): Promise<Run> {
  const { clusterSize, entries, size } = header;
  const index = Math.floor(place / clusterSize);
  if (index >= entries) return { kind: 'unallocated', length: size - place };
  const page = await entriesFrom(file, { at: at.table, entries, width: 4 }, index);
  const unit = unitOf(header);
  const run = (index: number): Run => {
    const entry = page.readUInt32LE(index * 4);
    if (entry === 0) return { kind: 'unallocated', length: clusterSize };
    return { kind: 'data', length: clusterSize, at: entry * unit };
  };
  return joined(page.length / 4, run, place % clusterSize);
}
