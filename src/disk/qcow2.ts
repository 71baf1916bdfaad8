import { DiskError, Unread } from '../errors.ts';
import type { Bytes } from './bytes.ts';
import { type Danger, type Format, findings } from './format.ts';
import { beyondTheEnd } from './qcow2-end.ts';
import { isPacked, offsetIn, packedIn, wordsOf } from './qcow2-entries.ts';
import { type Qcow2Header, qcow2Header } from './qcow2-header.ts';
import { bitmapsOf, snapshotsOf } from './qcow2-lists.ts';
import { diskOf, entriesFrom, joined, type Page, pagewise, type Run } from './runs.ts';
import { deflated, zstandard } from './unpack.ts';

/** QEMU's format, versions 2 and 3; the tables of the header are in qcow2-header.ts. */
export const qcow2: Format = {
  name: 'qcow2',
  matches: ({ head }) =>
    head.length >= 8 && head.readUInt32BE(0) === 0x514649fb && head.readUInt32BE(4) !== 1,
  async inspect(file) {
    const header = await qcow2Header(file);
    const [snapshots, bitmaps] = [await snapshotsOf(file, header), await bitmapsOf(file, header)];
    return findings({
      size: header.size,
      details: {
        version: header.version,
        cluster_size: header.clusterSize,
        compression_type: header.compression,
        refcount_bits: header.refcountBits,
        ...(header.version === 3 && { lazy_refcounts: header.lazyRefcounts, extended_l2: header.extendedL2 }),
        ...(header.encryption !== 0 && { encryption: encryptions[header.encryption] ?? 'unknown' }),
        ...(header.backingFile !== undefined && { backing_file: header.backingFile }),
        ...(header.backingFormat !== undefined && { backing_format: header.backingFormat }),
        ...(header.dataFile !== undefined && { data_file: header.dataFile }),
        ...(snapshots.length > 0 && { snapshots }),
        ...(bitmaps.length > 0 && { bitmaps }),
      },
      dangers: dangersOf(header),
      problems: [...stateOf(header), ...(await beyondTheEnd(file, header))],
      notes: [
        ...(header.encryption !== 0 ? ['Its data are encrypted: a cloud needs the key to use it'] : []),
        ...(header.snapshots > 0
          ? ['Its internal snapshots go along with it, and with them data that its guest deleted']
          : []),
        ...bitmaps
          .filter(({ in_use }) => in_use || !header.bitmapsValid)
          .map(({ name }) => `The bitmap ${name} is not up to date`),
      ],
    });
  },
  async open(file) {
    const header = await qcow2Header(file);
    refuseElsewhere(header, file);
    const { clusterSize, size, compression, backingFile, backingFormat, dataFile } = header;
    return diskOf(file, {
      format: 'qcow2',
      size,
      runAt: pagewise((at, bytes) => pageAt(file, header, at, bytes)),
      packing: compression === 'zstd' ? await zstandard(clusterSize) : deflated(clusterSize),
      data: header.hasDataFile ? await file.named?.(dataFile ?? '', 'raw') : undefined,
      below: backingFile === undefined ? undefined : await file.named?.(backingFile, backingFormat),
    });
  },
};

const encryptions: Readonly<Record<number, string>> = { 1: 'aes', 2: 'luks' };

function dangersOf(header: Qcow2Header): Danger[] {
  const { backingFile, hasDataFile, dataFile, unknownFeatures } = header;
  return [
    ...(backingFile === undefined
      ? []
      : [{ check: 'backing_file', reason: `What it does not hold is read from the file '${backingFile}'` }]),
    ...(hasDataFile ? [{ check: 'data_file', reason: `Its data are in the file '${dataFile ?? ''}'` }] : []),
    ...(unknownFeatures.length === 0
      ? []
      : [
          {
            check: 'unknown_features',
            reason: `It needs unknown features (bits ${unknownFeatures.join(', ')})`,
          },
        ]),
  ];
}

function stateOf({ corrupt, dirty }: Qcow2Header): string[] {
  return [
    ...(corrupt ? ['It is marked as corrupt: QEMU writes to it no more'] : []),
    ...(dirty ? ['It was not closed: its reference counts may be wrong until it is repaired'] : []),
  ];
}

function refuseElsewhere(header: Qcow2Header, { named }: Bytes): void {
  const { backingFile, hasDataFile, dataFile, encryption, unknownFeatures } = header;
  const why =
    unknownFeatures.length > 0
      ? `it needs unknown features (bits ${unknownFeatures.join(', ')})`
      : hasDataFile && (named === undefined || dataFile === undefined)
        ? `they are in another file, ${dataFile ?? 'which is not named'}`
        : backingFile !== undefined && named === undefined
          ? `some of them are in another file, ${backingFile}`
          : encryption !== 0
            ? 'they are encrypted'
            : undefined;
  if (why !== undefined) throw new Unread(`The data of the qcow2 file cannot be read: ${why}`);
}

