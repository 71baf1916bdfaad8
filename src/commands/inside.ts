import type { App } from '../define/app.ts';
import { text } from '../define/option.ts';
import type { Bytes } from '../disk/bytes.ts';
import { formatOf } from '../disk/formats.ts';
import { DiskError, UsageError } from '../errors.ts';
import { damageOf, type Guest, guestOf, whyNone } from '../guest/guest.ts';
import { type Tree, treeOf } from '../guest/tree.ts';
import { unmounted, type Volume, type Volumes } from '../guest/volumes.ts';
import { backing, withFiles } from './named-files.ts';

/** The option of the commands that look into one partition instead of the whole guest. */
export const insideOptions = {
  partition: text('--partition <NUMBER>', 'Look into this partition, or GROUP/VOLUME of LVM, alone'),
  backing,
};

/** What is in an image file, and what the file is. */
export interface Inside {
  readonly guest: Guest | undefined;
  readonly disk: Volumes;
  readonly format: string;
  /** Bytes of the disk, which may be more than those of the file. */
  readonly size: number;
  /** What is broken in the file or on its disk, as far as it shows before files are looked for. */
  readonly damage: DiskError | undefined;
}

/** Opens an image file for as long as something is done with what is in it. */
export const inFile = <T>(
  app: App,
  path: string,
  wish: { readonly backing?: boolean },
  act: (inside: Inside) => Promise<T>,
): Promise<T> => withFiles(app, path, wish, async ({ bytes }) => act(await insideOf(bytes)));

/** The same of an image whose bytes are at hand. */
export async function insideOf(image: Bytes): Promise<Inside> {
  const format = await formatOf(image);
  const [problem] = (await format.inspect(image)).problems;
  const disk = await format.open(image);
  const found = await guestOf(disk);
  const damage = problem === undefined ? damageOf(found.disk) : new DiskError(problem);
  return { ...found, format: disk.format, size: disk.size, damage };
}

/**
 * The files to look at: those of the guest, of the only file system that there is, or of the partition named; a person is
 * told which of them may be old.
 */
export async function treeIn(
  app: App,
  { guest, disk }: Pick<Inside, 'guest' | 'disk'>,
  partition: string | undefined,
): Promise<Tree> {
  const seen = partition === undefined ? disk.volumes : disk.volumes.filter(isNamed(partition));
  for (const line of unmounted(seen)) app.stdio.tell(line);
  if (partition === undefined && guest !== undefined) return guest.tree;
  const readable = disk.volumes.filter(({ files }) => files !== undefined);
  const named = partition === undefined ? undefined : disk.volumes.find(isNamed(partition));
  const whole = readable.find((it) => it.partition === undefined && it.logical === undefined);
  const volume = partition === undefined ? (readable.length === 1 ? readable[0] : whole) : named;
  if (volume?.files !== undefined) return treeOf(await volume.files.root(), volume.files);
  if (volume?.trouble !== undefined) throw volume.trouble;
  if (readable.length === 0) throw whyNone(disk);
  const there = disk.volumes.map(wordsFor).join(', ');
  if (volume !== undefined) throw new DiskError(`There are no files in ${volume.name}: ${there}`);
  throw new UsageError(
    partition === undefined
      ? `Say which --partition to look into: ${there}`
      : `There is no partition ${partition}: ${there}`,
  );
}

const isNamed =
  (partition: string) =>
  ({ logical, partition: numbered }: Volume): boolean =>
    logical === partition || numbered?.number === Number(partition);

const wordsFor = ({ name, kind, files }: Volume) =>
  `${name.replace(/^(partition|volume) /, '')} is ${kind || 'unknown'}${files?.label ? ` '${files.label}'` : ''}`;
