import { type Bytes, readAt } from '../disk/bytes.ts';
import { textAt, u64le } from '../disk/fields.ts';
import { Unread } from '../errors.ts';
import { damaged } from './file-system.ts';
import { parseMetadata, type Section, sections } from './lvm-metadata.ts';
import { addRun, type Run, scattered } from './runs.ts';

/** A partition that is a part of a volume group, and what it says of the group. */
export interface PhysicalVolume {
  readonly disk: Bytes;
  readonly uuid: string;
  readonly metadata: Section;
}

/** A logical volume; opening one that is not laid out plainly is refused. */
export interface LogicalVolume {
  /** `group/volume` */
  readonly name: string;
  readonly uuid: string;
  open(): Bytes;
}

const sector = 512;
const labelMark = 'LABELONE';
const metadataMark = ' LVM2 x[5A%r0N*>';
/** Half of the usual room for it: the old text must fit beside the new one. */
const mostMetadata = 512 * 1024;
const where = 'The LVM physical volume';

// https://github.com/libyal/libvslvm/blob/main/documentation/Logical%20Volume%20Manager%20(LVM)%20format.asciidoc
/** What a partition says of its volume group, or undefined where it belongs to none. */
export async function openPhysicalVolume(disk: Bytes): Promise<PhysicalVolume | undefined> {
  if (disk.size < 4 * sector) return undefined;
  const head = await readAt(disk, 0, 4 * sector);
  const label = [0, 1, 2, 3]
    .map((index) => index * sector)
    .find((at) => head.toString('latin1', at, at + 8) === labelMark);
  if (label === undefined) return undefined;
  const from = label + 20;
  if (checksum(head.subarray(from, label + sector)) !== head.readUInt32LE(label + 16)) {
    throw damaged(where, 'the checksum of its label is wrong');
  }
  const header = label + head.readUInt32LE(from);
  if (header + 40 > head.length) throw damaged(where, 'its label goes on beyond it');
  const uuid = head.toString('latin1', header, header + 32);
  // two lists of places, of the data and then of the metadata, each ended by zeros
  let at = header + 40;
  const list = () => {
    const places: number[] = [];
    for (; at + 16 <= head.length; at += 16) {
      const offset = u64le(head, at);
      if (offset === 0) break;
      places.push(offset);
    }
    at += 16;
    return places;
  };
  list();
  const [area] = list();
  if (area === undefined) throw new Unread(`${where} keeps no description of its group`);
  return { disk, uuid, metadata: parseMetadata(await readMetadata(disk, area)) };
}

async function readMetadata(disk: Bytes, area: number): Promise<string> {
  const header = await readAt(disk, area, sector);
  const right =
    header.toString('latin1', 4, 20) === metadataMark &&
    checksum(header.subarray(4)) === header.readUInt32LE(0);
  if (!right) throw damaged(where, 'the checksum of its description is wrong');
  const [size, offset, length] = [u64le(header, 32), u64le(header, 40), u64le(header, 48)];
  if (length > mostMetadata)
    throw new Unread(`${where} has a description of ${length} bytes, which is not read`);
  if (length > size || offset > size || offset < sector) {
    throw damaged(where, 'its description is of a size that cannot be');
  }
  // the text lies in a ring behind the header
  const before = Math.min(length, size - offset);
  const text = Buffer.concat([
    await readAt(disk, area + offset, before),
    await readAt(disk, area + sector, length - before),
  ]);
  if (checksum(text) !== header.readUInt32LE(56))
    throw damaged(where, 'the checksum of its description is wrong');
  return textAt(text, 0, text.length);
}

/** LVM's own CRC-32, which begins with a number of its own and is not inverted. */
function checksum(bytes: Uint8Array): number {
  let sum = 0xf597a6cf;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return sum >>> 0;
}

/** The volumes of all groups that the physical volumes make up. */
export function logicalVolumes(volumes: readonly PhysicalVolume[]): LogicalVolume[] {
  const groups = new Map(volumes.flatMap(({ metadata }) => sections(metadata)));
  return [...groups].flatMap(([group, section]) => {
    const logical = section.get('logical_volumes');
    if (!(logical instanceof Map)) return [];
    return sections(logical)
      .filter(([, it]) => [it.get('status')].flat().includes('VISIBLE'))
      .map(([name, it]) => ({
        name: `${group}/${name}`,
        uuid: String(it.get('id') ?? ''),
        open: () => layOut(`The logical volume ${group}/${name}`, section, it, volumes),
      }));
  });
}

function layOut(where: string, group: Section, volume: Section, present: readonly PhysicalVolume[]): Bytes {
  const number = (from: Section, key: string): number => {
    const value = from.get(key);
    if (typeof value !== 'number' || value < 0) throw damaged(where, `its description has no ${key}`);
    return value;
  };
  const extent = number(group, 'extent_size') * sector;
  const physical = group.get('physical_volumes');
  const runs: Run[] = [];
  let size = 0;
  const segments = sections(volume).filter(([key]) => key.startsWith('segment'));
  for (const [, segment] of segments) {
    const type = segment.get('type');
    if (type !== 'striped' || number(segment, 'stripe_count') !== 1) {
      throw new Unread(`${where} is not linear (${String(type)}), which is not read`);
    }
    const [name, first] = [segment.get('stripes')].flat();
    const described = physical instanceof Map ? physical.get(String(name)) : undefined;
    if (!(described instanceof Map) || typeof first !== 'number')
      throw damaged(where, 'a part of it is nowhere');
    const uuid = String(described.get('id')).replaceAll('-', '');
    const found = present.find((it) => it.uuid === uuid);
    if (found === undefined) throw new Unread(`${where} goes on in another disk`);
    const at = number(segment, 'start_extent') * extent;
    const length = number(segment, 'extent_count') * extent;
    const from = number(described, 'pe_start') * sector + first * extent;
    size = Math.max(size, at + length);
    if (!Number.isSafeInteger(from + length + size))
      throw damaged(where, 'a part of it has a size that cannot be');
    addRun(runs, { at, length, from: from + startOf(found, present) }, where);
  }
  return scattered(joined(present), size, runs, where);
}

/** All physical volumes as one disk, side by side. */
function joined(volumes: readonly PhysicalVolume[]): Bytes {
  const [first] = volumes;
  if (volumes.length === 1 && first !== undefined) return first.disk;
  const places = volumes.map((it) => ({ disk: it.disk, start: startOf(it, volumes) }));
  const size = volumes.reduce((sum, { disk }) => sum + disk.size, 0);
  return {
    size,
    read: async (into, at) => {
      for (const { disk, start } of places) {
        const [from, to] = [Math.max(at, start), Math.min(at + into.length, start + disk.size)];
        if (from < to) await disk.read(into.subarray(from - at, to - at), from - start);
      }
    },
  };
}

const startOf = (volume: PhysicalVolume, among: readonly PhysicalVolume[]): number =>
  among.slice(0, among.indexOf(volume)).reduce((sum, { disk }) => sum + disk.size, 0);
