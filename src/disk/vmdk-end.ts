import { type Bytes, readAt } from './bytes.ts';
import { cutBefore, lacksData, mostLooked } from './ending.ts';
import type { VmdkHeader } from './vmdk-header.ts';

/** Grain tables that a directory has at most for them all to be known, and as many as are looked at. */
const [mostTables, mostOpened] = [32 * 1024, 256];

/** Whether a sparse extent ends before what its tables name; of many tables the first and the last are looked at. */
export async function beyondTheEnd(file: Bytes, header: VmdkHeader): Promise<string[]> {
  const { size, grainSize, tableEntries, directory } = header;
  const count = Math.min(mostTables, Math.ceil(size / (grainSize * tableEntries)));
  const places = await readAt(file, directory, count * 4);
  const tables = Array.from({ length: count }, (_, index) => ({
    at: places.readUInt32LE(index * 4) * 512,
    index,
  })).filter(({ at }) => at !== 0);
  if (tables.some(({ at }) => at + tableEntries * 4 > file.size))
    return [cutBefore(file, 'one of its grain tables')];
  const half = Math.ceil(Math.min(mostOpened, mostLooked / (tableEntries * 4)) / 2);
  const looked = tables.length > 2 * half ? [...tables.slice(0, half), ...tables.slice(-half)] : tables;
  for (const { at, index } of looked) {
    const first = index * tableEntries;
    const endOf = (table: Buffer, at: number, grain: number) =>
      endOfGrain(table.readUInt32LE(at), size - (first + grain) * grainSize, header);
    if (await lacksData(file, { at, entries: tableEntries, width: 4, endOf })) return [cutBefore(file)];
  }
  return [];
}

/** Where a grain ends when so much of the disk is left; how long one is that is compressed stands in it alone. */
function endOfGrain(sector: number, left: number, { grainSize, compressed, zeroed }: VmdkHeader): number {
  if (sector === 0 || (sector === 1 && zeroed) || left <= 0) return 0;
  return sector * 512 + (compressed ? 1 : Math.min(grainSize, left));
}
