import { readAt } from '../disk/bytes.ts';
import { u64be } from '../disk/fields.ts';
import type { Xfs } from './xfs.ts';

const sector = 512;
const recordMagic = 0xfeedbabe;
/** The longest record there can be, in sectors. */
const longest = 520;
const unmountFlag = 0x20;

/**
 * Whether the log's last record is something else than the unmounting: then changes may be in the log only. `raw` is
 * the superblock.
 */
export async function hasUnfinished(xfs: Xfs, raw: Buffer): Promise<boolean> {
  const start = u64be(raw, 48);
  const sectors = (raw.readUInt32BE(96) * xfs.blockSize) / sector;
  if (start === 0 || sectors === 0) return false;
  const first = xfs.place(start, 'The log of the xfs file system');
  const read = (index: number) =>
    readAt(xfs.disk, first + (((index % sectors) + sectors) % sectors) * sector, sector);
  const cycle = async (index: number) => {
    const block = await read(index);
    return block.readUInt32BE(0) === recordMagic ? block.readUInt32BE(4) : block.readUInt32BE(0);
  };
  const head = await headOf(cycle, sectors);
  for (let back = 1; back <= Math.min(longest, sectors); back += 1) {
    const record = await read(head - back);
    if (record.readUInt32BE(0) !== recordMagic) continue;
    // what is logged stands behind the record's header, and begins with what it is
    const flags = (await read(head - back + 1))[9] ?? 0;
    return record.readUInt32BE(40) !== 1 || (flags & unmountFlag) === 0;
  }
  return true;
}

/** The log goes round: the sector where it goes on next is the first one of the round before. */
async function headOf(cycle: (index: number) => Promise<number>, sectors: number): Promise<number> {
  const before = await cycle(sectors - 1);
  if ((await cycle(0)) === before) return 0;
  let [low, high] = [0, sectors - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((await cycle(middle)) === before) high = middle;
    else low = middle + 1;
  }
  return low;
}
