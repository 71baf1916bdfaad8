import { type BootEntry, blsEntries, grubEntries, type Loader } from './grub.ts';
import type { Guest } from './guest.ts';
import { filesIn, linesOf } from './note.ts';
import type { Tree } from './tree.ts';

/** How a guest can boot: what its kernel is told where nobody chooses. */
export interface Boot {
  readonly defaults: readonly BootEntry[];
  /** Kernels that carry their command line within themselves, which is not read. */
  readonly unified: readonly string[];
}

const known = new WeakMap<Tree, Promise<Boot>>();

/** Reads the configuration of each boot loader that there is; once for all checks of a guest. */
export function bootOf({ tree }: Pick<Guest, 'tree'>): Promise<Boot> {
  const found = known.get(tree) ?? read(tree);
  known.set(tree, found);
  return found;
}

const systems = ['/boot/efi', '/efi', '/boot'];

async function read(tree: Tree): Promise<Boot> {
  const loaders: Loader[] = [];
  for (const path of ['/boot/grub/grub.cfg', '/boot/grub2/grub.cfg'])
    loaders.push(await grubEntries(tree, path));
  const vendors = new Set<string>();
  for (const system of systems.slice(0, 2)) {
    for (const vendor of await tree.names(`${system}/EFI`)) vendors.add(`${system}/EFI/${vendor}`);
  }
  for (const path of await filesIn(tree, [...vendors], /^grub\.cfg$/))
    loaders.push(await grubEntries(tree, path));
  for (const path of syslinux) loaders.push(await syslinuxEntries(tree, path));
  loaders.push(await menuEntries(tree));
  const grub = loaders.some(({ bls, entries }) => bls || entries.length > 0);
  for (const system of systems) {
    // on /boot they belong to grub where that reads them
    if (system !== '/boot' || !grub) loaders.push(await blsEntries(tree, `${system}/loader`, new Map()));
  }
  const unified = await filesIn(
    tree,
    systems.map((it) => `${it}/EFI/Linux`),
    /\.efi$/i,
  );
  return { defaults: loaders.flatMap(({ entries }) => entries.slice(0, 1)), unified };
}

const syslinux = [
  '/boot/extlinux.conf',
  '/boot/extlinux/extlinux.conf',
  '/boot/syslinux/syslinux.cfg',
  '/boot/syslinux.cfg',
  '/extlinux.conf',
];

// https://wiki.syslinux.org/wiki/index.php?title=Config
async function syslinuxEntries(tree: Tree, path: string): Promise<Loader> {
  const entries: BootEntry[] = [];
  let [label, chosen] = ['', ''];
  for (const { text, number } of await linesOf(tree, path)) {
    const [word = '', ...rest] = text.split(/\s+/);
    const key = word.toLowerCase();
    if (key === 'default') chosen = rest.join(' ');
    else if (key === 'label') label = rest.join(' ');
    else if (key === 'append') entries.push({ title: label, options: rest, path, line: number });
  }
  return {
    bls: false,
    entries: entries.toSorted((a, b) => Number(b.title === chosen) - Number(a.title === chosen)),
  };
}

/** The configuration of the first GRUB. */
async function menuEntries(tree: Tree): Promise<Loader> {
  const path = '/boot/grub/menu.lst';
  const entries: BootEntry[] = [];
  let [title, chosen] = ['', 0];
  for (const { text, number } of await linesOf(tree, path)) {
    const [word = '', value = ''] = text.split(/[\s=]+/);
    if (word === 'default') chosen = Number(value) || 0;
    else if (word === 'title') title = text.slice('title'.length).trim();
    else if (word === 'kernel')
      entries.push({ title, options: text.split(/\s+/).slice(2), path, line: number });
  }
  const first = entries[chosen] ?? entries[0];
  return { bls: false, entries: first === undefined ? [] : [first] };
}
