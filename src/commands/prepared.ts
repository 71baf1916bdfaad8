import { statSync } from 'node:fs';
import type { App } from '../define/app.ts';
import { beyond, on, oneOf, type Values } from '../define/option.ts';
import { memoryBytes } from '../disk/file.ts';
import { headSize } from '../disk/format.ts';
import { formatOf, openDisk } from '../disk/formats.ts';
import { gateOf, refusalOf } from '../disk/gate.ts';
import { type Inspection, inspect } from '../disk/inspect.ts';
import { streamOf, targets } from '../disk/streams.ts';
import { DiskError, UsageError } from '../errors.ts';
import type { Image } from '../glance/types.ts';
import type { Source } from '../transfer/source.ts';
import { openImageFile, withFile } from './image-file.ts';
import { streamSource } from './stream-source.ts';

/** What is done with the data of an image before the first byte of them is sent. */
export const preparationOptions = beyond({
  convert_to: oneOf('--convert-to <FORMAT>', 'Convert the disk in the file on the way', targets),
  allow_unsafe: on('--allow-unsafe', 'Send it although it is dangerous to programs that open disks'),
  no_inspect: on('--no-inspect', 'Do not look at what is sent'),
});

type Wishes = Values<typeof preparationOptions> & { readonly file?: string };

/** What a record says of its data. */
export type Declared = Partial<Pick<Image, 'disk_format' | 'container_format'>>;

/** Data that may be sent, and what they are, as far as that is known. */
export interface Prepared {
  readonly source: Source;
  /** In the words of a record; the smallest disk is in GiB. */
  readonly learned: {
    readonly disk_format?: string;
    readonly container_format?: string;
    readonly min_disk?: number;
  };
}

