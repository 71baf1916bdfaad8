import type { Bytes } from '../disk/bytes.ts';
import { DiskError, Unread } from '../errors.ts';
import { openInitramfs } from './cpio.ts';
import { withPartitions } from './mounts.ts';
import { type Release, releaseOf } from './release.ts';
import { type Tree, treeOf } from './tree.ts';
import { type Volume, type Volumes, volumesOf } from './volumes.ts';

/** An operating system on a disk. */
export interface Guest {
  readonly release: Release;
  readonly tree: Tree;
  /** Where its root is. */
  readonly root: Volume;
  /** How the root came to be: a directory of its own choosing (OSTree), or unpacked at the first boot (CirrOS). */
  readonly form: 'plain' | 'ostree' | 'initramfs';
  readonly disk: Volumes;
}

/** The operating system on a disk, or undefined where none is found; what is on the disk comes along in any case. */
export async function guestOf(disk: Bytes): Promise<{ guest: Guest | undefined; disk: Volumes }> {
  const found = await volumesOf(disk);
  const unread = new Map<Volume, Unread>();
  for (const find of [plain, ostree, initramfs]) {
    for (const root of found.volumes) {
      try {
        const tree = await find(root);
        if (tree === undefined) continue;
        const whole = find === initramfs ? tree : await withPartitions(tree, root, found);
        const release = await releaseOf(whole);
        return { guest: { release, tree: whole, root, form: formOf(find), disk: found }, disk: found };
      } catch (error) {
        if (!(error instanceof Unread)) throw root.trouble ?? error;
        unread.set(root, error);
      }
    }
  }
  const volumes = found.volumes.map((it) => ({ ...it, trouble: it.trouble ?? unread.get(it) }));
  return { guest: undefined, disk: { ...found, volumes } };
}

const formOf = (find: unknown) => (find === plain ? 'plain' : find === ostree ? 'ostree' : 'initramfs');

const releases = ['/etc/os-release', '/usr/lib/os-release'];

async function plain({ files }: Volume): Promise<Tree | undefined> {
  if (files === undefined) return undefined;
  const tree = treeOf(await files.root(), files);
  for (const path of releases) {
    // a link may lead to a partition that is not mounted yet
    if ((await tree.at(path, { follow: false })) !== undefined) return tree;
  }
  return undefined;
}

/** https://ostreedev.github.io/ostree/deployment/ */
async function ostree({ files }: Volume): Promise<Tree | undefined> {
  if (files === undefined) return undefined;
  const tree = treeOf(await files.root(), files);
  for (const system of await tree.names('/ostree/deploy')) {
    const deployments = `/ostree/deploy/${system}/deploy`;
    for (const name of await tree.names(deployments)) {
      const place = await tree.at(`${deployments}/${name}`);
      if (place?.node.kind !== 'directory') continue;
      const inside = treeOf(place.node, files);
      if ((await inside.at('/usr/lib/os-release')) === undefined) continue;
      const variable = await tree.at(`/ostree/deploy/${system}/var`);
      const boot = await tree.at('/boot');
      let whole = inside;
      if (variable?.node.kind === 'directory') whole = whole.mounted('/var', variable.node, files);
      if (boot?.node.kind === 'directory') whole = whole.mounted('/boot', boot.node, files);
      return whole;
    }
  }
  return undefined;
}

/** A root that is empty until the initramfs has copied itself to it. */
async function initramfs({ files }: Volume): Promise<Tree | undefined> {
  if (files === undefined) return undefined;
  const tree = treeOf(await files.root(), files);
  if ((await tree.at('/etc')) !== undefined) return undefined;
  const [name] = (await tree.names('/boot')).filter((it) => /^initrd/.test(it));
  const archive = name === undefined ? undefined : await tree.at(`/boot/${name}`);
  if (archive?.node.kind !== 'file') return undefined;
  const packed = await openInitramfs(await archive.node.content());
  const unpacked = treeOf(await packed.root(), packed);
  if ((await unpacked.at('/etc')) === undefined) return undefined;
  const boot = await tree.at('/boot');
  return boot === undefined ? unpacked : unpacked.mounted('/boot', boot.node, boot.files);
}

/** Damage that shows before anything is looked for: what is not found on such a disk may have been there. */
export function damageOf({ volumes, problems }: Volumes): DiskError | undefined {
  const broken = volumes.find(({ trouble }) => trouble !== undefined && !(trouble instanceof Unread));
  const [problem] = problems;
  return broken?.trouble ?? (problem === undefined ? undefined : new DiskError(problem));
}

/** Why no operating system was found, as far as something there could not be read. */
export function whyNone(disk: Volumes): DiskError {
  const [unread] = disk.volumes.flatMap(({ trouble }) => trouble ?? []);
  return damageOf(disk) ?? unread ?? new Unread('No operating system is found on it');
}
