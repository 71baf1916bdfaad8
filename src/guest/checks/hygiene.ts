import { bootOf } from '../boot.ts';
import type { Guest } from '../guest.ts';
import { fstabOf } from '../mounts.ts';
import { type Check, evidenceOf, filesIn, firstOf, linesOf, type Note } from '../note.ts';
import type { Tree } from '../tree.ts';

/** What a running system leaves behind, and every instance of the image would share. */
export const hygiene: readonly Check[] = [
  leftover(
    'machine-id',
    'No instance has the identity of another',
    'Empty /etc/machine-id.',
    async ({ tree }) => {
      const id = (await tree.text('/etc/machine-id'))?.trim() ?? '';
      return id === '' || id === 'uninitialized' ? [] : ['/etc/machine-id'];
    },
  ),
  leftover(
    'host-keys',
    'No instance has the host keys of another',
    'Remove /etc/ssh/ssh_host_*.',
    ({ tree }) => filesIn(tree, ['/etc/ssh'], /^ssh_host_.*_key$/),
  ),
  leftover(
    'authorized-keys',
    'No key of somebody else opens an instance',
    'Remove the authorized_keys files.',
    keysOf,
  ),
  leftover('root-password', 'Root has no password', 'Lock it by passwd -l root.', async ({ tree }) => {
    const line = (await linesOf(tree, '/etc/shadow')).find(({ text }) => text.startsWith('root:'));
    const password = line?.text.split(':')[1] ?? '!';
    return line === undefined || /^[!*]/.test(password) ? [] : [`${line.path}:${line.number}`];
  }),
  leftover('cloud-state', 'cloud-init has not run', 'Run cloud-init clean --logs.', async ({ tree }) =>
    (await tree.at('/var/lib/cloud/instance', { follow: false })) === undefined
      ? []
      : ['/var/lib/cloud/instance'],
  ),
  leftover('leases', 'No lease of an address is left', 'Remove the leases.', ({ tree }) =>
    filesIn(tree, ['/var/lib/dhcp', '/var/lib/dhclient', '/var/lib/NetworkManager'], /\.leases?$/),
  ),
  leftover('history', 'Nobody reads what was typed', 'Remove the history files.', async ({ tree }) =>
    (await homesOf(tree)).flatMap(({ home, names }) =>
      names.filter((name) => /^\.(bash|ash|zsh)_history$/.test(name)).map((name) => `${home}/${name}`),
    ),
  ),
  leftover(
    'random-seed',
    'No two instances begin with the same random numbers',
    'Remove the file.',
    async ({ tree }) => {
      const path = await firstOf(tree, [
        '/var/lib/systemd/random-seed',
        '/var/lib/urandom/random-seed',
        '/var/lib/seedrng/seed.credit',
      ]);
      return path === undefined ? [] : [path];
    },
  ),
  leftover('logs', 'No long logs are left', 'Empty the logs.', longLogs),
  leftover(
    'swap',
    'Nothing is swapped to the disk of the image',
    'Remove the swap.',
    async ({ tree, disk }) => [
      ...(await fstabOf(tree)).filter(({ kind }) => kind === 'swap').map(({ line }) => `/etc/fstab:${line}`),
      ...disk.volumes.filter(({ kind }) => kind === 'swap').map(({ name }) => name),
    ],
  ),
  leftover(
    'unmounted',
    'The file systems were unmounted',
    'Shut the guest down before its disk is copied.',
    async ({ disk }) =>
      disk.volumes.filter(({ files }) => files?.needsReplay === true).map(({ name }) => name),
  ),
  leftover(
    'free-space',
    'The root has room to begin with',
    'Make the root larger.',
    async ({ root: { files } }) =>
      files?.free !== undefined && files.kind !== 'iso9660' && files.free < files.size / 10
        ? [`${Math.round((files.free / files.size) * 100)} % free`]
        : [],
  ),
  leftover(
    'boot-delay',
    'The boot loader does not wait long',
    'Set GRUB_TIMEOUT to 1 or so.',
    async ({ tree }) =>
      (await linesOf(tree, '/etc/default/grub'))
        .filter(({ text }) => Number(/^GRUB_TIMEOUT=["']?(\d+)/.exec(text)?.[1] ?? 0) > 10)
        .map(evidenceOf),
  ),
  leftover(
    'virtio',
    'The kernel has the drivers of virtual disks',
    'Install a kernel with virtio.',
    withoutVirtio,
  ),
];

/** A check that has something against each thing found. */
function leftover(
  id: string,
  about: string,
  advice: string,
  find: (guest: Guest) => Promise<readonly string[]>,
): Check {
  return {
    id,
    about,
    look: async (guest) => {
      const found = await find(guest);
      if (found.length === 0) return [{ verdict: 'pass', text: 'nothing is found' }];
      const [first] = found;
      const more = found.length > 1 ? ` and ${found.length - 1} more` : '';
      return found.map((evidence): Note => ({ verdict: 'warn', text: `${first}${more}`, evidence, advice }));
    },
  };
}

async function homesOf(tree: Tree): Promise<{ home: string; names: readonly string[] }[]> {
  const homes = ['/root', ...(await tree.names('/home')).map((name) => `/home/${name}`)];
  return Promise.all(homes.map(async (home) => ({ home, names: await tree.names(home) })));
}

async function keysOf({ tree }: Guest): Promise<string[]> {
  const found: string[] = [];
  for (const { home } of await homesOf(tree)) {
    const path = `${home}/.ssh/authorized_keys`;
    if ((await linesOf(tree, path)).length > 0) found.push(path);
  }
  return found;
}

const longLog = 10 * 1024 * 1024;

async function longLogs({ tree }: Guest): Promise<string[]> {
  const found: string[] = [];
  for (const name of await tree.names('/var/log')) {
    const place = await tree.at(`/var/log/${name}`);
    if (place?.node.kind === 'file' && place.node.size > longLog) found.push(`/var/log/${name}`);
  }
  return found;
}

/** Kernels whose modules are there, none of them for disks of virtio, built in or not. */
async function withoutVirtio({ tree, ...guest }: Guest): Promise<string[]> {
  if ((await bootOf({ tree })).defaults.length === 0 || guest.form === 'initramfs') return [];
  const found: string[] = [];
  for (const version of await tree.names('/lib/modules')) {
    const base = `/lib/modules/${version}`;
    const lists = await Promise.all(
      ['modules.dep', 'modules.builtin'].map((name) => tree.text(`${base}/${name}`)),
    );
    if (lists[0] !== undefined && !lists.some((text) => text?.includes('virtio_blk'))) found.push(base);
  }
  return found;
}
