import { DiskError, Unread } from '../errors.ts';
import { type Bytes, part, readAt } from './bytes.ts';
import { u64be, uuidAt, within } from './fields.ts';
import { type Format, findings } from './format.ts';
import { diskOf, entriesFrom, joined, plainDisk, type Run } from './runs.ts';

/*
 * Virtual PC's disk, most significant byte first: a footer of 512 bytes at the end, with a copy of it at the
 * beginning unless the disk is fixed. https://learn.microsoft.com/windows/win32/vstor/about-vhd
 *
 *   0   8   "conectix"                       56  u16 cylinders, u8 heads, u8 sectors
 *   16  u64 place of the dynamic header      60  u32 type: 2 fixed, 3 dynamic, 4 differencing
 *   28  4   program that made it             64  u32 checksum
 *   40  u64 size that it was made with       68  16  UUID
 *   48  u64 size
 *
 * The dynamic header has 1024 bytes:
 *
 *   0   8   "cxsparse"                       32  u32 bytes of a block
 *   16  u64 place of the table               40  16  UUID of the parent
 *   28  u32 entries of the table             64  512 its name, UTF-16
 *
 * The table has the sector of each block, ffffffff nowhere; a block begins with a bitmap of its sectors.
 */
const at = { header: 16, creator: 28, size: 48, geometry: 56, type: 60, checksum: 64, uuid: 68 };
const inHeader = { table: 16, entries: 28, blockSize: 32, parent: 64 };

const magic = 'conectix';
const types: Readonly<Record<number, string>> = { 2: 'fixed', 3: 'dynamic', 4: 'differencing' };

/** Programs that mean the size and not the geometry, as QEMU knows them. */
const meaningSize = ['win ', 'qem2', 'd2v ', 'tap\0', 'CTXS', 'wa\0\0'];
const largestGeometry = 65535 * 16 * 255 * 512;

interface Footer {
  readonly type: string;
  readonly creator: string;
  readonly header: number;
  readonly size: number;
  readonly geometry: number;
  readonly uuid: string;
  readonly sound: boolean;
}

interface Dynamic {
  readonly table: number;
  readonly entries: number;
  readonly blockSize: number;
  readonly parent: string;
}

/** Microsoft's first format, Azure's today. */
export const vhd: Format = {
  name: 'vhd',
  matches: ({ head, tail }) =>
    head.toString('latin1', 0, 8) === magic ||
    [512, 511].some((length) => tail.toString('latin1', tail.length - length).startsWith(magic)),
  async inspect(file) {
    const footer = await footerOf(file);
    const { type, creator, size, geometry, uuid, sound } = footer;
    const dynamic = type === 'fixed' ? undefined : await dynamicOf(file, footer);
    const differs = `Its size is ${size} bytes, that of its geometry ${geometry}: programs differ in which they use`;
    return findings({
      size: sizeOf(footer),
      details: {
        subformat: type,
        creator: creator.replaceAll('\0', '').trim(),
        current_size: size,
        geometry_size: geometry,
        uuid,
        ...(dynamic !== undefined && { block_size: dynamic.blockSize }),
        ...(dynamic !== undefined && dynamic.parent !== '' && { parent: dynamic.parent }),
      },
      dangers:
        type === 'differencing'
          ? [{ check: 'parent', reason: `What it does not hold is read from '${dynamic?.parent ?? ''}'` }]
          : [],
      problems: [
        ...(sound ? [] : ['The checksum of its footer is wrong']),
        ...(type === 'fixed' && sizeOf(footer) > file.size - 511
          ? ['It is shorter than its disk: it was cut off']
          : []),
        ...(type !== 'fixed' && !(await endsWithFooter(file))
          ? ['Its footer is missing: it was cut off']
          : []),
      ],
      notes: size === geometry || meaningSize.includes(creator) ? [] : [differs],
    });
  },
  async open(file) {
    const footer = await footerOf(file);
    const size = sizeOf(footer);
    if (footer.type === 'fixed') return plainDisk('vhd', part(file, 0, Math.min(size, file.size)));
    if (footer.type === 'unknown') throw new DiskError('The VHD file is of an unknown type');
    if (footer.type === 'differencing') {
      throw new Unread('The data of the VHD file cannot be read: some of them are in its parent');
    }
    const dynamic = await dynamicOf(file, footer);
    return diskOf(file, { format: 'vhd', size, runAt: (place) => runAt(file, dynamic, place) });
  },
};

