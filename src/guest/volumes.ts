import { type Bytes, part, readAt } from '../disk/bytes.ts';
import { cached } from '../disk/cached.ts';
import { extendedTypes } from '../disk/mbr.ts';
import { type Partition, type Partitions, partitionsOf } from '../disk/partitions.ts';
import { DiskError, Unread } from '../errors.ts';
import { openExt } from './ext.ts';
import { openFat } from './fat.ts';
import type { FileSystem } from './file-system.ts';
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

/** Finds the file systems of a disk; what is wrong with one of them stands in it, and is no error. */
export async function volumesOf(disk: Bytes): Promise<Volumes> {
  const bytes = cached(disk);
  const table = await partitionsOf(bytes);
  const parts = table.partitions
    .filter(({ type, start, size }) => !extendedTypes.includes(type) && start < bytes.size && size > 0)
    .map((partition) => ({
      partition,
      name: `partition ${partition.number}`,
      content: part(bytes, partition.start, Math.min(partition.size, bytes.size - partition.start)),
    }));
  // a file system without a table may have a boot loader, whose code looks like an empty one
  const whole = { partition: undefined, name: 'the whole disk', content: bytes };
  const groups: PhysicalVolume[] = [];
  const volumes: Volume[] = [];
  for (const { partition, name, content } of parts.length === 0 ? [whole] : parts) {
    volumes.push({ name, partition, logical: undefined, ...(await identify(content, groups)) });
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
      return files === undefined ? undefined : { kind: files.kind, files, trouble: undefined };
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
  const holdsFiles = kind !== '' && kind !== 'swap';
  const trouble = holdsFiles ? new Unread(`Its files are in a form that is not read: ${kind}`) : undefined;
  return { kind, files: undefined, trouble };
}

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
