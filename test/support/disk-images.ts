import { deflateRawSync, deflateSync } from 'node:zlib';
import { crc32c } from '../../src/disk/crc32c.ts';
import { guid, qcow2Image } from './disks.ts';

/** The disk in pieces of some size, the last one filled up with zeros. */
const piecesOf = (disk: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(disk.length / size) }, (_, index) => {
    const piece = Buffer.alloc(size);
    disk.copy(piece, 0, index * size);
    return piece;
  });

const isZero = (piece: Buffer): boolean => piece.equals(Buffer.alloc(piece.length));

const u32le = (values: readonly number[]): Buffer => {
  const table = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) table.writeUInt32LE(value, index * 4);
  return table;
};

const padded = (bytes: Buffer, unit: number): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((unit - (bytes.length % unit)) % unit)]);

/** A compressed qcow2 file, its clusters side by side wherever they end. */
export function qcow2Compressed(disk: Buffer, pack: (piece: Buffer) => Buffer = packed): Buffer {
  const image = qcow2Image(Buffer.alloc(disk.length));
  if (pack === zstdFrame) {
    image.writeUInt32BE(8, 76);
    image.writeUInt32BE(112, 100);
    image.writeUInt8(1, 104);
  }
  const parts: Buffer[] = [image];
  let at = image.length + 100; // not where a sector begins
  parts.push(Buffer.alloc(100));
  for (const [index, piece] of piecesOf(disk, 65536).entries()) {
    if (isZero(piece)) continue;
    const bytes = pack(piece);
    const sectors = Math.ceil(((at % 512) + bytes.length) / 512) - 1;
    const entry = (1n << 62n) | (BigInt(sectors) << 54n) | BigInt(at);
    image.writeBigUInt64BE(entry, 2 * 65536 + index * 8);
    parts.push(bytes);
    at += bytes.length;
  }
  return Buffer.concat(parts);
}

const packed = (piece: Buffer): Buffer => deflateRawSync(piece, { windowBits: 12 });

/** A frame of zstd with a window of `2 ** log` bytes, its content in one block as it is. */
export const zstdFrame = (content: Buffer, log = 17): Buffer => {
  const head = Buffer.alloc(9);
  head.writeUInt32LE(0xfd2fb528, 0);
  head.writeUInt8((log - 10) << 3, 5);
  head.writeUIntLE((content.length << 3) | 1, 6, 3);
  return Buffer.concat([head, content]);
};

/** The first version of qcow, its clusters compressed or not. */
export function qcowImage(disk: Buffer, compressed: boolean): Buffer {
  const [size, entries] = [4096, 512];
  const reach = size * entries;
  const tables = Math.ceil(disk.length / reach);
  const head = Buffer.alloc(4096 * (1 + tables));
  head.write('QFI\xfb\0\0\0\x01', 'latin1');
  head.writeBigUInt64BE(BigInt(disk.length), 24);
  head.writeUInt8(12, 32);
  head.writeUInt8(9, 33);
  head.writeBigUInt64BE(48n, 40);
  const data: Buffer[] = [];
  let at = head.length;
  for (let table = 0; table < tables; table += 1)
    head.writeBigUInt64BE(BigInt(4096 * (1 + table)), 48 + table * 8);
  for (const [index, piece] of piecesOf(disk, size).entries()) {
    if (isZero(piece)) continue;
    const packed = deflateRawSync(piece, { windowBits: 12 });
    const small = compressed && packed.length < size;
    const gap = small ? 0 : (512 - (at % 512)) % 512;
    at += gap;
    const bytes = small ? packed : Buffer.concat([Buffer.alloc(gap), piece]);
    const entry = small ? (1n << 63n) | (BigInt(packed.length) << 51n) | BigInt(at) : BigInt(at);
    head.writeBigUInt64BE(entry, 4096 + index * 8);
    data.push(bytes);
    at += bytes.length - gap;
  }
  return Buffer.concat([head, ...data]);
}

/** A QED file, every second cluster of zeros in it as zeros, the others as nothing. */
export function qedImage(disk: Buffer): Buffer {
  const [size, entries] = [4096, 512];
  const tables = Math.ceil(disk.length / (size * entries));
  const head = Buffer.alloc(size * (2 + tables));
  head.write('QED\0');
  head.writeUInt32LE(size, 4);
  head.writeUInt32LE(1, 8);
  head.writeUInt32LE(1, 12);
  head.writeBigUInt64LE(BigInt(size), 40);
  head.writeBigUInt64LE(BigInt(disk.length), 48);
  for (let table = 0; table < tables; table += 1)
    head.writeBigUInt64LE(BigInt(size * (2 + table)), size + table * 8);
  const data: Buffer[] = [];
  for (const [index, piece] of piecesOf(disk, size).entries()) {
    const place = isZero(piece) ? index % 2 : head.length + data.length * size;
    head.writeBigUInt64LE(BigInt(place), 2 * size + index * 8);
    if (place > 1) data.push(piece);
  }
  return Buffer.concat([head, ...data]);
}

