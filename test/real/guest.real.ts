import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tglance } from '../support/tglance.ts';
import { tool } from './support/file-systems.ts';

const packages = 'openssh-server,cloud-init,cloud-guest-utils,systemd-sysv,e2fsprogs,nftables';
const grub = `menuentry 'Debian GNU/Linux' {
  linux /boot/vmlinuz root=LABEL=root ro console=tty0 console=ttyS0,115200
}
`;

/** A real Debian, as its packages set it up, in a disk image; made once, which takes minutes. */
describe('a Debian made by mmdebstrap', () => {
  let [folder, good] = ['', ''];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tglance-'));
    const tree = join(folder, 'tree');
    good = join(folder, 'debian.img');
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
    writeFileSync(good, '');
    truncateSync(good, 2 ** 31);
    tool('mkfs.ext4', '-q', '-F', '-L', 'root', '-d', tree, good);
  }, 600_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('passes the seven checks', async () => {
    const { out, err, code } = await tglance(['file-check', good, '-f', 'json']);
    const rows = JSON.parse(out) as { Check: string; Result: string }[];
    expect(rows.filter(({ Result }) => Result !== 'pass')).toEqual([]);
    expect(code).toBe(0);
    expect(err).toContain('Debian GNU/Linux 12 (bookworm), ');
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
