import { type Bytes, readAt } from './bytes.ts';
import { textAt } from './fields.ts';
import { type Format, findings, type Signs } from './format.ts';
import { partitionsOf } from './partitions.ts';
import { plainDisk } from './runs.ts';

/*
 * ISO 9660 (ECMA-119) and UDF (ECMA-167): volume descriptors in sectors of 2048 bytes, from the 16th on.
 *
 *   0   u8  type: 0 boot record, 1 primary, 255 the last one
 *   1   5   "CD001"; for UDF "BEA01", then "NSR02" or "NSR03" in one of the next sectors
 *   40  32  name of the volume               80  u32 LE blocks of the volume
 *   7   32  "EL TORITO SPECIFICATION" (type 0)  128 u16 LE bytes of a block
 */
const at = { type: 0, id: 1, system: 7, volume: 40, blocks: 80, blockSize: 128 };

const first = 16 * 2048;
const sector = 2048;

/** Images of CDs and DVDs, also those that are disks as well. */
export const iso: Format = {
  name: 'iso',
  matches: (signs) => isIso(signs) || isUdf(signs),
  async inspect(file) {
    const descriptors = await descriptorsOf(file);
    const primary = descriptors.find((it) => it[at.type] === 1 && idOf(it) === 'CD001');
    const bootable = descriptors.some(
      (it) => it[at.type] === 0 && textAt(it, at.system, 32).startsWith('EL TORITO'),
    );
    const { scheme } = await partitionsOf(file);
    const volume =
      primary === undefined
        ? undefined
        : primary.readUInt32LE(at.blocks) * primary.readUInt16LE(at.blockSize);
    return findings({
      size: file.size,
      details: {
        file_systems: [
          ...(primary === undefined ? [] : ['iso9660']),
          ...(descriptors.some((it) => idOf(it).startsWith('NSR')) ? ['udf'] : []),
        ],
        ...(primary !== undefined && { volume: textAt(primary, at.volume, 32).trim(), volume_size: volume }),
        bootable,
        hybrid: scheme !== 'none',
      },
      dangers: [],
      problems:
        volume !== undefined && volume > file.size
          ? [`It ends at byte ${file.size}, and its volume at byte ${volume}: it was cut off`]
          : [],
    });
  },
  open: async (file) => plainDisk('iso', file),
};

const idOf = (descriptor: Buffer): string => descriptor.toString('latin1', at.id, at.id + 5);

const isIso = ({ head }: Signs): boolean => head.toString('latin1', first + 1, first + 6) === 'CD001';

const isUdf = ({ head }: Signs): boolean => {
  const ids = sectorsOf(head.subarray(first)).map(idOf);
  return ids[0] === 'BEA01' && ids.some((id) => id === 'NSR02' || id === 'NSR03');
};

/** As many descriptors as are looked at. */
const most = 16;

async function descriptorsOf(file: Bytes): Promise<Buffer[]> {
  const count = Math.min(most, Math.floor(file.size / sector) - 16);
  const all = sectorsOf(await readAt(file, first, Math.max(0, count) * sector));
  const end = all.findIndex((it) => it.subarray(0, 6).every((byte) => byte === 0));
  return end < 0 ? all : all.slice(0, end);
}

const sectorsOf = (bytes: Buffer): Buffer[] =>
  Array.from({ length: Math.min(most, Math.floor(bytes.length / sector)) }, (_, index) =>
    bytes.subarray(index * sector, (index + 1) * sector),
  );
