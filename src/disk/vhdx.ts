import { DiskError, Unread } from '../errors.ts';
import type { Bytes } from './bytes.ts';
import { cutBefore, lacksData, type Places } from './ending.ts';
import { type Findings, type Format, findings } from './format.ts';
import { diskOf, entriesFrom, joined, type Run } from './runs.ts';
import { type VhdxHeader, vhdxHeader } from './vhdx-header.ts';

/** Hyper-V's format; the tables of its headers are in vhdx-header.ts. */
export const vhdx: Format = {
  name: 'vhdx',
  matches: ({ head }) => head.toString('latin1', 0, 8) === 'vhdxfile',
  async inspect(file): Promise<Findings> {
    const header = await vhdxHeader(file);
    const { size, blockSize, sector, creator, hasParent, logged, fixed } = header;
    const { at, entries } = header.table;
    return findings({
      size,
      details: {
        subformat: fixed ? 'fixed' : 'dynamic',
        block_size: blockSize,
        logical_sector_size: sector,
        creator,
      },
      dangers: hasParent
        ? [{ check: 'parent', reason: 'What it does not hold is read from another file, its parent' }]
        : [],
      problems: [
        ...(logged ? ['It was not closed: what its log holds is still to be written'] : []),
        ...(at + entries * 8 > file.size
          ? ['It ends before the end of its block table: it was cut off']
          : !logged && (await lacksData(file, placesOf(header)))
            ? [cutBefore(file)]
            : []),
      ],
    });
  },
  async open(file) {
    const header = await vhdxHeader(file);
    const why = header.hasParent
      ? 'some of them are in its parent'
      : header.logged
        ? 'some of them are still in its log'
        : undefined;
    if (why !== undefined) throw new Unread(`The data of the VHDX file cannot be read: ${why}`);
    return diskOf(file, { format: 'vhdx', size: header.size, runAt: (place) => runAt(file, header, place) });
  },
};

const MiB = 1024n * 1024n;

/** The states of a block that has its bytes in the file, wholly or, in a child, partly. */
const [full, partly] = [6, 7];

const placeIn = (entry: bigint): number => Number((entry >> 20n) * MiB);

/** Where its blocks end; the last one of a fixed disk only goes as far as that. */
const placesOf = ({ table, ratio, blockSize, size }: VhdxHeader): Places => ({
  ...table,
  width: 8,
  endOf(page, at, index) {
    const entry = page.readBigUInt64LE(at);
    if (Number(entry & 7n) !== full || index % (ratio + 1) === ratio) return 0;
    const block = index - Math.floor(index / (ratio + 1));
    return placeIn(entry) + Math.min(blockSize, size - block * blockSize);
  },
});

/** After as many blocks as a bitmap of sectors covers, the table has an entry for that bitmap. */
async function runAt(file: Bytes, header: VhdxHeader, place: number): Promise<Run> {
  const { blockSize, table, ratio } = header;
  const block = Math.floor(place / blockSize);
  const page = await entriesFrom(file, { ...table, width: 8 }, block + Math.floor(block / ratio));
  const count = Math.min(page.length / 8, ratio - (block % ratio));
  const run = (index: number): Run => {
    const entry = page.readBigUInt64LE(index * 8);
    const state = Number(entry & 7n);
    if (state === full) return { kind: 'data', length: blockSize, at: placeIn(entry) };
    if (state === partly)
      throw new DiskError('The VHDX file is damaged: it has no parent, and a block that needs one');
    return { kind: state === 2 ? 'zero' : 'unallocated', length: blockSize };
  };
  return joined(count, run, place % blockSize);
}
