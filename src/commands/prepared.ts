import { statSync } from 'node:fs';
import type { App } from '../define/app.ts';
import { beyond, chosenOf, type Option, on, oneOf, type Values } from '../define/option.ts';
import { type Inspection, inspect } from '../disk/inspect.ts';
import { targets } from '../disk/streams.ts';
import { UsageError } from '../errors.ts';
import type { Source } from '../transfer/source.ts';
import { withFile } from './image-file.ts';
import { backing } from './named-files.ts';
import { converted, decompressed, refuseConversion } from './on-the-way.ts';
import { beginningOf, peeked } from './peeked.ts';
import { type Declared, refuseCutOff, refuseDangers, refuseMismatch, refusePacked } from './refusals.ts';

const check: Option<boolean | 'strict'> = {
  flags: '--check[=HOW]',
  about:
    'Check first whether the guest can live in a cloud, as file-check does; strict: a warning is a failure',
  read: (word) => (word === 'true' ? true : chosenOf(['strict'], word)),
  bare: true,
  complete: ['strict'],
};

/** What is done with the data of an image before the first byte of them is sent. */
export const preparationOptions = beyond({
  decompress: on('--decompress', 'Send what is in data that gzip, bzip2, xz or zstd has packed'),
  convert_to: oneOf('--convert-to <FORMAT>', 'Convert the disk in the file on the way', targets),
  backing,
  allow_unsafe: on('--allow-unsafe', 'Send it although it is dangerous to programs that open disks'),
  no_inspect: on('--no-inspect', 'Do not look at what is sent'),
  check,
});

type Wishes = Values<typeof preparationOptions> & { readonly file?: string; readonly size?: number };

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
  try {
    refuseBacking(wishes);
    if (wishes.decompress) return await unpackedFirst(app, source, declared, wishes);
    const { file, convert_to, no_inspect, check } = wishes;
    if (!isRegular(file)) {
      refuseAnyPlace(wishes);
      return no_inspect ? { source, learned: {} } : await peeked(app, source, declared, wishes);
    }
    if (check !== undefined) {
      const { refuseUnfit } = await import('./checking.ts'); // few want that, and it is as much as all the rest
      await refuseUnfit(app, file, check === 'strict', wishes);
    }
    if (convert_to !== undefined) {
      await source.close();
      return await converted(app, file, convert_to, declared, wishes);
    }
    if (no_inspect) return { source, learned: {} };
    const found = await withFile(app, file, ({ bytes }) => inspect(bytes));
    refuseDangers(source.name, found, { ...wishes, backing: false });
    refusePacked(app, source.name, found.format, declared);
    refuseMismatch(source.name, found, declared, wishes);
    refuseCutOff(source.name, found);
    return { source, learned: learnedFrom(found) };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Refuses what is to be done with data where there are none. */
export function refuseUnprepared(wishes: Wishes): void {
  const key = (['decompress', 'convert_to', 'backing', 'check'] as const).find(
    (it) => wishes[it] !== undefined,
  );
  if (key === undefined) return;
  throw new UsageError(`--${key.replace('_', '-')} wants data: give them with --file`);
}

function refuseBacking({ backing, convert_to, decompress }: Wishes): void {
  if (backing === undefined) return;
  if (decompress) throw new UsageError('--backing is not for --decompress: what is packed is in no folder');
  if (convert_to !== undefined) return;
  throw new UsageError('--backing wants --convert-to: a file is sent as it is, without what it names');
}

const isRegular = (file: string | undefined): file is string =>
  file !== undefined && file !== '-' && statSync(file, { throwIfNoEntry: false })?.isFile() === true;

function refuseAnyPlace({ convert_to, check }: Pick<Wishes, 'convert_to' | 'check'>): void {
  if (convert_to === undefined && check === undefined) return;
  const flag = check === undefined ? '--convert-to' : '--check';
  throw new UsageError(
    `${flag} wants a disk image in a --file: a disk is not read from its first byte to its last`,
  );
}

/** What is in packed data is known by how it begins. */
async function unpackedFirst(
  app: App,
  packed: Source,
  declared: Declared,
  wishes: Wishes,
): Promise<Prepared> {
  const { convert_to: to, no_inspect, size, ...rest } = wishes;
  refuseAnyPlace(rest);
  const source = decompressed(packed, size);
  if (to === undefined) {
    return no_inspect ? { source, learned: {} } : peeked(app, source, declared, wishes);
  }
  const { head, again } = await beginningOf(app, source);
  await refuseConversion(source.name, head, to, declared.disk_format);
  const ready = await peeked(app, again, { ...declared, disk_format: to }, wishes);
  return { ...ready, learned: { disk_format: to, container_format: 'bare' } };
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
