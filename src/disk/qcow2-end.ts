import { type Bytes, readAt } from './bytes.ts';
import { cutBefore } from './ending.ts';
import { isPacked, offsetIn, packedIn, wordsOf } from './qcow2-entries.ts';
import type { Qcow2Header } from './qcow2-header.ts';

/** As many L2 tables as are looked at, and as many bytes of the L1 table. */
const [tables, l1Bytes] = [8, 128 * 1024];

/** Whether the file ends before what its tables name; the tables named last are the likeliest to tell. */
export async function beyondTheEnd(file: Bytes, header: Qcow2Header): Promise<string[]> {
  const { l1, l1Entries, clusterSize, refcountTable, hasDataFile, size, extendedL2 } = header;
  const width = extendedL2 ? 16 : 8;
  if (l1Entries * (clusterSize / width) * clusterSize < size)
    return ['Its L1 table is too small for its disk'];
  if (l1 + l1Entries * 8 > file.size) return [cutBefore(file, 'the end of its L1 table')];
  if (refcountTable >= file.size) return [cutBefore(file, 'its refcount table')];
  const l1Table = wordsOf(await readAt(file, l1, Math.min(l1Bytes, l1Entries * 8)));
  const offsets = Array.from({ length: l1Table.length / 2 }, (_, index) =>
    offsetIn(l1Table, index * 2),
  ).filter((offset) => offset !== 0);
  if (offsets.some((offset) => offset + clusterSize > file.size))
    return [cutBefore(file, 'one of its L2 tables')];
  if (hasDataFile) return [];
  for (const offset of offsets.slice(-tables)) {
    const table = wordsOf(await readAt(file, offset, Math.min(clusterSize, 64 * 1024)));
    if (lastPlace(table, width / 4, clusterSize) >= file.size) return [cutBefore(file)];
  }
  return [];
}

/** Where the last of the clusters begins that a table names; a compressed one counts as the last sector it reaches into. */
function lastPlace(table: Uint32Array, step: number, clusterSize: number): number {
  let last = 0;
  for (let at = 0; at < table.length; at += step) {
    last = Math.max(last, isPacked(table, at) ? lastSector(table, at, clusterSize) : offsetIn(table, at));
  }
  return last;
}

/** Only there is it unknown where the compressed bytes end. */
function lastSector(table: Uint32Array, entry: number, clusterSize: number): number {
  const { at, size } = packedIn(table, entry, clusterSize);
  return Math.max(at, at + size - 512);
}