async function pageAt(file: Bytes, header: Qcow2Header, at: number, bytes: number): Promise<Page> {
  const { clusterSize, l1, l1Entries, extendedL2 } = header;
  const width = extendedL2 ? 16 : 8;
  const entries = clusterSize / width;
  const reach = entries * clusterSize;
  const l1Index = Math.floor(at / reach);
  const l1Page = wordsOf(await entriesFrom(file, { at: l1, entries: l1Entries, width: 8 }, l1Index));
  const l2 = offsetIn(l1Page, 0);
  const from = l1Index * reach;
  if (l2 === 0) {
    const whole = (index: number): Run =>
      offsetIn(l1Page, index * 2) === 0
        ? { kind: 'unallocated', length: reach }
        : { kind: 'zero', length: 1 };
    return { from, to: from + reach, runAt: (place) => joined(l1Page.length / 2, whole, place - from) };
  }
  const cluster = Math.floor(at / clusterSize) % entries;
  const page = wordsOf(await entriesFrom(file, { at: l2, entries, width }, cluster, bytes));
  return pageOf(page, from + cluster * clusterSize, header);
}

function pageOf(page: Uint32Array, from: number, header: Qcow2Header): Page {
  const { clusterSize, extendedL2 } = header;
  const width = extendedL2 ? 4 : 2;
  const clusters = page.length / width;
  const subclusters = (first: number, skip: number): Run => {
    const size = clusterSize / 32;
    const begin = first * 32 + (isPacked(page, first * width) ? 0 : Math.floor(skip / size));
    const rest = skip - (begin - first * 32) * size;
    return joined(clusters * 32 - begin, (index) => subclusterRun(page, begin + index, header), rest);
  };
  return {
    from,
    to: from + clusters * clusterSize,
    runAt(at) {
      const first = Math.floor((at - from) / clusterSize);
      const skip = at - from - first * clusterSize;
      return extendedL2
        ? subclusters(first, skip)
        : joined(1, () => clustersRun(page, first, clusters, header), skip);
    },
  };
}

/** How a disk goes on from one of so many clusters; of large files there are millions, for which nothing is made. */
function clustersRun(page: Uint32Array, first: number, count: number, header: Qcow2Header): Run {
  const { clusterSize } = header;
  const at = placeOf(page, first, header);
  if (Number.isNaN(at)) return packedRun(page, first * 2, header);
  const step = at >= 0 ? clusterSize : 0;
  let next = first + 1;
  for (let place = at + step; next < count && placeOf(page, next, header) === place; next += 1) place += step;
  const length = (next - first) * clusterSize;
  if (at < 0) return { kind: at === nowhere ? 'unallocated' : 'zero', length };
  refuseUnaligned(at, clusterSize);
  return { kind: 'data', length, at };
}

/** Instead of the place of a cluster that is zeros, and of one that nothing was written to. */
const [zeros, nowhere] = [-1, -2];

/** Where a cluster is: in a file of data alone one may be at its beginning; NaN if it is compressed. */
function placeOf(page: Uint32Array, index: number, { version, hasDataFile }: Qcow2Header): number {
  if (isPacked(page, index * 2)) return Number.NaN;
  if (version === 3 && ((page[index * 2 + 1] ?? 0) & 1) !== 0) return zeros;
  const place = offsetIn(page, index * 2);
  return place === 0 && !(hasDataFile && isUsed(page, index * 2)) ? nowhere : place;
}

const isUsed = (words: Uint32Array, at: number): boolean => ((words[at] ?? 0) & 0x8000_0000) !== 0;

/** The low half of the bitmap tells which subclusters are there, the high half which ones are zero. */
function subclusterRun(page: Uint32Array, index: number, header: Qcow2Header): Run {
  const [at, bit] = [Math.floor(index / 32) * 4, index % 32];
  if (isPacked(page, at)) return packedRun(page, at, header);
  const length = header.clusterSize / 32;
  if ((((page[at + 2] ?? 0) >>> bit) & 1) !== 0) return { kind: 'zero', length };
  if ((((page[at + 3] ?? 0) >>> bit) & 1) === 0) return { kind: 'unallocated', length };
  const offset = offsetIn(page, at);
  if (offset === 0 && !header.hasDataFile)
    throw new DiskError('The qcow2 file is damaged: data without a place');
  refuseUnaligned(offset, header.clusterSize);
  return { kind: 'data', length, at: offset + bit * length };
}

const packedRun = (page: Uint32Array, at: number, { clusterSize }: Qcow2Header): Run => ({
  kind: 'packed',
  length: clusterSize,
  ...packedIn(page, at, clusterSize),
  from: 0,
});

function refuseUnaligned(offset: number, clusterSize: number): void {
  if (offset % clusterSize !== 0) {
    throw new DiskError(`The qcow2 file is damaged: byte ${offset} is not where a cluster begins`);
  }
}