export function vdiImage(disk: Buffer): Buffer {
  const size = 1024 * 1024;
  const pieces = piecesOf(disk, size);
  const used = pieces.filter((piece) => !isZero(piece));
  const head = Buffer.alloc(1024);
  head.write('<<< made by a test >>>\n');
  head.writeUInt32LE(0xbeda107f, 64);
  head.writeUInt32LE(0x10001, 68);
  head.writeUInt32LE(1, 76);
  head.writeUInt32LE(512, 340);
  head.writeUInt32LE(1024, 344);
  head.writeUInt32LE(512, 360);
  head.writeBigUInt64LE(BigInt(disk.length), 368);
  head.writeUInt32LE(size, 376);
  head.writeUInt32LE(pieces.length, 384);
  head.writeUInt32LE(used.length, 388);
  u32le(pieces.map((piece) => (isZero(piece) ? 0xffffffff : used.indexOf(piece)))).copy(head, 512);
  return Buffer.concat([head, ...used]);
}

/** Both kinds of Parallels: places in sectors, places in clusters. */
export function parallelsImage(disk: Buffer, extended: boolean): Buffer {
  const size = 65536;
  const pieces = piecesOf(disk, size);
  const used = pieces.filter((piece) => !isZero(piece));
  const head = Buffer.alloc(size);
  head.write(extended ? 'WithouFreSpacExt' : 'WithoutFreeSpace');
  head.writeUInt32LE(2, 16);
  head.writeUInt32LE(size / 512, 28);
  head.writeUInt32LE(pieces.length, 32);
  head.writeBigUInt64LE(BigInt(disk.length / 512), 36);
  const place = (piece: Buffer) => (used.indexOf(piece) + 1) * (extended ? 1 : size / 512);
  u32le(pieces.map((piece) => (isZero(piece) ? 0 : place(piece)))).copy(head, 64);
  return Buffer.concat([head, ...used]);
}

/** The footer of a VHD file of 512 bytes. */
export function vhdFooter(size: number, type: 2 | 3 | 4): Buffer {
  const footer = Buffer.alloc(512);
  footer.write('conectix');
  footer.writeUInt32BE(0x10000, 12);
  footer.writeBigUInt64BE(type === 2 ? 0xffff_ffff_ffff_ffffn : 512n, 16);
  footer.write('win ', 28);
  footer.writeBigUInt64BE(BigInt(size), 40);
  footer.writeBigUInt64BE(BigInt(size), 48);
  footer.writeUInt32BE(type, 60);
  footer.writeUInt32BE(~footer.reduce((sum, byte) => sum + byte, 0) >>> 0, 64);
  return footer;
}

export function vhdImage(disk: Buffer, type: 3 | 4 = 3): Buffer {
  const size = 2 * 1024 * 1024;
  const pieces = piecesOf(disk, size);
  const footer = vhdFooter(disk.length, type);
  const header = Buffer.alloc(1024);
  header.write('cxsparse');
  header.writeBigUInt64BE(1536n, 16);
  header.writeUInt32BE(pieces.length, 28);
  header.writeUInt32BE(size, 32);
  if (type === 4) Buffer.from('..\\base.vhd', 'utf16le').swap16().copy(header, 64);
  const table = Buffer.alloc(512, 0xff);
  const blocks: Buffer[] = [];
  for (const [index, piece] of pieces.entries()) {
    if (isZero(piece)) continue;
    table.writeUInt32BE((2048 + blocks.length * (512 + size)) / 512, index * 4);
    blocks.push(Buffer.concat([Buffer.alloc(512, 0xff), piece]));
  }
  return Buffer.concat([footer, header, table, ...blocks, footer]);
}

/** What a VHDX file must tell of its disk, and in how many bytes. */
const vhdxItems = [
  ['caa16737-fa36-4d43-b3b6-33f0aa44e76b', 8],
  ['2fa54224-cd1b-4876-b211-5dbed83bf4b8', 8],
  ['8141bf1d-a96f-4709-ba47-f233a8faab5f', 4],
  ['cda348c7-445d-4471-9cc9-e9885251c556', 4],
  ['beca12ab-b2e6-4523-93ef-c309e000c746', 16],
] as const;

