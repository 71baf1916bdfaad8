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
  const grub = loaders.some(({ bls, entries }) => bls || entries.length > 0);
  // left over where another one is there: Ubuntu once had it for clouds of Xen alone
  if (!grub) loaders.push(await menuEntries(tree));
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
  let [chosen, common]: [string, readonly string[]] = ['', []];
  for (const { text, number } of await linesOf(tree, path)) {
    const [word = '', ...rest] = text.split(/\s+/);
    const key = word.toLowerCase();
    const last = entries.at(-1);
    if (key === 'default') chosen = rest.join(' ');
    else if (key === 'label') entries.push({ title: rest.join(' '), options: common, path, line: number });
    else if (key === 'menu' && rest[0]?.toLowerCase() === 'default') chosen = last?.title ?? chosen;
    else if (key === 'append' && last === undefined) common = rest;
    else if (key === 'append' && last !== undefined)
      entries[entries.length - 1] = { ...last, options: rest, line: number };
  }
  const first = entries.find(({ title }) => title === chosen) ?? entries[0];
  return { bls: false, entries: first === undefined ? [] : [first] };
}

/** The configuration of the first GRUB. */
async function menuEntries(tree: Tree): Promise<Loader> {
  const entries: BootEntry[] = [];
  let chosen = 0;
  for (const path of await filesIn(tree, ['/boot/grub'], /^(menu\.lst|grub\.conf)$/)) {
    for (const { text, number } of await linesOf(tree, path)) {
      const [word = '', value = ''] = text.split(/[\s=]+/);
      const last = entries.at(-1);
      if (word === 'default') chosen = Number(value) || 0;
      else if (word === 'title')
        entries.push({ title: text.slice('title'.length).trim(), options: [], path, line: number });
      else if (word === 'kernel' && last !== undefined)
        entries[entries.length - 1] = { ...last, options: text.split(/\s+/).slice(2), line: number };
    }
  }
  const first = entries[chosen] ?? entries[0];
  return { bls: false, entries: first === undefined ? [] : [first] };
}
