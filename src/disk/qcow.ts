import { Unread } from '../errors.ts';
import { type Bytes, readAt } from './bytes.ts';
import { u64be, within } from './fields.ts';
import { type Format, findings } from './format.ts';
import { diskOf, entriesFrom, joined, type Run } from './runs.ts';
import { deflated } from './unpack.ts';

/*
 * qcow, the first version, most significant byte first.
 * https://gitlab.com/qemu-project/qemu/-/blob/v9.2.0/block/qcow.c
 *
 *   0   4   "QFI" fb                        32  u8  cluster bits
 *   4   u32 version 1                       33  u8  log2 of the entries of an L2 table
 *   8   u64 place of the backing file's name 36 u32 encryption: 0 none, 1 AES
 *   16  u32 length of that name             40  u64 place of the L1 table
 *   24  u64 bytes of the disk
 */
const at = { backing: 8, backingLength: 16, size: 24, clusterBits: 32, l2Bits: 33, encryption: 36, l1: 40 };

interface Header {
  readonly backingFile: string | undefined;
  readonly size: number;
  readonly clusterSize: number;
  readonly l2Entries: number;
  readonly encrypted: boolean;
  readonly l1: number;
}

/** QEMU's first format, replaced in 2008. */
export const qcow: Format = {
  name: 'qcow',
  matches: ({ head }) =>
    head.length >= 8 && head.readUInt32BE(0) === 0x514649fb && head.readUInt32BE(4) === 1,
  async inspect(file) {
    const { size, clusterSize, backingFile, encrypted } = await headerOf(file);
    return findings({
      size,
      details: {
        version: 1,
        cluster_size: clusterSize,
        ...(encrypted && { encryption: 'aes' }),
        ...(backingFile !== undefined && { backing_file: backingFile }),
      },
      dangers: [
        ...(backingFile === undefined
          ? []
          : [
              {
                check: 'backing_file',
                reason: `What it does not hold is read from the file '${backingFile}'`,
              },
            ]),
      ],
      notes: ['It is the first version of qcow, which no cloud takes'],
    });
  },
  async open(file) {
    const header = await headerOf(file);
    const { size, clusterSize, backingFile, encrypted } = header;
    const isElsewhere = backingFile !== undefined && file.named === undefined;
    if (isElsewhere || encrypted) {
      const why = encrypted ? 'they are encrypted' : `some of them are in another file, ${backingFile}`;
      throw new Unread(`The data of the qcow file cannot be read: ${why}`);
    }
    return diskOf(file, {
      format: 'qcow',
      size,
      runAt: (place) => runAt(file, header, place),
      packing: deflated(clusterSize),
      below: backingFile === undefined ? undefined : await file.named?.(backingFile),
    });
  },
};

async function headerOf(file: Bytes): Promise<Header> {
  const head = await readAt(file, 0, 48);
  const backing = u64be(head, at.backing);
  const length = within(head.readUInt32BE(at.backingLength), 0, 1023, "length of the backing file's name");
  return {
    backingFile: backing === 0 ? undefined : (await readAt(file, backing, length)).toString(),
    size: u64be(head, at.size),
    clusterSize: 2 ** within(head.readUInt8(at.clusterBits), 9, 16, 'number of cluster bits'),
    l2Entries: 2 ** within(head.readUInt8(at.l2Bits), 6, 13, 'size of an L2 table'),
    encrypted: head.readUInt32BE(at.encryption) !== 0,
    l1: u64be(head, at.l1),
  };
}

async function runAt(file: Bytes, header: Header, place: number): Promise<Run> {
  const { clusterSize, l2Entries, l1, size } = header;
  const reach = l2Entries * clusterSize;
  const entries = Math.ceil(size / reach);
  const page = await entriesFrom(file, { at: l1, entries, width: 8 }, Math.floor(place / reach));
  const l2 = u64be(page, 0);
  if (l2 === 0) return { kind: 'unallocated', length: reach - (place % reach) };
  const cluster = Math.floor(place / clusterSize) % l2Entries;
  const table = await entriesFrom(file, { at: l2, entries: l2Entries, width: 8 }, cluster);
  return joined(table.length / 8, (index) => clusterRun(table, index * 8, header), place % clusterSize);
}

/** The highest bit says that the cluster is compressed; below it stands its length, then its place. */
function clusterRun(table: Buffer, at: number, { clusterSize: length }: Header): Run {
  const entry = table.readBigUInt64BE(at);
  if (entry === 0n) return { kind: 'unallocated', length };
  if (entry >> 63n === 0n) return { kind: 'data', length, at: u64be(table, at) };
  const bits = BigInt(63 - Math.log2(length));
  const size = Number((entry >> bits) & BigInt(length - 1));
  return { kind: 'packed', length, at: Number(entry & ((1n << bits) - 1n)), size, from: 0 };
}
