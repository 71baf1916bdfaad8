import { cloudInitOf, isSettings } from '../cloud-init.ts';
import type { Guest } from '../guest.ts';
import { fstabOf } from '../mounts.ts';
import { type Check, filesIn, firstOf, linesOf, type Note, programIn } from '../note.ts';
import { enablementOf } from '../units.ts';

/** The root has to fill the disk that the flavor gives, which is larger than the image. */
export const resizeRoot: Check = {
  id: 'resize-root',
  about: 'The root partition and its file system grow to the size of the disk at boot',
  look: async (guest) => {
    const { root, form } = guest;
    if (root.logical !== undefined) return [onLvm(root.logical)];
    if (form === 'initramfs') return cirros(guest);
    const own = await growsByItself(guest);
    if (own !== undefined) return own;
    const notes = [...(await partition(guest)), ...(await fileSystem(guest))];
    return notes.length > 0 ? notes : [{ verdict: 'pass', text: 'it grows at boot' }];
  },
};

const onLvm = (name: string): Note => ({
  verdict: 'warn',
  text: `the root is the logical volume ${name}, which cloud-init does not grow`,
  advice: 'Make the image again without LVM, or grow the volume by a script at boot.',
});

const install = 'Install cloud-guest-utils (Debian, Ubuntu) or cloud-utils-growpart (RHEL, SUSE, Alpine).';

async function cirros({ tree }: Guest): Promise<Note[]> {
  for (const name of ['growpart', 'resize2fs']) {
    if ((await programIn(tree, name)) === undefined) return [{ verdict: 'fail', text: `${name} is missing` }];
  }
  return [{ verdict: 'pass', text: 'the initramfs grows it' }];
}

/** Systems that do all of it in a way of their own. */
async function growsByItself({ tree }: Guest): Promise<Note[] | undefined> {
  const coreos = await firstOf(tree, [
    '/usr/libexec/coreos-growpart',
    '/usr/sbin/ignition-ostree-growfs',
    '/usr/lib/dracut/modules.d/40ignition-ostree/ignition-ostree-growfs.sh',
  ]);
  if (coreos !== undefined) return [{ verdict: 'pass', text: 'Ignition grows it', evidence: coreos }];
  const tiny = await enablementOf(
    tree,
    'tiny-cloud-boot.service',
    'tiny-cloud-early.service',
    'tiny-cloud.service',
  );
  if (tiny.state === 'enabled')
    return [{ verdict: 'pass', text: 'tiny-cloud grows it', evidence: tiny.path }];
  return undefined;
}

async function partition(guest: Guest): Promise<Note[]> {
  const { root, disk } = guest;
  const own = root.partition;
  if (own === undefined) return [];
  if (own.logical) {
    return [
      {
        verdict: 'fail',
        text: `partition ${own.number} is a logical one`,
        advice: 'Make the root a primary partition, the last one of the disk.',
      },
    ];
  }
  const behind = disk.partitions.find(({ start }) => start > own.start);
  if (behind !== undefined) {
    return [
      {
        verdict: 'fail',
        text: `partition ${behind.number} stands behind the root`,
        advice: 'Make the root the last partition; instead of a swap partition use a swap file.',
      },
    ];
  }
  if ((await growerOf(guest)) !== undefined) return [];
  return growpart(guest);
}

/** What grows the partition without cloud-init. */
async function growerOf({ tree }: Guest): Promise<string | undefined> {
  const scripts = await firstOf(tree, [
    '/usr/share/initramfs-tools/hooks/growroot',
    '/usr/share/initramfs-tools/scripts/local-bottom/growroot',
  ]);
  if (scripts !== undefined) return scripts;
  const dracut = (await tree.names('/usr/lib/dracut/modules.d')).find((name) => /growroot$/.test(name));
  if (dracut !== undefined) return `/usr/lib/dracut/modules.d/${dracut}`;
  const dib = await enablementOf(tree, 'growroot.service');
  if (dib.state === 'enabled') return dib.path;
  if (
    (await programIn(tree, 'systemd-repart')) === undefined &&
    (await firstOf(tree, ['/usr/lib/systemd/systemd-repart'])) === undefined
  )
    return undefined;
  for (const path of await filesIn(tree, ['/etc/repart.d', '/usr/lib/repart.d'], /\.conf$/)) {
    if ((await linesOf(tree, path)).some(({ text }) => /^Type\s*=\s*root/.test(text))) return path;
  }
  return undefined;
}

async function growpart(guest: Guest): Promise<Note[]> {
  const { tree } = guest;
  const cloud = await cloudInitOf(guest);
  if (cloud.hindrances.length > 0) return [...cloud.hindrances];
  if (!cloud.runs('growpart')) {
    const evidence = cloud.origin('cloud_init_modules');
    return [
      {
        verdict: 'fail',
        text: 'cloud-init does not run growpart',
        evidence,
        advice: 'Add growpart to cloud_init_modules.',
      },
    ];
  }
  const mode = cloud.setting('growpart', 'mode');
  if (mode === false || mode === 'off') {
    const evidence = cloud.origin('growpart');
    return [
      { verdict: 'fail', text: 'growpart is switched off', evidence, advice: 'Set growpart: {mode: auto}.' },
    ];
  }
  const disabled = '/etc/growroot-disabled';
  const ignored = cloud.setting('growpart', 'ignore_growroot_disabled') === true;
  if (!ignored && (await tree.at(disabled)) !== undefined) {
    return [
      {
        verdict: 'fail',
        text: 'growpart is switched off',
        evidence: disabled,
        advice: `Remove ${disabled}.`,
      },
    ];
  }
  if ((await programIn(tree, 'growpart')) !== undefined) return [];
  return [{ verdict: 'fail', text: 'the program growpart is missing', advice: install }];
}

const tools: Readonly<Record<string, string>> = { xfs: 'xfs_growfs', btrfs: 'btrfs' };

async function fileSystem(guest: Guest): Promise<Note[]> {
  const { tree, root } = guest;
  const tool = tools[root.kind] ?? 'resize2fs';
  const mount = (await fstabOf(tree)).find(({ path }) => path === '/');
  // systemd has a program of its own for that
  if (mount?.options.includes('x-systemd.growfs')) return [];
  const cloud = await cloudInitOf(guest);
  if (cloud.hindrances.length > 0) return [...cloud.hindrances];
  const wanted = cloud.setting('resize_rootfs');
  if (wanted === false || (isSettings(wanted) && wanted.enabled === false)) {
    const evidence = cloud.origin('resize_rootfs');
    return [
      {
        verdict: 'fail',
        text: 'the growing of the file system is switched off',
        evidence,
        advice: 'Set resize_rootfs: true.',
      },
    ];
  }
  if (!cloud.runs('resizefs')) {
    const evidence = cloud.origin('cloud_init_modules');
    return [
      {
        verdict: 'fail',
        text: 'cloud-init does not run resizefs',
        evidence,
        advice: 'Add resizefs to cloud_init_modules.',
      },
    ];
  }
  if ((await programIn(tree, tool)) !== undefined) return [];
  return [{ verdict: 'fail', text: `the program ${tool} is missing`, advice: `Install ${tool}.` }];
}
