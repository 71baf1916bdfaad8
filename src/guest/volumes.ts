import { type Bytes, part, readAt } from '../disk/bytes.ts';
import { cached } from '../disk/cached.ts';
import { extendedTypes } from '../disk/mbr.ts';
import { type Partition, type Partitions, partitionsOf } from '../disk/partitions.ts';
import { DiskError, Unread } from '../errors.ts';
import { openExt } from './ext.ts';
import { openFat } from './fat.ts';
import { damaged, type FileSystem } from './file-system.ts';
import { openIso } from './iso.ts';
import { logicalVolumes, openPhysicalVolume, type PhysicalVolume } from './lvm.ts';
import { openXfs } from './xfs.ts';

/** A part of a disk that can have a file system: a partition, a logical volume, or all of it. */
export interface Volume {
  /** `partition 1`, `volume group/name`, `the whole disk`. */
  readonly name: string;
  /** None for a logical volume, and where the disk is not divided. */
  readonly partition: Partition | undefined;
  /** The group and volume of LVM. */
  readonly logical: string | undefined;
  /** What is in it, as mount and blkid call it; empty where nothing is recognised. */
  readonly kind: string;
  /** There when its files can be read. */
  readonly files: FileSystem | undefined;
  /** Why its files cannot be read, where it has any. */
  readonly trouble: DiskError | undefined;
}

/** A disk as what is on it. */
export interface Volumes extends Partitions {
  readonly volumes: readonly Volume[];
}

/** What is to be said of those whose journals hold changes, for these are not replayed. */
export const unmounted = (volumes: readonly Volume[]): string[] =>
  volumes
    .filter(({ files }) => files?.needsReplay === true)
    .map(({ name }) => `${name}: It was not unmounted: its newest changes are in its journal, and not seen`);

/** Finds the file systems of a disk; what is wrong with one of them stands in it, and is no error. */
export async function volumesOf(disk: Bytes): Promise<Volumes> {
  const bytes = cached(disk);
  const table = await partitionsOf(bytes);
  const parts = table.partitions
    .filter(({ type, size }) => !extendedTypes.includes(type) && size > 0)
    .map((partition) => {
      const start = Math.min(partition.start, bytes.size);
      const content = part(bytes, start, Math.min(partition.size, bytes.size - start));
      return { partition, name: `partition ${partition.number}`, content };
    });
  // a file system without a table may have a boot loader, whose code looks like an empty one
  const whole = { partition: undefined, name: 'the whole disk', content: bytes };
  const groups: PhysicalVolume[] = [];
  const volumes: Volume[] = [];
  const divided = parts.some(({ content }) => content.size > 0);
  for (const { partition, name, content } of divided ? parts : [whole]) {
    const found = await identify(content, groups);
    const isCut = partition !== undefined && content.size < partition.size;
    const cut = isCut && damaged(`Partition ${partition.number}`, 'it goes on beyond the end of the disk');
    volumes.push({ name, partition, logical: undefined, ...found, ...(cut && { trouble: cut }) });
  }
  if (divided && volumes.every(({ kind }) => kind !== 'iso9660')) {
    const files = await openIso(bytes).catch(unlessDamaged);
    // a CD that is a disk as well may have partitions for the firmware alone
    if (files !== undefined) volumes.unshift({ ...whole, ...contentOf(files, bytes), logical: undefined });
  }
  for (const { name: logical, open } of logicalVolumes(groups).slice(0, mostLogical)) {
    const found = await attempt('', async () => identify(open(), []));
    volumes.push({ name: `volume ${logical}`, partition: undefined, logical, ...found });
  }
  return { ...table, volumes };
}

/** More volumes are in no guest. */
const mostLogical = 256;

type Content = Pick<Volume, 'kind' | 'files' | 'trouble'>;

