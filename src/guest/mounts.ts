import { Unread } from '../errors.ts';
import type { Node } from './file-system.ts';
import { linesOf } from './note.ts';
import type { Tree } from './tree.ts';
import type { Volume, Volumes } from './volumes.ts';

/** A line of a guest's fstab. */
export interface Mount {
  readonly source: string;
  readonly path: string;
  readonly kind: string;
  readonly options: readonly string[];
  readonly line: number;
}

/** What a guest mounts at its start. */
export async function fstabOf(tree: Tree): Promise<Mount[]> {
  return (await linesOf(tree, '/etc/fstab')).flatMap(({ text, number }) => {
    const [source = '', path, kind = '', options = ''] = text.split(/\s+/);
    return path === undefined ? [] : [{ source, path, kind, options: options.split(','), line: number }];
  });
}

const places = ['/usr', '/var', '/boot', '/boot/efi', '/efi'];

/** The tree of a root with the other partitions that it needs where it has them. */
export async function withPartitions(tree: Tree, root: Volume, { volumes }: Volumes): Promise<Tree> {
  const others = volumes.filter((it) => it !== root && it.files !== undefined);
  const mounts = await fstabOf(tree);
  let whole = tree;
  for (const path of places) {
    const source = mounts.find((it) => it.path === path)?.source;
    const found = source === undefined ? undefined : others.find((it) => isNamed(it, source));
    const volume = found ?? (await guessed(whole, path, others));
    if (volume?.files !== undefined) whole = whole.mounted(path, await volume.files.root(), volume.files);
    else if (source !== undefined && root.files !== undefined && (await isMissed(whole, path, source, root)))
      whole = whole.mounted(path, absent(path, source), root.files);
  }
  return whole;
}

/** Whether files that a guest cannot do without are on a partition that is not there. */
const isMissed = async (tree: Tree, path: string, source: string, root: Volume): Promise<boolean> =>
  /^\/(usr|var|boot)$/.test(path) &&
  /^([A-Z]+=|\/dev\/)/.test(source) &&
  !isNamed(root, source) &&
  (await tree.names(path)).length === 0;

/** A directory of which nothing is known. */
function absent(path: string, source: string): Node {
  const refuse = async () => {
    throw new Unread(`Its ${path} is on ${source}, which is not on this disk`);
  };
  const nothing = { mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 };
  return { ...nothing, kind: 'directory', content: refuse, entries: refuse };
}

/** Whether fstab's first word means this volume. */
function isNamed({ files, partition, logical }: Volume, source: string): boolean {
  const word = source.replaceAll('"', '');
  const [, key, value = ''] = /^(UUID|LABEL|PARTUUID|PARTLABEL)=(.*)$/.exec(word) ?? [];
  const same = (text: string | undefined) => text !== undefined && text.toLowerCase() === value.toLowerCase();
  if (key === 'UUID') return same(files?.uuid);
  if (key === 'LABEL') return files?.label === value;
  if (key === 'PARTUUID') return same(partition?.id);
  if (key === 'PARTLABEL') return partition?.name === value;
  const [group = '', name = ''] = (logical ?? '').split('/');
  if (logical !== undefined) {
    const mapped = `${group.replaceAll('-', '--')}-${name.replaceAll('-', '--')}`;
    return word === `/dev/${logical}` || word === `/dev/mapper/${mapped}`;
  }
  const number = /^\/dev\/(?:[svx]v?d[a-z]|nvme\d+n\d+p|mmcblk\d+p)(\d+)$/.exec(word)?.[1];
  return number !== undefined && partition?.number === Number(number);
}

/** Where fstab says nothing that fits: the partition that looks like it, when the root has nothing of its own there. */
async function guessed(tree: Tree, path: string, others: readonly Volume[]): Promise<Volume | undefined> {
  const looks = path === '/boot' ? isBoot : path === '/boot/efi' ? isEfi : undefined;
  if (looks === undefined || (await tree.names(path)).some(looks)) return undefined;
  for (const volume of others) {
    const names = (await (await volume.files?.root())?.entries()) ?? [];
    if (names.some(({ name }) => looks(name))) return volume;
  }
  return undefined;
}

const isBoot = (name: string) => /^(vmlinuz|grub|loader$|extlinux|syslinux)/.test(name);
const isEfi = (name: string) => name.toLowerCase() === 'efi';
