import { type Bytes, readAt } from './bytes.ts';

/** What is told of a file that ends before something that its tables name. */
export const cutBefore = ({ size }: Bytes, what = 'some of its data'): string =>
  `It ends at byte ${size}, before ${what}: it was cut off, or is damaged`;

/** A table of the places that the parts of a disk have in a file. */
export interface Places {
  readonly at: number;
  readonly entries: number;
  readonly width: number;
  /** Where in the file the part ends whose entry stands at a place in these bytes; 0 when there is none. */
  endOf(table: Buffer, at: number, index: number): number;
}

/** As many bytes of tables as are looked at. */
export const mostLooked = 512 * 1024;

/** Whether a file ends before data that a table in it names; of a long table the beginning and the end are looked at. */
export async function lacksData(file: Bytes, { at, entries, width, endOf }: Places): Promise<boolean> {
  const half = Math.floor(mostLooked / width / 2);
  const parts =
    entries > 2 * half
      ? [
          [0, half],
          [entries - half, entries],
        ]
      : [[0, entries]];
  for (const [from = 0, to = 0] of parts) {
    const table = await readAt(file, at + from * width, (to - from) * width);
    for (let index = from; index < to; index += 1) {
      if (endOf(table, (index - from) * width, index) > file.size) return true;
    }
  }
  return false;
}
