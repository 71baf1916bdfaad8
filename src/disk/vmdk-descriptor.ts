import type { Danger } from './format.ts';

/** The text in a VMDK file that says of what its disk is made. */
export interface Descriptor {
  /** As it stands there, empty when it does not. */
  readonly createType: string;
  readonly extents: readonly VmdkExtent[];
  /** The name of the parent, empty when there is none. */
  readonly parent: string;
  /** The lines `name=value` (names in lower case), `ddb.…` among them. */
  readonly fields: ReadonlyMap<string, string>;
  /** Lines that are none of those above. */
  readonly strange: readonly string[];
  /** Whether it may go on beyond what was read of it. */
  readonly cut: boolean;
}

/** A line of the form `RW 16384 FLAT "disk-f001.vmdk" 0`. */
export interface VmdkExtent {
  readonly line: string;
  readonly sectors: number;
  readonly kind: string;
  readonly file: string;
  /** Sectors of the file before it. */
  readonly offset: number;
}

/** As much of the text (bytes) as is read; QEMU reads up to 1 MiB of it, and nobody has ever had that much to say. */
export const longestDescriptor = 64 * 1024;

/** The kinds that are one file. */
export const singleFile: readonly string[] = ['monolithicsparse', 'streamoptimized'];

/** Reads the text of a descriptor, up to its first NUL. */
export function descriptorOf(text: string): Descriptor {
  const lines = text
    .replace(/\0.*$/s, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const fieldLines = lines.filter(isField);
  const extents = lines.filter((line) => !isField(line) && isExtent(line));
  const fields = new Map(
    fieldLines.map((line) => {
      const at = line.indexOf('=');
      return [
        line.slice(0, at).trim().toLowerCase(),
        line
          .slice(at + 1)
          .trim()
          .replace(/^"|"$/g, ''),
      ] as const;
    }),
  );
  const noParent = /^(0x)?f{8}$/i.test(fields.get('parentcid') ?? 'ffffffff');
  return {
    createType: fields.get('createtype') ?? '',
    extents: extents.map(extentOf),
    parent: noParent ? '' : (fields.get('parentfilenamehint') ?? `CID ${fields.get('parentcid')}`),
    fields,
    strange: lines.filter((line) => !isField(line) && !isExtent(line)),
    cut: text.length === longestDescriptor && !text.includes('\0'),
  };
}

/** As many of the same kind as are told: whoever wrote the text may have written very much. */
const few = 4;

/** What of a descriptor makes QEMU open other files; Glance has one name for all of it. */
export function descriptorDangers({ createType, extents, parent, strange, cut }: Descriptor): Danger[] {
  const reasons = [
    ...(singleFile.includes(createType.toLowerCase())
      ? []
      : [`It is of the kind '${createType}', which has its data in other files`]),
    ...extents
      .filter(({ line }) => line.includes('/'))
      .slice(0, few)
      .map(({ file }) => `It names a file by a path, '${file}'`),
    ...(cut ? [`Its descriptor is longer than ${longestDescriptor} bytes, and not read to its end`] : []),
    ...(extents.length === 0 ? ['It names no place of its data'] : []),
    ...(parent === '' ? [] : [`What it does not hold is read from '${parent}'`]),
    ...strange.slice(0, few).map((line) => `Its descriptor has a strange line, '${line.slice(0, 80)}'`),
  ];
  return reasons.map((reason) => ({ check: 'descriptor', reason }));
}

const isField = (line: string): boolean => /^ddb/i.test(line) || /^[^\s=]*=/.test(line);

const isExtent = (line: string): boolean => /^(rw|rdonly|noaccess)( |$)/i.test(line);

function extentOf(line: string): VmdkExtent {
  const [, sectors = '0', kind = '', file = '', offset = '0'] =
    /^\S+\s+(\d+)\s+(\S+)(?:\s+"([^"]*)"(?:\s+(\d+))?)?/.exec(line) ?? [];
  return { line, sectors: Number(sectors), kind: kind.toUpperCase(), file, offset: Number(offset) };
}
