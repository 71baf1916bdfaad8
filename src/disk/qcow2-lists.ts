import { type Bytes, readAt } from './bytes.ts';
import { u64be } from './fields.ts';
import type { Qcow2Header } from './qcow2-header.ts';

/** A state of the disk that is kept beside the present one. */
export interface Snapshot {
  readonly id: string;
  readonly name: string;
  readonly created: string;
  /** Bytes of a running machine's memory that are kept with it. */
  readonly vm_state_size: number;
}

/** What a bitmap tells which parts of the disk have changed since. */
export interface Bitmap {
  readonly name: string;
  readonly granularity: number;
  /** It was being written when the image was last closed: it tells nothing. */
  readonly in_use: boolean;
}

/** As much of a list as is read. */
const longest = 64 * 1024;

/**
 * The snapshots of a qcow2 file; the first ones where there are very many.
 *
 *   0   u64 L1 table            24  u64 clock of the machine
 *   8   u32 its entries         32  u32 bytes of state, in version 2
 *   12  u16 length of the id    36  u32 length of what comes next:
 *   14  u16 length of the name  40  u64 bytes of state
 *   16  u32 seconds, u32 nanoseconds; then the id and the name, padded to 8 bytes
 */
export async function snapshotsOf(
  file: Bytes,
  { snapshots, snapshotTable }: Qcow2Header,
): Promise<Snapshot[]> {
  const found: Snapshot[] = [];
  if (snapshots === 0) return found;
  const table = await readAt(file, snapshotTable, Math.max(0, Math.min(longest, file.size - snapshotTable)));
  for (let at = 0; found.length < snapshots && at + 40 <= table.length; ) {
    const [idLength, nameLength] = [table.readUInt16BE(at + 12), table.readUInt16BE(at + 14)];
    const extra = table.readUInt32BE(at + 36);
    const [id, name] = [at + 40 + extra, at + 40 + extra + idLength];
    if (name + nameLength > table.length) break;
    found.push({
      id: table.toString('utf8', id, name),
      name: table.toString('utf8', name, name + nameLength),
      created: new Date(table.readUInt32BE(at + 16) * 1000).toISOString().replace('.000', ''),
      vm_state_size: extra >= 8 ? u64be(table, at + 40) : table.readUInt32BE(at + 32),
    });
    at += 8 * Math.ceil((name + nameLength - at) / 8);
  }
  return found;
}

/**
 * The bitmaps of a qcow2 file; the first ones where there are very many.
 *
 *   0   u64 table               17  u8  log2 of the granularity
 *   8   u32 its entries         18  u16 length of the name
 *   12  u32 flags: 1 in use     20  u32 length of what comes next; then the name, padded to 8 bytes
 */
export async function bitmapsOf(file: Bytes, { bitmaps }: Qcow2Header): Promise<Bitmap[]> {
  const found: Bitmap[] = [];
  if (bitmaps === undefined) return found;
  const length = Math.min(longest, bitmaps.length, Math.max(0, file.size - bitmaps.at));
  const directory = await readAt(file, bitmaps.at, length);
  for (let at = 0; found.length < bitmaps.count && at + 24 <= directory.length; ) {
    const name = at + 24 + directory.readUInt32BE(at + 20);
    const end = name + directory.readUInt16BE(at + 18);
    if (end > directory.length) break;
    found.push({
      name: directory.toString('utf8', name, end),
      granularity: 2 ** directory.readUInt8(at + 17),
      in_use: (directory.readUInt32BE(at + 12) & 1) !== 0,
    });
    at += 8 * Math.ceil((end - at) / 8);
  }
  return found;
}
