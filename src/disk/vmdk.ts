import { DiskError, Unread } from '../errors.ts';
import { type Bytes, type Named, part, readAt } from './bytes.ts';
import { within } from './fields.ts';
import { type Disk, type Findings, type Format, findings } from './format.ts';
import { diskOf, entriesFrom, joined, plainDisk, type Run } from './runs.ts';
import { sideBySide } from './side-by-side.ts';
import { deflatedByZlib } from './unpack.ts';
import {
  type Descriptor,
  descriptorDangers,
  descriptorOf,
  longestDescriptor,
  singleFile,
} from './vmdk-descriptor.ts';
import { beyondTheEnd } from './vmdk-end.ts';
import { type VmdkHeader, vmdkHeader } from './vmdk-header.ts';

/** VMware's format: sparse files with a descriptor within, descriptors alone, and kinds that are named and not read. */
export const vmdk: Format = {
  name: 'vmdk',
  matches: ({ head }) => kindOf(head) !== undefined,
  async inspect(file) {
    const kind = kindOf(await readAt(file, 0, Math.min(512, file.size)));
    if (kind === 'text') return ofText(file);
    return kind === 'sparse' ? ofSparse(file) : ofOther(kind ?? 'vmdk');
  },
  async open(file) {
    const kind = kindOf(await readAt(file, 0, Math.min(512, file.size)));
    if (kind === 'text' && file.named !== undefined) return severalFiles(await textOf(file), file.named);
    if (kind !== 'sparse')
      throw new Unread(`The data of this VMDK file are not in it, or not read (${kind})`);
    const header = await vmdkHeader(file);
    const { parent } = descriptorOf(header.descriptor);
    if (parent !== '' && file.named === undefined)
      throw new Unread(`The data of the VMDK file cannot be read: some are in its parent, ${parent}`);
    return diskOf(file, {
      format: 'vmdk',
      size: header.size,
      runAt: (place) => runAt(file, header, place),
      packing: deflatedByZlib(header.grainSize, header.markers ? withoutMarker : (packed) => packed),
      below: parent === '' ? undefined : await file.named?.(parent, 'vmdk'),
    });
  },
};

/** The disk that a descriptor puts together from other files. */
async function severalFiles({ extents, parent, cut }: Descriptor, named: Named): Promise<Disk> {
  if (parent !== '' || cut)
    throw new Unread(
      `The data of the VMDK file cannot be read: ${cut ? 'its descriptor is too long' : 'it has a parent'}`,
    );
  if (extents.length === 0) throw new DiskError('The VMDK file names no place of its data');
  const parts: Disk[] = [];
  for (const { line, sectors, kind, file, offset } of extents) {
    const size = within(sectors * 512, 1, Number.MAX_SAFE_INTEGER, 'size of an extent');
    if (kind === 'SPARSE') parts.push(await named(file, 'vmdk'));
    else if (kind === 'FLAT' || kind === 'VMFS')
      parts.push(plainDisk('raw', part(await named(file, 'raw'), offset * 512, size)));
    else if (kind === 'ZERO')
      parts.push(diskOf(nothing, { format: 'raw', size, runAt: () => ({ kind: 'zero', length: size }) }));
    else
      throw new Unread(`The data of the VMDK file cannot be read: its extent '${line}' is of another kind`);
    if (parts.at(-1)?.size !== size)
      throw new DiskError(`The file '${file}' has not the ${sectors} sectors that the VMDK file says`);
  }
  return sideBySide('vmdk', parts);
}

const nothing: Bytes = { size: 0, read: async () => {} };

type Kind = 'sparse' | 'text' | 'vmfsSparse (COWD)' | 'seSparse';

function kindOf(head: Buffer): Kind | undefined {
  const magic = head.toString('latin1', 0, 4);
  if (magic === 'KDMV') return 'sparse';
  if (magic === 'COWD') return 'vmfsSparse (COWD)';
  if (head.length >= 8 && head.readBigUInt64LE(0) === 0xcafebaben) return 'seSparse';
  return isDescriptor(head.toString('latin1', 0, 512)) ? 'text' : undefined;
}