async function identify(bytes: Bytes, groups: PhysicalVolume[]): Promise<Content> {
  for (const [kind, open] of readers) {
    const found = await attempt(kind, async () => {
      const files = await open(bytes);
      return files === undefined ? undefined : contentOf(files, bytes);
    });
    if (found !== undefined) return found;
  }
  const physical = await attempt('LVM2_member', async () => {
    const volume = await openPhysicalVolume(bytes);
    if (volume === undefined) return undefined;
    groups.push(volume);
    return { kind: 'LVM2_member', files: undefined, trouble: undefined };
  });
  if (physical !== undefined) return physical;
  const kind = await nameOf(bytes);
  const lost = kind === '' && (await lostIn(bytes));
  if (lost)
    return {
      kind: lost,
      files: undefined,
      trouble: damaged(`The ${lost} file system`, 'it has no beginning'),
    };
  const holdsFiles = kind !== '' && kind !== 'swap';
  const trouble = holdsFiles ? new Unread(`Its files are in a form that is not read: ${kind}`) : undefined;
  return { kind, files: undefined, trouble };
}

const contentOf = (files: FileSystem, bytes: Bytes): Content => ({
  kind: files.kind,
  files,
  trouble: cutOff(files, bytes),
});

const unlessDamaged = (error: unknown): undefined => {
  if (!(error instanceof DiskError)) throw error;
};

/** What is longer than its place was copied in part. */
const cutOff = ({ kind, size }: FileSystem, bytes: Bytes): DiskError | undefined =>
  size > bytes.size
    ? damaged(`The ${kind} file system`, `it has ${size} bytes, and its place only ${bytes.size}`)
    : undefined;

/** ISO images with a boot sector can look like FAT, so they are asked first. */
const readers = [
  ['iso9660', openIso],
  ['ext', openExt],
  ['xfs', openXfs],
  ['vfat', openFat],
] as const;

async function attempt<T>(kind: string, act: () => Promise<T>): Promise<T | Content> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return { kind, files: undefined, trouble: error };
  }
}

/** What is recognised by a mark at a place, though its files are not read. */
const marks: readonly (readonly [kind: string, at: number, mark: string])[] = [
  ['crypto_LUKS', 0, 'LUKS\xba\xbe'],
  ['btrfs', 65_600, '_BHRfS_M'],
  ['swap', 4086, 'SWAPSPACE2'],
  ['ntfs', 3, 'NTFS    '],
  ['exfat', 3, 'EXFAT   '],
  ['squashfs', 0, 'hsqs'],
  ['erofs', 1024, '\xe2\xe1\xf5\xe0'],
  ['f2fs', 1024, '\x10\x20\xf5\xf2'],
  ['linux_raid_member', 4096, '\xfc\x4e\x2b\xa9'],
  ['zfs_member', 135_168, '\x0c\xb1\xba\x00'],
  ['jfs', 32_768, 'JFS1'],
  ['reiserfs', 65_588, 'ReIsEr'],
];

async function nameOf(bytes: Bytes): Promise<string> {
  for (const [kind, at, mark] of marks) {
    if (at + mark.length > bytes.size) continue;
    if ((await readAt(bytes, at, mark.length)).toString('latin1') === mark) return kind;
  }
  return '';
}

/** Where ext has the first copy of its superblock, with blocks of 1, 2 and 4 KiB. */
const copies = [8193 * 1024, 16384 * 2048, 32768 * 4096];

/** The file system whose superblock is gone, as is told by a copy of that or by what stands beside it. */
async function lostIn(bytes: Bytes): Promise<'ext' | 'xfs' | undefined> {
  for (const at of copies) {
    if (at + 1024 > bytes.size) continue;
    const copy = await readAt(bytes, at, 1024);
    if (copy.readUInt16LE(56) === 0xef53 && copy.readUInt16LE(90) === 1) return 'ext';
  }
  for (const at of [512, 4096]) {
    if (at + 4 <= bytes.size && (await readAt(bytes, at, 4)).toString('latin1') === 'XAGF') return 'xfs';
  }
  return undefined;
}
