import { DiskError } from '../errors.ts';
import { type Bytes, readAt } from './bytes.ts';
import { isSound } from './crc32c.ts';
import { guidAt, u64le, within } from './fields.ts';

/*
 * Hyper-V's virtual hard disk, version 2, least significant byte first.
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-vhdx/83e061f8-f6e2-4de1-91bd-5d518a43d477
 *
 *   0      "vhdxfile", then the name of the program that made it, UTF-16
 *   64 K   header, 128 K the other one; the sound one with the higher number counts:
 *          0 "head", 4 u32 CRC-32C of 4096 bytes, 8 u64 number, 48 16 UUID of a log that is to be replayed
 *   192 K  table of regions, 256 K its copy:
 *          0 "regi", 4 u32 CRC-32C of 64 K, 8 u32 entries; from 16 on 32 bytes each: UUID, u64 place, u32 length
 *
 * The region of metadata: 0 "metadata", 10 u16 entries; from 32 on 32 bytes each: UUID, u32 place in it, u32 length.
 */
const [headers, regionTables] = [
  [64 * 1024, 128 * 1024],
  [192 * 1024, 256 * 1024],
];

const regions = {
  table: '2dc27766-f623-4200-9d64-115e9bfd4a08',
  metadata: '8b7ca206-4790-4b9a-b8fe-575f050f886e',
};

const items = {
  /** u32 block size, u32 flags: 1 leave blocks allocated, 2 has a parent */
  parameters: 'caa16737-fa36-4d43-b3b6-33f0aa44e76b',
  size: '2fa54224-cd1b-4876-b211-5dbed83bf4b8',
  sector: '8141bf1d-a96f-4709-ba47-f233a8faab5f',
};

/** What is needed to find the blocks of a VHDX file. */
export interface VhdxHeader {
  readonly creator: string;
  readonly logged: boolean;
  readonly fixed: boolean;
  readonly hasParent: boolean;
  readonly size: number;
  readonly blockSize: number;
  readonly sector: number;
  /** Blocks between two entries for bitmaps. */
  readonly ratio: number;
  readonly table: { readonly at: number; readonly entries: number };
}

/** Reads headers, regions and metadata; refuses what has none that is sound. */
export async function vhdxHeader(file: Bytes): Promise<VhdxHeader> {
  const creator = (await readAt(file, 8, 512)).toString('utf16le').replace(/\0.*$/s, '');
  const logged = await hasLog(file);
  const places = await regionsOf(file);
  const [table, metadata] = [places.get(regions.table), places.get(regions.metadata)];
  if (table === undefined || metadata === undefined) throw new DiskError('The VHDX file has no block table');
  const found = await metadataOf(file, metadata.at);
  const item = async (id: string, length: number) => {
    const place = found.get(id);
    if (place === undefined) throw new DiskError('The VHDX file does not tell the size of its disk');
    return readAt(file, metadata.at + place, length);
  };
  const parameters = await item(items.parameters, 8);
  const sector = (await item(items.sector, 4)).readUInt32LE(0);
  if (sector !== 512 && sector !== 4096)
    throw new DiskError(`Its sector size is ${sector}, which cannot be true`);
  const blockSize = within(parameters.readUInt32LE(0), 2 ** 20, 2 ** 28, 'block size');
  if (!Number.isInteger(Math.log2(blockSize)))
    throw new DiskError(`Its block size is ${blockSize}, which cannot be true`);
  const size = u64le(await item(items.size, 8), 0);
  const [ratio, blocks] = [(2 ** 23 * sector) / blockSize, Math.ceil(size / blockSize)];
  const entries = blocks + Math.floor(Math.max(0, blocks - 1) / ratio);
  if (entries * 8 > table.length)
    throw new DiskError('The block table of the VHDX file is too small for its disk');
  const flags = parameters.readUInt32LE(4);
  return {
    creator,
    logged,
    fixed: (flags & 1) !== 0,
    hasParent: (flags & 2) !== 0,
    size,
    blockSize,
    sector,
    ratio,
    table: { at: table.at, entries },
  };
}

async function hasLog(file: Bytes): Promise<boolean> {
  const found: { number: bigint; logged: boolean }[] = [];
  for (const place of headers) {
    const header = await readAt(file, place, 4096);
    if (header.toString('latin1', 0, 4) !== 'head' || !isSound(header, 4)) continue;
    const logged = header.subarray(48, 64).some((byte) => byte !== 0);
    found.push({ number: header.readBigUInt64LE(8), logged });
  }
  const [first, other] = found;
  if (first === undefined) throw new DiskError('Both headers of the VHDX file are damaged');
  return other !== undefined && other.number > first.number ? other.logged : first.logged;
}

interface Region {
  readonly at: number;
  readonly length: number;
}

async function regionsOf(file: Bytes): Promise<Map<string, Region>> {
  for (const place of regionTables) {
    const table = await readAt(file, place, 64 * 1024);
    if (table.toString('latin1', 0, 4) !== 'regi' || !isSound(table, 4)) continue;
    const count = within(table.readUInt32LE(8), 0, 2047, 'number of regions');
    const entries = Array.from({ length: count }, (_, index) => 16 + index * 32);
    return new Map(
      entries.map((at) => [
        guidAt(table, at),
        { at: u64le(table, at + 16), length: table.readUInt32LE(at + 24) },
      ]),
    );
  }
  throw new DiskError('Both region tables of the VHDX file are damaged');
}

async function metadataOf(file: Bytes, place: number): Promise<Map<string, number>> {
  const head = await readAt(file, place, 32);
  if (head.toString('latin1', 0, 8) !== 'metadata') throw new DiskError('The VHDX file has no metadata');
  const count = within(head.readUInt16LE(10), 0, 2047, 'number of metadata');
  const table = await readAt(file, place + 32, count * 32);
  const entries = Array.from({ length: count }, (_, index) => index * 32);
  return new Map(entries.map((at) => [guidAt(table, at), table.readUInt32LE(at + 16)]));
}
