import type { Disk, Extent } from '../disk/format.ts';

/** Where a disk has its data: all of it for programs, and a picture for people. */
export interface DiskMap {
  readonly extents: readonly Extent[];
  readonly picture: string;
  /** Where the list of extents ends, when it has more than are listed. */
  readonly listedTo: number | undefined;
}

/** As many extents as are listed. */
const most = 100_000;

/** Goes through all of a disk's tables. Compressed pieces side by side are one extent, for they have no order. */
export async function mapOf(disk: Disk, signal: AbortSignal): Promise<DiskMap> {
  const extents: Extent[] = [];
  const canvas = canvasOf(disk.size);
  let listedTo: number | undefined;
  for await (const extent of disk.extents()) {
    signal.throwIfAborted();
    canvas.draw(extent);
    const { start, length, kind } = extent;
    const last = extents.at(-1);
    if (kind === 'packed' && last?.kind === kind && last.start + last.length === start) {
      extents[extents.length - 1] = { start: last.start, length: last.length + length, kind };
    } else if (extents.length < most) {
      extents.push(kind === 'packed' ? { start, length, kind } : extent);
    } else listedTo ??= start;
  }
  return { extents, picture: canvas.picture(), listedTo };
}

/** How a stretch of a disk is drawn; where several meet in one character, the first of these wins. */
const signs: readonly (readonly [Extent['kind'], string])[] = [
  ['data', '#'],
  ['packed', '%'],
  ['zero', '0'],
  ['unallocated', '.'],
];

const width = 48;
const cells = 1024;

/** Rows that fit a table on a terminal of 80 columns, each character for a stretch of the same size, and what they mean. */
function canvasOf(size: number) {
  const cell = Math.max(4096, 2 ** Math.ceil(Math.log2(Math.max(1, size) / cells)));
  const ranks = new Uint8Array(Math.ceil(size / cell)).fill(signs.length - 1);
  return {
    draw({ start, length, kind }: Extent): void {
      const rank = signs.findIndex(([of]) => of === kind);
      for (let at = Math.floor(start / cell); at * cell < start + length; at += 1) {
        ranks[at] = Math.min(rank, ranks[at] ?? rank);
      }
    },
    picture(): string {
      const line = Array.from(ranks, (rank) => signs[rank]?.[1] ?? '').join('');
      const rows = Array.from({ length: Math.ceil(line.length / width) }, (_, row) =>
        line.slice(row * width, (row + 1) * width),
      );
      return [...rows, `# data  % compressed  0 zeros  . nothing; ${sizeOf(cell)} each`].join('\n');
    },
  };
}

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A size for people, with one decimal: `512 bytes`, `1.5 GiB`. */
export function sizeOf(bytes: number): string {
  const unit = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** unit).toFixed(1).replace(/\.0$/, '')} ${units[unit]}`;
}
