import { cloudInitOf } from '../cloud-init.ts';
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
    const hindered = inTheWay(guest);
    if (hindered !== undefined) return [hindered];
    if (form === 'initramfs') return cirros(guest);
    return (await growsByItself(guest)) ?? [...(await partition(guest)), ...(await fileSystem(guest))];
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

/** A partition that cannot grow, whoever tries. */
function inTheWay({ root, disk }: Guest): Note | undefined {
  const own = root.partition;
  if (own === undefined) return undefined;
  if (own.logical) {
    return {
      verdict: 'fail',
      text: `partition ${own.number} is a logical one`,
      advice: 'Make the root a primary partition, the last one of the disk.',
    };
  }
  const behind = disk.partitions.find(({ start }) => start > own.start);
  if (behind === undefined) return undefined;
  return {
    verdict: 'fail',
    text: `partition ${behind.number} stands behind the root`,
    advice: 'Make the root the last partition; instead of a swap partition use a swap file.',
  };
}

async function partition(guest: Guest): Promise<Note[]> {
  const own = guest.root.partition;
  if (own === undefined) return [{ verdict: 'pass', text: 'the root is the whole disk' }];
  const grows = (what: string, evidence?: string): Note => ({
    verdict: 'pass',
    text: `${what} grows partition ${own.number}`,
    ...(evidence && { evidence }),
  });
  const grower = await growerOf(guest);
  if (grower !== undefined) return [grows(...grower)];
  const notes = await growpart(guest);
  const { origin } = await cloudInitOf(guest);
  return notes.length > 0 ? notes : [grows('growpart', origin('cloud_init_modules'))];
}

const disabledBy = '/etc/growroot-disabled';

/** What grows the partition without cloud-init, and the file that is evidence of it. */
async function growerOf({ tree }: Guest): Promise<[name: string, path: string] | undefined> {
  const scripts = await firstOf(tree, [
    '/usr/share/initramfs-tools/hooks/growroot',
    '/usr/share/initramfs-tools/scripts/local-bottom/growroot',
  ]);
  const dracut = (await tree.names('/usr/lib/dracut/modules.d')).find((it) => /^\d+growroot$/.test(it));
  const early = scripts ?? (dracut && `/usr/lib/dracut/modules.d/${dracut}`);
  if (early !== undefined && (await tree.at(disabledBy)) === undefined)
    return ['growroot of the initramfs', early];
  const dib = await enablementOf(tree, 'growroot.service');
  if (dib.state === 'enabled') return [dib.unit, dib.path];
  const repart = (await programIn(tree, 'systemd-repart')) ?? (await firstOf(tree, [repartBefore]));
  if (repart === undefined) return undefined;
  for (const path of await filesIn(tree, ['/etc/repart.d', '/usr/lib/repart.d'], /\.conf$/)) {
    if ((await linesOf(tree, path)).some(({ text }) => /^Type\s*=\s*root/.test(text)))
      return ['systemd-repart', path];
  }
  return undefined;
}

/** Where it was before it could be called by hand. */
const repartBefore = '/usr/lib/systemd/systemd-repart';

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
  const ignored = cloud.setting('growpart', 'ignore_growroot_disabled') === true;
  if (!ignored && (await tree.at(disabledBy)) !== undefined) {
    return [
      {
        verdict: 'fail',
        text: 'growpart is switched off',
        evidence: disabledBy,
        advice: `Remove ${disabledBy}.`,
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
  const grows = (what: string): Note => ({ verdict: 'pass', text: `${what} grows its ${root.kind}` });
  if (mount?.options.includes('x-systemd.growfs')) return [grows('systemd-growfs')];
  const dib = await enablementOf(tree, 'growroot.service');
  if (dib.state === 'enabled' && tool === 'resize2fs') return [grows(dib.unit)];
  const cloud = await cloudInitOf(guest);
  if (cloud.hindrances.length > 0) return [...cloud.hindrances];
  const wanted = cloud.setting('resize_rootfs');
  if (wanted === false) {
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
  if ((await programIn(tree, tool)) !== undefined) return [grows('resizefs')];
  return [{ verdict: 'fail', text: `the program ${tool} is missing`, advice: `Install ${tool}.` }];
}