const sizeOf = ({ creator, size, geometry }: Footer): number =>
  meaningSize.includes(creator) || geometry === largestGeometry ? size : geometry;

async function endsWithFooter(file: Bytes): Promise<boolean> {
  const tail = await readAt(file, Math.max(0, file.size - 512), Math.min(512, file.size));
  return tail.toString('latin1', 0, 8) === magic || tail.toString('latin1', 1, 9) === magic;
}

/** The copy at the beginning, or the footer itself; early programs wrote one of 511 bytes. */
async function footerOf(file: Bytes): Promise<Footer> {
  for (const place of [0, file.size - 512, file.size - 511]) {
    if (place < 0 || file.size < 511) continue;
    const footer = Buffer.alloc(512);
    await file.read(footer.subarray(0, Math.min(512, file.size - place)), place);
    if (footer.toString('latin1', 0, 8) !== magic) continue;
    const sum = footer.reduce((sum, byte) => sum + byte, 0);
    const checksum = footer.readUInt32BE(at.checksum);
    const own = footer.subarray(at.checksum, at.checksum + 4).reduce((sum, byte) => sum + byte, 0);
    const sectors = footer.readUInt16BE(at.geometry) * footer.readUInt8(58) * footer.readUInt8(59);
    return {
      type: types[footer.readUInt32BE(at.type)] ?? 'unknown',
      creator: footer.toString('latin1', at.creator, at.creator + 4),
      header: u64be(withoutOnes(footer), at.header),
      size: u64be(footer, at.size),
      geometry: sectors * 512,
      uuid: uuidAt(footer, at.uuid),
      sound: ~(sum - own) >>> 0 === checksum,
    };
  }
  throw new DiskError('The VHD file has no footer');
}

/** A fixed disk has no dynamic header: its place is all ones. */
function withoutOnes(footer: Buffer): Buffer {
  const copy = Buffer.from(footer);
  if (copy.readBigUInt64BE(at.header) === 0xffff_ffff_ffff_ffffn) copy.fill(0, at.header, at.header + 8);
  return copy;
}

async function dynamicOf(file: Bytes, footer: Footer): Promise<Dynamic> {
  const header = await readAt(file, footer.header, 1024);
  if (header.toString('latin1', 0, 8) !== 'cxsparse')
    throw new DiskError('The VHD file has no dynamic header');
  const blockSize = within(header.readUInt32BE(inHeader.blockSize), 512, 256 * 1024 * 1024, 'block size');
  if (blockSize % 512 !== 0) throw new DiskError(`Its block size is ${blockSize}, which cannot be true`);
  const entries = header.readUInt32BE(inHeader.entries);
  if (entries * blockSize < sizeOf(footer))
    throw new DiskError('The table of the VHD file is too small for its disk');
  const name = Buffer.from(header.subarray(inHeader.parent, inHeader.parent + 512))
    .swap16()
    .toString('utf16le');
  return { table: u64be(header, inHeader.table), entries, blockSize, parent: name.replace(/\0.*$/s, '') };
}

async function runAt(file: Bytes, { table, entries, blockSize }: Dynamic, place: number): Promise<Run> {
  const page = await entriesFrom(file, { at: table, entries, width: 4 }, Math.floor(place / blockSize));
  const bitmap = 512 * Math.ceil(blockSize / 512 / 8 / 512);
  const run = (index: number): Run => {
    const sector = page.readUInt32BE(index * 4);
    if (sector === 0xffffffff) return { kind: 'unallocated', length: blockSize };
    return { kind: 'data', length: blockSize, at: sector * 512 + bitmap };
  };
  return joined(page.length / 4, run, place % blockSize);
}