/** Headers, log, metadata, block table, then the blocks, each in a MiB of its own. */
export function vhdxImage(disk: Buffer, { parent = false, log = false } = {}): Buffer {
  const MiB = 1024 * 1024;
  const head = Buffer.alloc(4 * MiB);
  head.write('vhdxfile');
  head.write('made by a test', 8, 'utf16le');
  for (const [index, at] of [64 * 1024, 128 * 1024].entries()) {
    const header = head.subarray(at, at + 4096);
    header.write('head');
    header.writeBigUInt64LE(BigInt(index + 1), 8);
    if (log) header.fill(7, 48, 64);
    header.writeUInt16LE(1, 66);
    header.writeUInt32LE(MiB, 68);
    header.writeBigUInt64LE(BigInt(MiB), 72);
    header.writeUInt32LE(~crc32c(0xffffffff, header) >>> 0, 4);
  }
  for (const at of [192 * 1024, 256 * 1024]) {
    const table = head.subarray(at, at + 64 * 1024);
    table.write('regi');
    table.writeUInt32LE(2, 8);
    guid('2dc27766-f623-4200-9d64-115e9bfd4a08').copy(table, 16);
    guid('8b7ca206-4790-4b9a-b8fe-575f050f886e').copy(table, 48);
    for (const [entry, place] of [
      [16, 3],
      [48, 2],
    ] as const) {
      table.writeBigUInt64LE(BigInt(place * MiB), entry + 16);
      table.writeUInt32LE(MiB, entry + 24);
      table.writeUInt32LE(1, entry + 28);
    }
    table.writeUInt32LE(~crc32c(0xffffffff, table) >>> 0, 4);
  }
  const metadata = head.subarray(2 * MiB, 3 * MiB);
  metadata.write('metadata');
  metadata.writeUInt16LE(vhdxItems.length, 10);
  for (const [index, [id, length]] of vhdxItems.entries()) {
    guid(id).copy(metadata, 32 + index * 32);
    metadata.writeUInt32LE(65536 + index * 16, 48 + index * 32);
    metadata.writeUInt32LE(length, 52 + index * 32);
    metadata.writeUInt32LE(4, 56 + index * 32);
  }
  metadata.writeUInt32LE(MiB, 65536);
  metadata.writeUInt32LE(parent ? 2 : 0, 65540);
  metadata.writeBigUInt64LE(BigInt(disk.length), 65552);
  metadata.writeUInt32LE(512, 65568);
  metadata.writeUInt32LE(512, 65584);
  const blocks: Buffer[] = [];
  for (const [index, piece] of piecesOf(disk, MiB).entries()) {
    if (isZero(piece)) continue;
    head.writeBigUInt64LE((BigInt(4 + blocks.length) << 20n) | 6n, 3 * MiB + index * 8);
    blocks.push(piece);
  }
  return Buffer.concat([head, ...blocks]);
}

/** The text in a VMDK file. */
export const vmdkDescriptor = (type: string, extent: string): string =>
  `# Disk DescriptorFile\nversion=1\nCID=12345678\nparentCID=ffffffff\ncreateType="${type}"\n\n# Extent description\n${extent}\n\n# The Disk Data Base\nddb.adapterType = "lsilogic"\n`;

export function vmdkImage(disk: Buffer, type: 'monolithicSparse' | 'streamOptimized'): Buffer {
  const size = 65536;
  const stream = type === 'streamOptimized';
  const sectors = disk.length / 512;
  const header = Buffer.alloc(512);
  header.write('KDMV');
  header.writeUInt32LE(stream ? 3 : 1, 4);
  header.writeUInt32LE(stream ? 0x30001 : 1, 8);
  header.writeBigUInt64LE(BigInt(sectors), 12);
  header.writeBigUInt64LE(BigInt(size / 512), 20);
  header.writeBigUInt64LE(1n, 28);
  header.writeBigUInt64LE(2n, 36);
  header.writeUInt32LE(512, 44);
  header.write('\n \r\n', 73);
  header.writeUInt16LE(stream ? 1 : 0, 77);
  const descriptor = Buffer.alloc(1024);
  descriptor.write(vmdkDescriptor(type, `RW ${sectors} SPARSE "disk.vmdk"`));
  const parts: Buffer[] = [header, descriptor];
  let at = 1536;
  const put = (bytes: Buffer): number => {
    const place = at / 512;
    const whole = bytes.length % 512 === 0 ? bytes : padded(bytes, 512);
    parts.push(whole);
    at += whole.length;
    return place;
  };
  const pieces = piecesOf(disk, size);
  const tables = Array.from({ length: Math.ceil(pieces.length / 512) }, () => Buffer.alloc(2048));
  const putTables = () => BigInt(put(u32le(tables.map(put))));
  if (!stream) header.writeBigUInt64LE(putTables(), 56);
  for (const [index, piece] of pieces.entries()) {
    if (isZero(piece)) continue;
    const packed = deflateSync(piece);
    const marker = Buffer.alloc(12);
    marker.writeBigUInt64LE(BigInt((index * size) / 512), 0);
    marker.writeUInt32LE(packed.length, 8);
    tables[Math.floor(index / 512)]?.writeUInt32LE(
      put(stream ? Buffer.concat([marker, packed]) : piece),
      (index % 512) * 4,
    );
  }
  if (!stream) return Buffer.concat(parts);
  const footer = Buffer.from(header);
  header.writeBigUInt64LE(0xffff_ffff_ffff_ffffn, 56);
  footer.writeBigUInt64LE(putTables(), 56);
  const marker = Buffer.alloc(512);
  marker.writeBigUInt64LE(1n, 0);
  marker.writeUInt32LE(3, 12);
  return Buffer.concat([...parts, marker, footer, Buffer.alloc(512)]);
}