/** As QEMU sees it: after comments and empty lines the first line tells the version. */
function isDescriptor(text: string): boolean {
  if (/^#\s*disk descriptorfile/i.test(text)) return true;
  return /^(?:[ \t]*(?:#[^\n]*)?\r?\n)*version=[123]\s*\r?\n/.test(text);
}

const textOf = async (file: Bytes): Promise<Descriptor> =>
  descriptorOf((await readAt(file, 0, Math.min(longestDescriptor, file.size))).toString('latin1'));

async function ofText(file: Bytes): Promise<Findings> {
  const descriptor = await textOf(file);
  const sectors = descriptor.extents.reduce((sum, extent) => sum + extent.sectors, 0);
  return findings({
    size: Number.isSafeInteger(sectors * 512) ? sectors * 512 : undefined,
    details: detailsOf(descriptor),
    dangers: descriptorDangers(descriptor),
    notes: ['It is only the description of a disk, whose data are in other files'],
  });
}

async function ofSparse(file: Bytes): Promise<Findings> {
  const header = await vmdkHeader(file);
  const { size, grainSize, compressed, descriptor: text, directory, hasFooter, version } = header;
  const descriptor = descriptorOf(text);
  const end = directory + Math.ceil(size / (grainSize * header.tableEntries)) * 4;
  return findings({
    size,
    details: {
      ...detailsOf(descriptor),
      version,
      grain_size: grainSize,
      compressed,
      has_footer: hasFooter,
    },
    dangers:
      text === ''
        ? [{ check: 'descriptor', reason: 'It has no descriptor: it is one of several files of a disk' }]
        : descriptorDangers(descriptor),
    problems:
      end > file.size
        ? [`It ends at byte ${file.size}, before the end of its directory: it was cut off`]
        : await beyondTheEnd(file, header),
  });
}

const ofOther = (kind: string): Findings =>
  findings({
    size: undefined,
    details: { create_type: kind },
    dangers: [
      { check: 'descriptor', reason: `It is of the kind ${kind}, a part of a disk in several files` },
    ],
  });

function detailsOf({ createType, extents, parent, fields }: Descriptor): Record<string, unknown> {
  const adapter = fields.get('ddb.adaptertype');
  return {
    create_type: createType,
    ...(adapter !== undefined && { adapter_type: adapter }),
    ...(parent !== '' && { parent }),
    ...(!singleFile.includes(createType.toLowerCase()) && { extents: extents.map(({ line }) => line) }),
  };
}

/** A directory names tables of u32, each entry the sector of a grain: 0 nowhere, 1 zeros where the header says so. */
async function runAt(file: Bytes, header: VmdkHeader, place: number): Promise<Run> {
  const { grainSize, tableEntries, directory, size } = header;
  const reach = grainSize * tableEntries;
  const page = await entriesFrom(
    file,
    { at: directory, entries: Math.ceil(size / reach), width: 4 },
    Math.floor(place / reach),
  );
  const table = page.readUInt32LE(0) * 512;
  if (table === 0) return { kind: 'unallocated', length: reach - (place % reach) };
  const grain = Math.floor(place / grainSize) % tableEntries;
  const grains = await entriesFrom(file, { at: table, entries: tableEntries, width: 4 }, grain);
  return joined(
    grains.length / 4,
    (index) => grainRun(grains.readUInt32LE(index * 4), header),
    place % grainSize,
  );
}

function grainRun(sector: number, { grainSize: length, compressed, zeroed }: VmdkHeader): Run {
  if (sector === 0) return { kind: 'unallocated', length };
  if (sector === 1 && zeroed) return { kind: 'zero', length };
  if (!compressed) return { kind: 'data', length, at: sector * 512 };
  return { kind: 'packed', length, at: sector * 512, size: 2 * length + 12, from: 0 };
}

/** Before a compressed grain stands, where there are markers: u64 its sector in the disk, u32 its length. */
const withoutMarker = (packed: Buffer): Buffer => packed.subarray(12, 12 + packed.readUInt32LE(8));
