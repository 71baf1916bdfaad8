import type { Danger } from '../disk/format.ts';
import type { Inspection } from '../disk/inspect.ts';
import type { Partition } from '../disk/partitions.ts';
import type { Inside } from './file-guest.ts';
import { type DiskMap, sizeOf } from './file-map.ts';

/** What file-inspect tells programs; sizes are bytes, `min_disk` is GiB. */
export interface Report {
  readonly file: string;
  readonly format: string;
  readonly size: number;
  readonly allocated_size: number;
  readonly virtual_size: number | null;
  readonly details: Readonly<Record<string, unknown>>;
  /** Null where the disk cannot be read. */
  readonly partition_table: string | null;
  readonly partitions: readonly Partition[];
  readonly file_systems: Inside['file_systems'];
  /** Null where no operating system is found, or none was looked for. */
  readonly guest: Inside['guest'];
  readonly dangers: readonly Danger[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  readonly glance: {
    /** What it sees in the file. */
    readonly formats: readonly string[];
    readonly failed_checks: readonly Danger[];
    readonly accepted_as: string | null;
    /** Why it does not take the file for what it is. */
    readonly refusal: string | null;
  };
  readonly suggestion: {
    readonly disk_format: string | null;
    readonly container_format: string;
    readonly min_disk: number | null;
    readonly properties: Readonly<Record<string, string>>;
  };
  readonly extents?: DiskMap['extents'];
  /** Bytes of the file that were read to tell all this, extents aside. */
  readonly bytes_read: number;
}

/** What is known of a file before anybody looks into it, and what the looking took. */
interface Facts {
  readonly file: string;
  readonly size: number;
  readonly allocated: number;
  readonly bytesRead: number;
}

/** Puts together what was found. */
export function reportOf(
  { file, size, allocated, bytesRead }: Facts,
  { format, table, gate, suggestion, ...found }: Inspection,
  inside: Inside,
  map: DiskMap | undefined,
): Report {
  const { diskFormat = null, containerFormat, minDisk = null, properties, refusal = null } = suggestion;
  const { details, dangers, problems, notes } = found;
  const unlisted =
    map?.listedTo === undefined ? [] : [`It has too many extents: they are listed to byte ${map.listedTo}`];
  return {
    file,
    format,
    size,
    allocated_size: allocated,
    virtual_size: found.size ?? null,
    details,
    partition_table: table?.scheme ?? null,
    partitions: table?.partitions ?? [],
    file_systems: inside.file_systems,
    guest: inside.guest,
    dangers,
    problems,
    notes: [...notes, ...inside.notes, ...unlisted],
    glance: { formats: gate.formats, failed_checks: gate.failures, accepted_as: diskFormat, refusal },
    suggestion: {
      disk_format: diskFormat,
      container_format: containerFormat,
      min_disk: minDisk,
      properties: { ...properties, ...inside.properties },
    },
    ...(map !== undefined && { extents: map.extents }),
    bytes_read: bytesRead,
  };
}

/** What a person sees of it: a line for each thing, and none for what there is not, dangers excepted. */
export function shownReport(report: Report, map: DiskMap | undefined): Record<string, unknown> {
  const { details, partitions, dangers, problems, notes, virtual_size } = report;
  return {
    ...details,
    ...(Array.isArray(details.snapshots) && { snapshots: details.snapshots.map(snapshotLine).join('\n') }),
    ...(Array.isArray(details.bitmaps) && { bitmaps: details.bitmaps.map(({ name }) => name).join('\n') }),
    file: report.file,
    format: report.format,
    size: exactly(report.size),
    allocated_size: exactly(report.allocated_size),
    ...(virtual_size !== null && { virtual_size: exactly(virtual_size) }),
    ...(report.partition_table !== null && { partition_table: report.partition_table }),
    ...(partitions.length > 0 && { partitions: partitions.map(partitionLine).join('\n') }),
    ...(report.file_systems.length > 0 && {
      file_systems: report.file_systems.map(fileSystemLine).join('\n'),
    }),
    ...(report.guest !== null && {
      guest: [report.guest.name, report.guest.architecture].filter(Boolean).join(', '),
    }),
    dangers:
      dangers.length === 0 ? 'none' : dangers.map(({ check, reason }) => `${check}: ${reason}`).join('\n'),
    ...(problems.length > 0 && { problems: problems.join('\n') }),
    ...(notes.length > 0 && { notes: notes.join('\n') }),
    glance: glanceLine(report),
    ...(report.suggestion.disk_format !== null && { suggestion: suggestionLine(report) }),
    ...(map !== undefined && { map: map.picture }),
  };
}

const exactly = (bytes: number): string => (bytes < 1024 ? `${bytes}` : `${bytes} (${sizeOf(bytes)})`);

const snapshotLine = ({ id, name, created }: Record<string, unknown>): string => `${id} ${name} (${created})`;

const fileSystemLine = ({ place, type, label }: Report['file_systems'][number]): string =>
  `${place}: ${type}${label === '' ? '' : ` '${label}'`}`;

function partitionLine({ number, start, size, type, name, logical }: Partition): string {
  const known = types[type] ?? type;
  const called = name === '' ? '' : ` '${name}'`;
  return `${number}: ${known}${called}, ${sizeOf(size)} from ${sizeOf(start)} on${logical ? ', logical' : ''}`;
}

/** The types of partitions that images for clouds have. */
const types: Readonly<Record<string, string>> = {
  'c12a7328-f81f-11d2-ba4b-00a0c93ec93b': 'EFI system',
  '21686148-6449-6e6f-744e-656564454649': 'BIOS boot',
  '0fc63daf-8483-4772-8e79-3d69d8477de4': 'Linux',
  '4f68bce3-e8cd-4db1-96e7-fbcaf984b709': 'Linux root (x86-64)',
  'b921b045-1df0-41c3-af44-4c6f280d3fae': 'Linux root (ARM64)',
  'bc13c2ff-59e6-4262-a352-b275fd6f7172': 'Linux boot',
  '0657fd6d-a4ab-43c4-84e5-0933c84b4f4f': 'Linux swap',
  'e6d6d379-f507-44c2-a23c-238f2a3df928': 'Linux LVM',
  '9e1a2d38-c612-4316-aa26-8b49521e5a8b': 'PowerPC PReP boot',
  'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7': 'Microsoft data',
  'e3c9e316-0b5c-4db8-817d-f92df00215ae': 'Microsoft reserved',
  '0x05': 'extended',
  '0x0f': 'extended',
  '0x85': 'extended',
  '0x07': 'NTFS or exFAT',
  '0x0b': 'FAT32',
  '0x0c': 'FAT32',
  '0x82': 'Linux swap',
  '0x83': 'Linux',
  '0x8e': 'Linux LVM',
  '0xee': 'GPT',
  '0xef': 'EFI system',
};

function glanceLine({ glance: { accepted_as, refusal } }: Report): string {
  const accepts = `would accept it as ${accepted_as}`;
  if (refusal === null) return accepted_as === null ? 'has no disk_format for it' : accepts;
  const refuses = `would refuse it: ${refusal}`;
  return accepted_as === null ? refuses : `${refuses}\n${accepts}`;
}

function suggestionLine({
  suggestion: { disk_format, container_format, min_disk, properties },
}: Report): string {
  const least = min_disk === null ? '' : ` --min-disk ${min_disk}`;
  return [
    `--disk-format ${disk_format} --container-format ${container_format}${least}`,
    ...Object.entries(properties).map(([name, value]) => `--property ${name}=${value}`),
  ].join('\n');
}
