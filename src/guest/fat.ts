import { type Bytes, readAt } from '../disk/bytes.ts';
import { entriesOf, type Record } from './fat-directory.ts';
import { damaged, type FileSystem, type Node, refuseHuge } from './file-system.ts';
import { addRun, type Run, scattered } from './runs.ts';

/** What reading a FAT file system needs to know of it. */
interface Fat {
  readonly disk: Bytes;
  readonly bits: 12 | 16 | 32;
  readonly clusterSize: number;
  readonly clusters: number;
  /** Bytes from the beginning: the table, and what the clusters hold. */
  readonly tableAt: number;
  readonly dataAt: number;
}

const name = 'The vfat file system';

// https://learn.microsoft.com/windows/win32/fileio/filesystem-functionality-comparison; fatgen103, BPB
/** The file system that begins at byte 0, or undefined where that is no FAT. */
export async function openFat(disk: Bytes): Promise<FileSystem | undefined> {
  if (disk.size < 512) return undefined;
  const boot = await readAt(disk, 0, 512);
  const sector = boot.readUInt16LE(11);
  const perCluster = boot.readUInt8(13);
  const reserved = boot.readUInt16LE(14);
  const tables = boot.readUInt8(16);
  const rootRecords = boot.readUInt16LE(17);
  const sectors = boot.readUInt16LE(19) || boot.readUInt32LE(32);
  const tableSectors = boot.readUInt16LE(22) || boot.readUInt32LE(36);
  const jumps = boot[0] === 0xe9 || (boot[0] === 0xeb && boot[2] === 0x90);
  const power = (value: number) => value > 0 && (value & (value - 1)) === 0;
  const like =
    jumps &&
    boot.readUInt16LE(510) === 0xaa55 &&
    power(sector) &&
    sector >= 512 &&
    sector <= 4096 &&
    power(perCluster) &&
    reserved > 0 &&
    (tables === 1 || tables === 2) &&
    (boot[21] === 0xf0 || (boot[21] ?? 0) >= 0xf8) &&
    tableSectors > 0;
  if (!like) return undefined;
  const rootAt = (reserved + tables * tableSectors) * sector;
  const dataAt = rootAt + Math.ceil((rootRecords * 32) / sector) * sector;
  const clusterSize = perCluster * sector;
  const clusters = Math.floor((sectors * sector - dataAt) / clusterSize);
  const wide = boot.readUInt16LE(22) === 0;
  const bits = wide ? 32 : clusters < 4085 ? 12 : 16;
  if (clusters < 1 || clusterSize > 1 << 20 || ((clusters + 2) * bits) / 8 > tableSectors * sector) {
    throw damaged(name, 'its boot sector has sizes that cannot be');
  }
  const fat: Fat = { disk, bits, clusterSize, clusters, tableAt: reserved * sector, dataAt };
  const serial = boot
    .readUInt32LE(wide ? 67 : 39)
    .toString(16)
    .padStart(8, '0')
    .toUpperCase();
  const root = async (): Promise<Node> => {
    const content = wide
      ? await chained(fat, boot.readUInt32LE(44), undefined, 'Its root directory')
      : scattered(disk, rootRecords * 32, [{ at: 0, length: rootRecords * 32, from: rootAt }], name);
    return { ...directory, mtime: 0, content: async () => content, entries: () => nodesIn(fat, content) };
  };
  const written = boot.toString('latin1', wide ? 71 : 43, wide ? 82 : 54).trimEnd();
  return {
    kind: 'vfat',
    label: written === 'NO NAME' ? '' : written,
    uuid: `${serial.slice(0, 4)}-${serial.slice(4)}`,
    needsReplay: false,
    foldsCase: true,
    free: undefined,
    size: sectors * sector,
    root,
  };
}

const directory = { kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0 } as const;

async function nodesIn(fat: Fat, content: Bytes) {
  const records = await entriesOf(content, name);
  return records.map((record) => ({ name: record.name, node: async () => nodeOf(fat, record) }));
}

function nodeOf(fat: Fat, record: Record): Node {
  const where = `${record.name} in the vfat file system`;
  const content = (size: number | undefined) => chained(fat, record.cluster, size, where);
  if (record.directory) {
    const inside = () => content(undefined);
    return {
      ...directory,
      mtime: record.mtime,
      content: inside,
      entries: async () => nodesIn(fat, await inside()),
    };
  }
  return {
    kind: 'file',
    mode: record.readOnly ? 0o555 : 0o755,
    uid: 0,
    gid: 0,
    size: record.size,
    mtime: record.mtime,
    content: () => content(record.size),
    entries: async () => [],
  };
}

/** The content that begins in a cluster and goes on where the table says; all of it where the size is not known. */
async function chained(fat: Fat, first: number, size: number | undefined, where: string): Promise<Bytes> {
  const { clusterSize, clusters } = fat;
  const runs: Run[] = [];
  const last = fat.bits === 32 ? 0x0ffffff8 : fat.bits === 16 ? 0xfff8 : 0xff8;
  let at = 0;
  for (let cluster = first; cluster < last && (size === undefined || at < size); at += clusterSize) {
    if (cluster < 2 || cluster >= clusters + 2) throw damaged(where, `there is no cluster ${cluster}`);
    if (size === undefined) refuseHuge(at, where);
    if (at / clusterSize > clusters) throw damaged(where, 'its clusters go round in a circle');
    addRun(runs, { at, length: clusterSize, from: fat.dataAt + (cluster - 2) * clusterSize }, where);
    cluster = await after(fat, cluster);
  }
  if (size !== undefined && at < size) throw damaged(where, `it ends at byte ${at} of ${size}`);
  return scattered(fat.disk, size ?? at, runs, where);
}

async function after({ disk, bits, tableAt }: Fat, cluster: number): Promise<number> {
  if (bits === 32) return (await readAt(disk, tableAt + cluster * 4, 4)).readUInt32LE(0) & 0x0fffffff;
  if (bits === 16) return (await readAt(disk, tableAt + cluster * 2, 2)).readUInt16LE(0);
  const pair = (await readAt(disk, tableAt + Math.floor(cluster * 1.5), 2)).readUInt16LE(0);
  return cluster % 2 === 1 ? pair >>> 4 : pair & 0xfff;
}
