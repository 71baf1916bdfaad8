import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { sealedImages } from '../support/disk-images.ts';
import { qcow2Image } from '../support/disks.ts';
import { ext4, type Files } from '../support/ext4.ts';
import { it as inFolder } from '../support/folder.ts';
import { divided } from '../support/guests.ts';
import { tglance } from '../support/tglance.ts';
import { type Change, changed, debian } from '../support/trees.ts';

const it = inFolder.extend<{ image: (change: Change, tree?: Files) => string }>({
  image: async ({ path }, use) => {
    await use((change, tree = debian) => {
      writeFileSync(path('disk.img'), divided({ content: ext4(changed(tree, change), { label: 'root' }) }));
      return path('disk.img');
    });
  },
});

const udev = { 'etc/udev/rules.d/70-net.rules': 'ATTR{address}=="52:54:00:9a:3b:c7", NAME="eth0"\n' };
const port = { 'etc/ssh/sshd_config': 'Port 2222\n' };

it('a good image passes all seven, and the program ends with 0', async ({ image }) => {
  const { out, err, code } = await tglance(['file-check', image({})]);
  expect(code).toBe(0);
  expect(out.match(/\| pass /g)).toHaveLength(7);
  expect(err).toBe(
    'Debian GNU/Linux 12 (bookworm), x86_64, raw 3 MiB, gpt, root: partition 1 (ext4)\nNothing is wrong with it\n',
  );
});

it('a failure is shown with its evidence, and the program ends with 3', async ({ image }) => {
  const file = image({ ...udev, ...port });
  const { out, err, code } = await tglance(['file-check', file, '-f', 'json']);
  expect(code).toBe(3);
  expect(err).toContain(`1 failed, 1 warning. What to do: tglance file-check --explain ${file}\n`);
  const rows = JSON.parse(out);
  expect(rows.map((row: { Check: string }) => row.Check)).toEqual([
    'resize-root',
    'mac-address',
    'ssh-server',
    'firewall',
    'ssh-key',
    'user-data',
    'console-log',
  ]);
  expect(rows[1]).toEqual({
    Check: 'mac-address',
    Result: 'fail',
    Finding: '52:54:00:9a:3b:c7 is written down in 70-net.rules',
    Evidence: [`/etc/udev/rules.d/70-net.rules:1 ${udev['etc/udev/rules.d/70-net.rules'].trim()}`],
    Advice: 'Empty the file, and keep it, so that no other one is made.',
  });
  const explained = await tglance(['file-check', file, '--explain', '-f', 'value', '--only', 'mac-address']);
  expect(explained.out).toContain('Empty the file, and keep it');
});

it('--only, --skip, --strict and --policy choose what counts', async ({ image, path }) => {
  const file = image({ ...udev, ...port });
  const ended = async (...words: string[]) => (await tglance(['file-check', file, ...words])).code;
  expect(await ended('--skip', 'mac-address')).toBe(0);
  expect(await ended('--only', 'ssh-server,firewall')).toBe(0);
  expect(await ended('--only', 'ssh-server', '--strict')).toBe(3);
  writeFileSync(path('policy.yaml'), 'mac-address: warn\nssh-server: ignore\n');
  expect(await ended('--policy', path('policy.yaml'))).toBe(0);
  writeFileSync(path('policy.json'), '{"mac-address": "ignore", "ssh-server": "fail"}');
  expect(await ended('--policy', path('policy.json'))).toBe(3);
});

it('words that mean no check are refused', async ({ image, path }) => {
  const file = image({});
  const slip = await tglance(['file-check', file, '--only', 'ssh-sever']);
  expect(slip).toMatchObject({ code: 2 });
  expect(slip.err).toContain("There is no check 'ssh-sever' (Did you mean ssh-server?)");
  expect((await tglance(['file-check', file, '--only', 'firewall', '--skip', 'firewall'])).err).toContain(
    'No check is left',
  );
  writeFileSync(path('policy.yaml'), 'ssh-server: perhaps\n');
  expect((await tglance(['file-check', file, '--policy', path('policy.yaml')])).err).toContain(
    "not 'perhaps'",
  );
  expect((await tglance('file-check')).err).toContain('Say which FILE to check');
});

it('--list names every check, and --hygiene runs those of what is left behind', async ({ image }) => {
  const listed = await tglance('file-check --list -f json');
  const names = JSON.parse(listed.out).map((row: { Check: string }) => row.Check);
  expect(names).toContain('resize-root');
  const left = {
    'etc/machine-id': '0123456789abcdef0123456789abcdef\n',
    'etc/ssh/ssh_host_rsa_key': 'x',
    'etc/shadow': 'root:$6$x$y:19000::::::\n',
    'root/.ssh/authorized_keys': 'ssh-ed25519 AAAA\n',
    'root/.bash_history': 'ls\n',
    'var/lib/cloud/instance': '',
    'var/lib/dhcp/dhclient.leases': '',
    'var/lib/systemd/random-seed': '',
    'etc/default/grub': 'GRUB_TIMEOUT=30\nGRUB_CMDLINE_LINUX="console=ttyS0"\n',
  };
  const { out, code } = await tglance(['file-check', image(left), '--hygiene', '-f', 'json']);
  const rows = JSON.parse(out) as { Check: string; Result: string }[];
  expect(rows.map(({ Check }) => Check)).toEqual(names);
  expect(rows.filter(({ Result }) => Result === 'warn').map(({ Check }) => Check)).toEqual([
    'machine-id',
    'host-keys',
    'authorized-keys',
    'root-password',
    'cloud-state',
    'leases',
    'history',
    'random-seed',
    'boot-delay',
  ]);
  expect(code).toBe(0);
});

it('what cannot be looked into is unknown, and the program ends with 4', async ({ path }) => {
  const btrfs = Buffer.alloc(1 << 20);
  btrfs.write('_BHRfS_M', 65_600);
  writeFileSync(path('disk.img'), divided({ content: btrfs }));
  const { out, code } = await tglance(['file-check', path('disk.img')]);
  expect(out.match(/\| unknown \|/g)).toHaveLength(7);
  expect(out).toContain('btrfs');
  expect(code).toBe(4);
});

it.for([
  ...Object.entries(sealedImages()),
  ['qcow2, encrypted', qcow2Image(Buffer.alloc(65536), { encryption: 2 })] as const,
  ['qcow2 with a data file', qcow2Image(Buffer.alloc(65536), { features: 4 })] as const,
  ['noise', randomBytes(200_000)] as const,
  ['nothing at all', Buffer.alloc(0)] as const,
])('%s is unknown, not damaged: the program ends with 4', async ([, content], { path }) => {
  writeFileSync(path('disk.img'), content);
  for (const command of ['file-check', 'image-check']) {
    const { out, code } = await tglance([command, path('disk.img'), '-f', 'json']);
    expect(JSON.parse(out).map(({ Result }: { Result: string }) => Result)).toEqual(Array(7).fill('unknown'));
    expect(code).toBe(4);
  }
});

it('a damaged image is damaged: no verdict, and the program ends with 1', async ({ image }) => {
  const file = image({});
  const sound = ext4(debian, { label: 'root' });
  const at = sound.indexOf('multi-user.target.wants');
  const broken = Buffer.from(sound);
  broken.write('x', at + 3);
  writeFileSync(file, divided({ content: broken }));
  const { out, err, code } = await tglance(['file-check', file]);
  expect({ out, code }).toEqual({ out: '', code: 1 });
  expect(err).toMatch(
    /Inode \d+ of the ext4 file system is damaged: the checksum of a block of its directory/,
  );
});
