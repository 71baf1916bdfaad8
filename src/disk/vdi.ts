import { DiskError, Unread } from '../errors.ts';
import { type Bytes, readAt } from './bytes.ts';
import { guidAt, textAt, u64le, within } from './fields.ts';
import { type Format, findings } from './format.ts';
import { diskOf, entriesFrom, joined, type Run } from './runs.ts';

/*
 * VirtualBox disk image, least significant byte first.
 * https://www.virtualbox.org/browser/vbox/trunk/include/VBox/vd-ifs.h, src/VBox/Storage/VDICore.h
 *
 *   64  u32 magic beda107f                   344 u32 place of the data
 *   68  u32 version 00010001                 368 u64 bytes of the disk
 *   76  u32 type: 1 dynamic, 2 fixed,        376 u32 bytes of a block
 *           3 undo, 4 differencing           384 u32 blocks
 *   84  256 description                      388 u32 blocks that have data
 *   340 u32 place of the map                 392 16 UUID, 440 16 UUID of the parent
 *
 * The map has the index of each block among the data: ffffffff nowhere, fffffffe zero.
 */
const at = {
  magic: 64,
  version: 68,
  type: 76,
  description: 84,
  map: 340,
  data: 344,
  size: 368,
  blockSize: 376,
  blocks: 384,
  allocated: 388,
  uuid: 392,
  parent: 440,
};

const types: Readonly<Record<number, string>> = { 1: 'dynamic', 2: 'fixed', 3: 'undo', 4: 'differencing' };

interface Header {
  readonly type: string;
  readonly map: number;
  readonly data: number;
  readonly size: number;
  readonly blockSize: number;
  readonly blocks: number;
  readonly allocated: number;
  readonly description: string;
  readonly uuid: string;
  readonly parent: string;
}

/** VirtualBox's format. */
export const vdi: Format = {
  name: 'vdi',
  matches: ({ head }) => head.length >= 512 && head.readUInt32LE(at.magic) === 0xbeda107f,
  async inspect(file) {
    const header = await headerOf(file);
    const { size, type, blockSize, allocated, data, description, uuid } = header;
    const end = data + allocated * blockSize;
    return findings({
      size,
      details: { subformat: type, block_size: blockSize, uuid, ...(description !== '' && { description }) },
      dangers: isChild(header)
        ? [{ check: 'parent', reason: `What it does not hold is in another image (${header.parent})` }]
        : [],
      problems:
        end > file.size ? [`It ends at byte ${file.size}, and its data at byte ${end}: it was cut off`] : [],
    });
  },
  async open(file) {
    const header = await headerOf(file);
    if (isChild(header)) {
      throw new Unread(
        `The data of the VDI file cannot be read: some are in another image (${header.parent})`,
      );
    }
    return diskOf(file, { format: 'vdi', size: header.size, runAt: (place) => runAt(file, header, place) });
  },
};

const isChild = ({ type, parent }: Header): boolean =>
  type === 'undo' || type === 'differencing' || !/^[0-]+$/.test(parent);

async function headerOf(file: Bytes): Promise<Header> {
  const head = await readAt(file, 0, 512);
  within(head.readUInt32LE(at.version) >>> 16, 1, 1, 'version');
  const blockSize = within(head.readUInt32LE(at.blockSize), 512, 256 * 1024 * 1024, 'block size');
  const [size, blocks] = [u64le(head, at.size), head.readUInt32LE(at.blocks)];
  if (blocks * blockSize < size)
    throw new DiskError('The VDI file is damaged: it has fewer blocks than its disk');
  return {
    type: types[head.readUInt32LE(at.type)] ?? 'unknown',
    map: head.readUInt32LE(at.map),
    data: head.readUInt32LE(at.data),
    size,
    blockSize,
    blocks,
    allocated: head.readUInt32LE(at.allocated),
    description: textAt(head, at.description, 256),
    uuid: guidAt(head, at.uuid),
    parent: guidAt(head, at.parent),
  };
}

async function runAt(file: Bytes, { map, data, blocks, blockSize }: Header, place: number): Promise<Run> {
  const page = await entriesFrom(file, { at: map, entries: blocks, width: 4 }, Math.floor(place / blockSize));
  const run = (index: number): Run => {
    const entry = page.readUInt32LE(index * 4);
    if (entry === 0xffffffff) return { kind: 'unallocated', length: blockSize };
    if (entry === 0xfffffffe) return { kind: 'zero', length: blockSize };
    return { kind: 'data', length: blockSize, at: data + entry * blockSize };
  };
  return joined(page.length / 4, run, place % blockSize);
}
