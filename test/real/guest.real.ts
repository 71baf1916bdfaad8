import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tglance } from '../support/tglance.ts';
import { protofile, tool } from './support/file-systems.ts';

const packages = 'openssh-server,cloud-init,cloud-guest-utils,systemd-sysv,e2fsprogs,xfsprogs,nftables';
const grub = `menuentry 'Debian GNU/Linux' {
  linux /boot/vmlinuz root=LABEL=root ro console=tty0 console=ttyS0,115200
}
`;

/** A real Debian, as its packages set it up, in a disk image; made once, which takes minutes. */
describe('a Debian made by mmdebstrap', () => {
  let [folder, tree, good] = ['', '', ''];
  /** Parts of disks: the root as ext4 is `good`, the same as XFS, and what UEFI starts. */
  let [xfs, esp] = ['', ''];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tglance-'));
    tree = join(folder, 'tree');
    good = join(folder, 'debian.img');
    xfs = join(folder, 'xfs.img');
    esp = join(folder, 'esp.img');
    tool(
      'mmdebstrap',
      '--quiet',
      '--variant=minbase',
      '--mode=root',
      `--include=${packages}`,
      '--aptopt=APT::Install-Recommends "false"',
      'bookworm',
      tree,
    );
    mkdirSync(join(tree, 'boot/grub'), { recursive: true });
    writeFileSync(join(tree, 'boot/grub/grub.cfg'), grub);
    // devices, which no list of files for mkfs.xfs has
    for (const name of readdirSync(join(tree, 'dev'))) rmSync(join(tree, 'dev', name), { recursive: true });
    tool('mkfs.ext4', '-q', '-F', '-L', 'root', '-d', tree, empty(good, 2 ** 31));
    writeFileSync(join(folder, 'files'), protofile(tree));
    tool('mkfs.xfs', '-q', '-L', 'root', '-p', join(folder, 'files'), empty(xfs, 2 ** 31));
    tool('mkfs.vfat', '-n', 'EFI', empty(esp, 64 * MiB));
    tool('mmd', '-i', esp, '::/EFI', '::/EFI/debian');
    writeFileSync(join(folder, 'stub'), 'configfile ($root)/boot/grub/grub.cfg\n');
    tool('mcopy', '-i', esp, join(folder, 'stub'), '::/EFI/debian/grub.cfg');
  }, 900_000);

  /** A disk as images for clouds have it: what boots first, and the root behind that. */
  function divided(root: string): string {
    const disk = empty(join(folder, 'disk.img'), 2 ** 31 + 128 * MiB);
    writeFileSync(
      join(folder, 'layout'),
      `label: gpt
14: start=1MiB, size=3MiB, type=21686148-6449-6E6F-744E-656564454649
15: start=4MiB, size=64MiB, type=uefi
1: start=68MiB, size=2048MiB, name=root
`,
    );
    tool('sh', '-c', 'sfdisk -q "$0" < "$1"', disk, join(folder, 'layout'));
    const put = (from: string, at: number) =>
      tool('dd', `if=${from}`, `of=${disk}`, 'bs=1M', `seek=${at}`, 'conv=notrunc,sparse', 'status=none');
    put(esp, 4);
    put(root, 68);
    return disk;
  }

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('passes the seven checks', async () => {
    const { out, err, code } = await tglance(['file-check', good, '-f', 'json']);
    const rows = JSON.parse(out) as { Check: string; Result: string }[];
    expect(rows.filter(({ Result }) => Result !== 'pass')).toEqual([]);
    expect(code).toBe(0);
    expect(err).toContain('Debian GNU/Linux 12 (bookworm), ');
  });

  it.for(['ext4', 'xfs'])('passes them divided as for a cloud, with a root of %s', async (kind) => {
    const disk = divided(kind === 'xfs' ? xfs : good);
    const { out, err, code } = await tglance(['file-check', disk]);
    expect({ code, passed: out.match(/\| pass /g)?.length }).toEqual({ code: 0, passed: 7 });
    expect(err).toContain(`gpt, root: partition 1 (${kind})`);
    expect(out).toContain(`growpart grows partition 1; resizefs grows its ${kind}`);
    const inspected = await tglance(['file-inspect', disk, '-f', 'json']);
    const { guest, file_systems, suggestion } = JSON.parse(inspected.out);
    expect(guest).toMatchObject({ id: 'debian', version: '12', architecture: expect.stringMatching(/./) });
    expect(file_systems).toEqual([
      { place: 'partition 1', type: kind, label: 'root' },
      { place: 'partition 15', type: 'vfat', label: 'EFI' },
    ]);
    expect(suggestion).toMatchObject({ disk_format: 'raw', min_disk: 3 });
  });

  it.for([
    ['ext4 cut off', 'truncate -s 1G'],
    ['ext4 without its superblock', 'dd if=/dev/zero bs=4k count=1 conv=notrunc status=none of='],
    ['ext4 without its root', 'debugfs -w -R "clri <2>"'],
    ['ext4 without a program', 'debugfs -w -R "clri /usr/sbin/sshd"'],
    ['ext4 without the block of a directory', 'debugfs -w -R "zap_block -f /etc/ssh 0"'],
    ['XFS cut off', 'truncate -s 1G', 'xfs'],
    ['XFS without its superblock', 'dd if=/dev/zero bs=512 count=1 conv=notrunc status=none of=', 'xfs'],
  ])('an %s is damaged', async ([, change = '', kind]) => {
    const bad = join(folder, 'bad.img');
    tool('cp', '--sparse=always', kind === 'xfs' ? xfs : good, bad);
    tool('sh', '-c', `${change}${change.endsWith('=') ? '' : ' '}"$0"`, bad);
    const { out, err, code } = await tglance(['file-check', bad]);
    expect({ out, code }).toEqual({ out: '', code: 1 });
    expect(err).toMatch(/is damaged: /);
  });

  it('links and directories that lead back to themselves hold nothing up', async () => {
    const bad = join(folder, 'bad.img');
    tool('cp', '--sparse=always', good, bad);
    writeFileSync(
      join(folder, 'changes'),
      `symlink /etc/cloud/cloud.cfg.d/99.cfg 99.cfg
symlink /etc/netplan /etc/netplan/netplan
link /etc /etc/systemd/system/loop.wants
`,
    );
    tool('debugfs', '-w', '-f', join(folder, 'changes'), bad);
    expect((await tglance(['file-check', bad, '--hygiene'])).code).toBe(0);
  });

  it('has the same files as debugfs sees', async () => {
    const ours = await tglance(['file-ls', good, '/etc/ssh', '-f', 'value', '-c', 'Name']);
    const theirs = tool('debugfs', '-R', 'ls -p /etc/ssh', good)
      .split('\n')
      .map((line) => line.split('/')[5] ?? '')
      .filter((name) => !['', '.', '..'].includes(name));
    expect(ours.out.trim().split('\n')).toEqual(theirs.sort());
    const { bytes } = await tglance(['file-cat', good, '/usr/sbin/sshd']);
    tool('debugfs', '-R', `dump /usr/sbin/sshd ${join(folder, 'sshd')}`, good);
    expect(tool('sha256sum', join(folder, 'sshd'))).toContain(sha256(bytes));
  });

  it.for([
    ['resize-root', 'rm /usr/sbin/resize2fs'],
    ['ssh-server', 'rm /etc/systemd/system/multi-user.target.wants/ssh.service'],
    ['ssh-server', 'rm /usr/sbin/sshd'],
    ['firewall', 'mkdir /etc/ufw', 'write ufw.conf /etc/ufw/ufw.conf'],
    ['ssh-key', 'write users.cfg /etc/cloud/cloud.cfg.d/99-users.cfg'],
    ['user-data', 'rm /etc/systemd/system/cloud-init.target.wants/cloud-final.service'],
    ['user-data', 'write users.cfg /etc/cloud/cloud-init.disabled'],
    ['console-log', 'rm /boot/grub/grub.cfg', 'write grub.cfg /boot/grub/grub.cfg'],
    [
      'mac-address',
      'mkdir /etc/udev',
      'mkdir /etc/udev/rules.d',
      'write net.rules /etc/udev/rules.d/70-persistent-net.rules',
    ],
  ])('fails in %s after %s', async ([check = '', ...changes]) => {
    const bad = join(folder, 'bad.img');
    tool('cp', '--sparse=always', good, bad);
    writeFileSync(join(folder, 'ufw.conf'), 'ENABLED=yes\n');
    writeFileSync(join(folder, 'users.cfg'), 'users: []\n');
    writeFileSync(join(folder, 'grub.cfg'), grub.replace(/console=\S+/g, ''));
    writeFileSync(join(folder, 'net.rules'), 'ATTR{address}=="52:54:00:9a:3b:c7", NAME="eth0"\n');
    writeFileSync(
      join(folder, 'changes'),
      changes.map((line) => line.replace('write ', `write ${folder}/`)).join('\n'),
    );
    tool('debugfs', '-w', '-f', join(folder, 'changes'), bad);
    const { out, code } = await tglance(['file-check', bad, '-f', 'json', '--only', check]);
    expect(JSON.parse(out)).toMatchObject([{ Check: check, Result: 'fail' }]);
    expect(code).toBe(3);
  });

  it('is checked as qcow2 and VMDK with the same result', async () => {
    for (const format of ['qcow2', 'vmdk']) {
      const file = join(folder, `debian.${format}`);
      tool('qemu-img', 'convert', '-O', format, good, file);
      expect((await tglance(['file-check', file])).code).toBe(0);
    }
  });
});

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const MiB = 1024 * 1024;

/** A file of nothing but zeros, which takes no room. */
function empty(path: string, size: number): string {
  writeFileSync(path, '');
  truncateSync(path, size);
  return path;
}
