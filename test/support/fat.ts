import type { Files } from './ext4.ts';

const sectorSize = 512;

/** A FAT16 file system with long names, 16 MiB in size. */
export function fat(files: Files, label = 'EFI'): Buffer {
  const sectors = 32_768;
  const disk = Buffer.alloc(sectors * sectorSize);
  const [reserved, perTable, rootRecords, perCluster] = [1, 128, 512, 1];
  disk.set([0xeb, 0x3c, 0x90]);
  disk.writeUInt16LE(sectorSize, 11);
  disk.set([perCluster], 13);
  disk.writeUInt16LE(reserved, 14);
  disk.set([2], 16);
  disk.writeUInt16LE(rootRecords, 17);
  disk.writeUInt16LE(sectors, 19);
  disk.set([0xf8], 21);
  disk.writeUInt16LE(perTable, 22);
  disk.writeUInt32LE(0x12345678, 39);
  disk.write(label.padEnd(11), 43);
  disk.write('FAT16   ', 54);
  disk.writeUInt16LE(0xaa55, 510);
  const rootAt = (reserved + 2 * perTable) * sectorSize;
  const dataAt = rootAt + rootRecords * 32;
  let next = 2;
  const store = (content: Buffer): number => {
    const count = Math.ceil(content.length / sectorSize);
    const first = count === 0 ? 0 : next;
    disk.set(content, dataAt + (next - 2) * sectorSize);
    for (let index = 0; index < count; index += 1, next += 1) {
      disk.writeUInt16LE(index === count - 1 ? 0xffff : next + 1, reserved * sectorSize + next * 2);
    }
    return first;
  };
  const recordsOf = (below: Files): Buffer => {
    const names = new Set(Object.keys(below).map((path) => path.split('/')[0] ?? ''));
    return Buffer.concat(
      [...names].flatMap((name, index) => {
        const own = below[name];
        const inside = Object.entries(below)
          .filter(([path]) => path.startsWith(`${name}/`))
          .map(([path, content]) => [path.slice(name.length + 1), content] as const);
        const content =
          own === undefined ? recordsOf(Object.fromEntries(inside)) : Buffer.from(own as string);
        return named(name, index, store(content), own === undefined ? undefined : content.length);
      }),
    );
  };
  disk.set(recordsOf(files), rootAt);
  return disk;
}

/** The records of a long name and the short one that it stands before; a directory has no size. */
function named(name: string, index: number, cluster: number, size: number | undefined): Buffer[] {
  const short = Buffer.alloc(32);
  short.write(`FILE${String(index).padStart(4, '0')}   `, 'latin1');
  short[11] = size === undefined ? 0x10 : 0x20;
  short.writeUInt16LE(cluster, 26);
  short.writeUInt32LE(size ?? 0, 28);
  const sum = short.subarray(0, 11).reduce((sum, byte) => (((sum & 1) << 7) + (sum >>> 1) + byte) & 0xff, 0);
  const letters = Buffer.from(
    `${name}\0`.padEnd(Math.ceil((name.length + 1) / 13) * 13, '\uffff'),
    'utf16le',
  );
  const pieces = Array.from({ length: letters.length / 26 }, (_, at) => {
    const long = Buffer.alloc(32);
    long.set([at + 1 + ((at + 1) * 26 === letters.length ? 0x40 : 0)]);
    letters.copy(long, 1, at * 26, at * 26 + 10);
    long.set([0x0f, 0, sum], 11);
    letters.copy(long, 14, at * 26 + 10, at * 26 + 22);
    letters.copy(long, 28, at * 26 + 22, at * 26 + 26);
    return long;
  });
  return [...pieces.reverse(), short];
}