/** An ISO 9660 image whose volume fills it, bootable. */
export function isoImage(sectors = 64): Buffer {
  const image = Buffer.alloc(sectors * 2048);
  const [primary, boot, end] = [16, 17, 18].map((at) => image.subarray(at * 2048, (at + 1) * 2048));
  primary?.write('\x01CD001\x01', 'latin1');
  primary?.write('A VOLUME'.padEnd(32), 40);
  primary?.writeUInt32LE(sectors, 80);
  primary?.writeUInt16LE(2048, 128);
  boot?.write('\0CD001\x01EL TORITO SPECIFICATION', 'latin1');
  end?.write('\xffCD001\x01', 'latin1');
  return image;
}

/** An image that has UDF and no ISO 9660. */
export function udfImage(): Buffer {
  const image = Buffer.alloc(64 * 2048);
  for (const [index, id] of ['BEA01', 'NSR03', 'TEA01'].entries())
    image.write(`\0${id}\x01`, (16 + index) * 2048, 'latin1');
  return image;
}

export function luksImage(version: 1 | 2): Buffer {
  const image = Buffer.alloc(1024 * 1024);
  image.write('LUKS\xba\xbe', 'latin1');
  image.writeUInt16BE(version, 6);
  image.write('fa5ed1a1-0000-4000-8000-000000000001', 168);
  if (version === 1) {
    image.write('aes', 8);
    image.write('xts-plain64', 40);
    image.write('sha256', 72);
    image.writeUInt32BE(8, 104);
    image.writeUInt32BE(64, 108);
    image.writeUInt32BE(0x00ac71f3, 208);
    return image;
  }
  image.writeBigUInt64BE(16384n, 8);
  image.write('a label', 24);
  const area = {
    keyslots: { 0: {} },
    segments: { 0: { type: 'crypt', offset: '32768', size: 'dynamic', encryption: 'aes-xts-plain64' } },
  };
  image.write(JSON.stringify(area), 4096);
  return image;
}

/** One image of each kind with the disk in it, by what they are: those that can be read. */
export const imagesOf = (disk: Buffer): Readonly<Record<string, Buffer>> => ({
  raw: disk,
  'qcow2, version 3': qcow2Image(disk),
  'qcow2, version 2': qcow2Image(disk, { version: 2 }),
  'qcow2, compressed': qcow2Compressed(disk),
  'qcow2, compressed by zstd': qcow2Compressed(disk, zstdFrame),
  qcow: qcowImage(disk, false),
  'qcow, compressed': qcowImage(disk, true),
  'vmdk, monolithicSparse': vmdkImage(disk, 'monolithicSparse'),
  'vmdk, streamOptimized': vmdkImage(disk, 'streamOptimized'),
  'vhd, fixed': Buffer.concat([disk, vhdFooter(disk.length, 2)]),
  'vhd, fixed, with a footer of 511 bytes': Buffer.concat([disk, vhdFooter(disk.length, 2).subarray(0, 511)]),
  'vhd, dynamic': vhdImage(disk),
  vhdx: vhdxImage(disk),
  vdi: vdiImage(disk),
  'parallels, old': parallelsImage(disk, false),
  'parallels, extended': parallelsImage(disk, true),
});

/** Those that are recognised, and not read. */
export const sealedImages = (): Readonly<Record<string, Buffer>> => ({
  'luks, version 1': luksImage(1),
  'luks, version 2': luksImage(2),
  'vmdk, descriptor': Buffer.from(vmdkDescriptor('monolithicFlat', 'RW 2048 FLAT "disk-flat.vmdk" 0')),
  'vmdk, COWD': Buffer.concat([Buffer.from('COWD'), Buffer.alloc(1020)]),
  'vhd, differencing': vhdImage(Buffer.alloc(1024 * 1024), 4),
  'vhdx with a log': vhdxImage(Buffer.alloc(1024 * 1024), { log: true }),
  gzip: Buffer.concat([Buffer.from('1f8b0800', 'hex'), Buffer.alloc(1020)]),
});
