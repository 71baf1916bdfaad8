import type { App, Meter } from '../define/app.ts';
import { type Rows, rows } from '../define/view.ts';
import type { Bytes } from '../disk/bytes.ts';
import type { Disk } from '../disk/format.ts';
import { formatOf, openDisk } from '../disk/formats.ts';
import { plainDisk } from '../disk/runs.ts';
import { rawStream } from '../disk/streams.ts';
import type { Image } from '../glance/types.ts';
import { digest, knows } from '../transfer/watch.ts';
import { sizeOf } from './file-map.ts';
import { imageBytes } from './image-bytes.ts';
import { chunksOf } from './stream-source.ts';

/** Something that is compared. `suggested` is what differs and need not be the same. */
export interface Sameness {
  readonly Check: string;
  readonly Image: string;
  readonly File: string;
  readonly Result: 'same' | 'different' | 'unknown' | 'suggested';
}

/** The columns of a list of what was compared. */
export const samenessColumns = { Check: 'Check', Image: 'Image', File: 'File', Result: 'Result' } as const;

/** What was compared; the program ends with 3 where something differs, with 4 where that cannot be told. */
export function samenessRows(found: readonly Sameness[]): Rows {
  const has = (result: Sameness['Result']) => found.some(({ Result }) => Result === result);
  const code = has('different') ? 3 : has('unknown') ? 4 : 0;
  return rows(found, samenessColumns, Object.keys(samenessColumns), { exact: true, code });
}

/** One thing, as the record has it and as it is here. */
export const sameness = (Check: string, image: unknown, file: unknown): Sameness => ({
  ...{ Check, Image: String(image ?? ''), File: String(file ?? '') },
  Result: image === file ? 'same' : 'different',
});

/** The bytes to compare with those that a record tells of: the file, or the disk in it where the image is that raw. */
export async function comparable(image: Image, file: Bytes, tell: (line: string) => void): Promise<Disk> {
  const { name } = await formatOf(file);
  if (image.disk_format !== 'raw' || name === 'raw' || file.size === image.size) {
    return plainDisk('raw', file);
  }
  tell(`The file is ${name} and the image raw: the disk in the file is compared with it`);
  return openDisk(file);
}

/** Compares size and hashes with the record; what is here is read once, and not at all where the size differs. */
export async function compareWithRecord(
  app: App,
  { size, checksum, os_hash_algo: algorithm, os_hash_value: value }: Image,
  here: Disk,
  meter: Meter,
): Promise<Sameness[]> {
  const ofSize = sameness('size', size, here.size);
  if (ofSize.Result === 'different') return [ofSize];
  const said = [
    ...(typeof checksum === 'string' ? [['checksum', 'md5', checksum] as const] : []),
    ...(typeof value === 'string' ? [['os_hash_value', algorithm ?? 'none', value] as const] : []),
  ];
  const digests = said.filter(([, name]) => knows(name)).map(([, name]) => digest(name));
  if (said.length === 0) return [ofSize, { Check: 'hash', Image: '', File: '', Result: 'unknown' }];
  meter.stage('hashing', { total: here.size });
  for await (const chunk of chunksOf(rawStream(here))) {
    app.signal.throwIfAborted();
    for (const it of digests) it.see(chunk);
    meter.see(chunk);
  }
  return [
    ofSize,
    ...said.map(([check, name, wanted]): Sameness => {
      const found = digests.find((it) => it.algorithm === name)?.hex();
      if (found === undefined) return { Check: check, Image: wanted, File: '', Result: 'unknown' };
      return sameness(check, wanted.toLowerCase(), found);
    }),
  ];
}

/** Reads image and file side by side until they differ: byte by byte where they have one format, else the disks. */
export async function compareContents(app: App, image: Image, file: Bytes, meter: Meter): Promise<Sameness> {
  const remote = await imageBytes(app, image);
  const [there, here] = [(await formatOf(remote)).name, (await formatOf(file)).name];
  const alike = there === here;
  const one = alike ? plainDisk('raw', remote) : await openDisk(remote);
  const other = alike ? plainDisk('raw', file) : await openDisk(file);
  meter.stage('comparing', { total: Math.min(one.size, other.size) });
  const at = await firstDifference(app, one, other, meter);
  const { requests, bytes } = remote.fetched();
  app.stdio.tell(`Read ${sizeOf(bytes)} of ${sizeOf(remote.size)} in ${requests} requests`);
  const words = (format: string, size: number) =>
    at === undefined ? `${format}, ${size} bytes` : `${format}, ${size} bytes, differs from byte ${at} on`;
  return {
    Check: alike ? 'bytes' : 'disk',
    Image: words(there, one.size),
    File: words(here, other.size),
    Result: at === undefined ? 'same' : 'different',
  };
}

const piece = 1024 * 1024;

async function firstDifference(
  app: App,
  one: Bytes,
  other: Bytes,
  meter: Meter,
): Promise<number | undefined> {
  const end = Math.min(one.size, other.size);
  const [a, b] = [Buffer.alloc(piece), Buffer.alloc(piece)];
  for (let at = 0; at < end; at += piece) {
    app.signal.throwIfAborted();
    const length = Math.min(piece, end - at);
    const [first, second] = [a.subarray(0, length), b.subarray(0, length)];
    await Promise.all([one.read(first, at), other.read(second, at)]);
    if (!first.equals(second)) return at + first.findIndex((byte, index) => byte !== second[index]);
    meter.see(first);
  }
  return one.size === other.size ? undefined : end;
}
