import { readAt } from '../disk/bytes.ts';
import { isSound } from '../disk/crc32c.ts';
import { u64be } from '../disk/fields.ts';
import { damaged, refuseHuge } from './file-system.ts';
import { scattered } from './runs.ts';
import type { Inode, Xfs } from './xfs.ts';
import { extentsOf } from './xfs-extents.ts';

interface Name {
  readonly name: string;
  readonly inode: number;
}

/** Names lie below this byte of a directory; above are the tables that find them. */
const namesEnd = 32 * 1024 ** 3;

/** The names in a directory and what they are names of. */
export async function entriesOf(xfs: Xfs, inode: Inode): Promise<Name[]> {
  const { where, format, size } = inode;
  if (format === 1) return ofShort(xfs, inode);
  refuseHuge(size, where);
  const { blockSize, directoryBlock } = xfs;
  const extents = (await extentsOf(xfs, inode)).filter(({ at }) => at * blockSize < namesEnd);
  const runs = extents.map(({ at, block, length }) => ({
    at: at * blockSize,
    length: length * blockSize,
    from: xfs.place(block, where),
  }));
  const end = runs.reduce((most, { at, length }) => Math.max(most, at + length), 0);
  refuseHuge(
    runs.reduce((sum, { length }) => sum + length, 0),
    where,
  );
  const content = scattered(xfs.disk, end, runs, where);
  const names: Name[] = [];
  for (const { at, length } of runs) {
    // an extent need not begin where a block of the directory does
    const first = Math.ceil(at / directoryBlock) * directoryBlock;
    for (let next = first; next < at + length; next += directoryBlock) {
      addNames(xfs, inode, await readAt(content, next, directoryBlock), names);
    }
  }
  return names;
}

/** A short directory: in the inode itself, without `.` and `..`. */
function ofShort({ types }: Xfs, { fork, size, where }: Inode): Name[] {
  const content = fork.subarray(0, size);
  const cut = () => damaged(where, 'a directory that is cut off');
  if (content.length < 6) throw cut();
  const wide = (content[1] ?? 0) > 0;
  const count = (wide ? content[1] : content[0]) ?? 0;
  const width = wide ? 8 : 4;
  const names: Name[] = [];
  let at = 2 + width;
  for (let index = 0; index < count; index += 1) {
    const length = content[at] ?? 0;
    const number = at + 3 + length + (types ? 1 : 0);
    if (number + width > content.length) throw cut();
    const inode = wide ? u64be(content, number) : content.readUInt32BE(number);
    names.push({ name: checked(content.toString('utf8', at + 3, at + 3 + length), where), inode });
    at = number + width;
  }
  return names;
}

function checked(name: string, where: string): string {
  if (name === '' || /[/\0]/.test(name)) throw damaged(where, 'a directory with an entry that cannot be');
  return name;
}

const unused = 0xffff;

/** The entries of one block; in a directory of one block its own table stands behind them. */
function addNames({ types, sums }: Xfs, { number, where }: Inode, raw: Buffer, names: Name[]): void {
  const magic = raw.toString('latin1', 0, 4);
  const single = magic === (sums ? 'XDB3' : 'XD2B');
  if (!single && magic !== (sums ? 'XDD3' : 'XD2D'))
    throw damaged(where, 'a directory whose block is something else');
  if (sums && (!isSound(raw, 4) || raw.readBigUInt64BE(40) !== BigInt(number))) {
    throw damaged(where, 'the checksum of a block of its directory is wrong');
  }
  const end = single ? raw.length - 8 - raw.readUInt32BE(raw.length - 8) * 8 : raw.length;
  for (let at = sums ? 64 : 16; at < end; ) {
    if (raw.readUInt16BE(at) === unused) {
      const length = raw.readUInt16BE(at + 2);
      if (length < 8 || at + length > end) throw damaged(where, 'a directory with a gap of a wrong length');
      at += length;
      continue;
    }
    const letters = raw[at + 8] ?? 0;
    const length = (8 + 1 + letters + (types ? 1 : 0) + 2 + 7) & ~7;
    if (at + length > end) throw damaged(where, 'a directory with an entry that goes on beyond its block');
    const name = checked(raw.toString('utf8', at + 9, at + 9 + letters), where);
    if (name !== '.' && name !== '..') names.push({ name, inode: u64be(raw, at) });
    at += length;
  }
}