/** Looks at data before they are sent: refuses what is dangerous, or not what it is said to be; converts if wanted. */
export async function prepared(
  app: App,
  source: Source,
  declared: Declared,
  wishes: Wishes,
): Promise<Prepared> {
  const { file, convert_to, no_inspect } = wishes;
  try {
    const regular =
      file !== undefined && file !== '-' && statSync(file, { throwIfNoEntry: false })?.isFile() === true;
    if (convert_to !== undefined) {
      if (!regular)
        throw new UsageError('--convert-to wants --file: a disk is not read from its first byte to its last');
      await source.close();
      return await converted(app, file, convert_to, declared, wishes);
    }
    if (no_inspect) return { source, learned: {} };
    if (!regular) return await peeked(app, source, declared, wishes);
    const found = await withFile(file, ({ bytes }) => inspect(bytes));
    refuseDangers(source.name, found, wishes);
    refuseMismatch(source.name, found, declared, wishes);
    return { source, learned: learnedFrom(found) };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Says of data in a record what nobody said; the smallest disk only where nothing is said of the disk at all. */
export function say(
  set: Map<string, unknown>,
  { disk_format, container_format, min_disk }: Prepared['learned'],
): void {
  if (disk_format === undefined) return;
  if (!set.has('container_format')) set.set('container_format', container_format);
  if (set.has('disk_format')) return;
  set.set('disk_format', disk_format);
  if (min_disk !== undefined && !set.has('min_disk')) set.set('min_disk', min_disk);
}

/** What is set of the data. */
export const declaredIn = (set: ReadonlyMap<string, unknown>): Declared => {
  const word = (key: string) => {
    const value = set.get(key);
    return typeof value === 'string' ? value : null;
  };
  return { disk_format: word('disk_format'), container_format: word('container_format') };
};

function refuseDangers(
  name: string,
  { dangers }: Pick<Inspection, 'dangers'>,
  { allow_unsafe }: Wishes,
): void {
  if (dangers.length === 0 || allow_unsafe) return;
  const reasons = dangers.map(({ reason }) => reason).join('; ');
  throw new DiskError(`${name} is not safe: ${reasons}; --allow-unsafe sends it nevertheless`);
}

/** Refuses what Glance refuses once it has all of it, and what nothing could boot. */
function refuseMismatch(
  name: string,
  { format, gate, suggestion }: Inspection,
  { disk_format: said, container_format: container }: Declared,
  { allow_unsafe }: Wishes,
): void {
  if (typeof said !== 'string' || (container ?? 'bare') !== 'bare') return;
  const refusal = refusalOf(allow_unsafe ? { ...gate, failures: [] } : gate, said);
  const isOther = said === 'raw' && notRaw.includes(format) && suggestion.diskFormat !== 'raw';
  if (refusal === undefined && !isOther) return;
  const why =
    refusal === undefined ? `its data are ${format}, and not raw` : `Glance would refuse it: ${refusal}`;
  const way = suggestion.diskFormat === undefined ? '' : `say --disk-format ${suggestion.diskFormat}, or `;
  throw new DiskError(`${name} is no ${said} image: ${why}; ${way}--no-inspect sends it nevertheless`);
}

/** What is never the bytes of a disk as its guest sees them. */
const notRaw = ['qcow2', 'qcow', 'qed', 'vmdk', 'vhd', 'vhdx', 'vdi', 'parallels'];

/** What a file tells; a raw disk only shows itself by its partition table. */
function learnedFrom({ format, gate, suggestion }: Inspection): Prepared['learned'] {
  const { diskFormat, containerFormat, minDisk } = suggestion;
  if (diskFormat === undefined || (format === 'raw' && !gate.formats.includes('gpt'))) return {};
  return {
    disk_format: diskFormat,
    container_format: containerFormat,
    ...(minDisk !== undefined && { min_disk: minDisk }),
  };
}

async function converted(
  app: App,
  path: string,
  to: (typeof targets)[number],
  { disk_format: said, container_format: container }: Declared,
  wishes: Wishes,
): Promise<Prepared> {
  if (typeof said === 'string' && said !== to) {
    throw new UsageError(`The image is to be ${said}, and the file converted to ${to}`);
  }
  const file = await openImageFile(path);
  try {
    const found = await inspect(file.bytes);
    refuseDangers(path, found, wishes);
    const disk = await openDisk(file.bytes, found.format);
    const refusal =
      to === 'raw' && !wishes.no_inspect ? refusalOf(await gateOf(disk), to, container ?? 'bare') : undefined;
    if (refusal !== undefined) {
      throw new DiskError(
        `Glance would refuse ${path} as raw: ${refusal}; --no-inspect sends it nevertheless`,
      );
    }
    const stream = await streamOf(disk, to, () => app.signal.throwIfAborted());
    const source = streamSource(path, stream);
    return {
      source: { ...source, chunks: () => unchanged(source, file.refuseChange), close: file.close },
      learned: { disk_format: to, container_format: 'bare', min_disk: Math.ceil(disk.size / 2 ** 30) },
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** A receiver who has all the bytes takes them for the image: the file is looked at before the last of them. */
async function* unchanged(source: Source, refuseChange: () => Promise<void>): AsyncGenerator<Uint8Array> {
  let left = source.size ?? 0;
  for await (const chunk of source.chunks()) {
    left -= chunk.length;
    if (left === 0) await refuseChange();
    yield chunk;
  }
}

/** Data that are not a file are known by how they begin, and by that alone. */
async function peeked(
  app: App,
  source: Source,
  { disk_format: said, container_format: container }: Declared,
  wishes: Wishes,
): Promise<Prepared> {
  const { head, again } = await beginningOf(app, source);
  const bytes = memoryBytes(head);
  const format = await formatOf(bytes);
  const found = await format.inspect(bytes).catch((error: unknown) => {
    if (error instanceof DiskError) return undefined; // more of it would have to be seen
    throw error;
  });
  if (found !== undefined) refuseDangers(source.name, found, wishes);
  const seen = plain.find((it) => it === format.name);
  const isOther = typeof said === 'string' && seen !== said && (seen !== undefined || isPlain(said));
  if (isOther && (container ?? 'bare') === 'bare') {
    throw new DiskError(
      `${source.name} is no ${said} image: its data are ${format.name}; --no-inspect sends it nevertheless`,
    );
  }
  return {
    source: again,
    learned: seen === undefined ? {} : { disk_format: seen, container_format: 'bare' },
  };
}

/** The formats that show themselves at the beginning, whose disk_formats have the same names. */
const plain: readonly string[] = ['qcow2', 'vmdk', 'vhdx', 'vdi'];
const isPlain = (format: string): boolean => plain.includes(format);

/** How data begin, and the same data from the beginning. */
async function beginningOf(app: App, source: Source): Promise<{ head: Buffer; again: Source }> {
  const chunks = source.chunks()[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  const stop = () => void source.close(); // it may be waiting for somebody who sends nothing
  app.signal.throwIfAborted();
  app.signal.addEventListener('abort', stop, { once: true });
  try {
    for (let length = 0; length < headSize; ) {
      const { value, done } = await chunks.next();
      if (done) break;
      first.push(Buffer.from(value));
      length += value.length;
    }
  } finally {
    app.signal.removeEventListener('abort', stop);
    app.signal.throwIfAborted();
  }
  const head = Buffer.concat(first);
  if (source.again) {
    await chunks.return?.();
    return { head, again: source };
  }
  const rest = async function* () {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  };
  return { head, again: { ...source, chunks: rest } };
}
