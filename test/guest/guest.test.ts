import { expect, it } from 'vitest';
import { memoryBytes } from '../../src/disk/file.ts';
import { DiskError, Unread } from '../../src/errors.ts';
import { resultOf } from '../../src/guest/check.ts';
import { consoleLog } from '../../src/guest/checks/console-log.ts';
import { resizeRoot } from '../../src/guest/checks/resize-root.ts';
import { type Guest, guestOf, whyNone } from '../../src/guest/guest.ts';
import { efiSystem } from '../support/disks.ts';
import { ext4, type Files, link } from '../support/ext4.ts';
import { fat } from '../support/fat.ts';
import { divided } from '../support/guests.ts';
import { physicalVolume } from '../support/lvm.ts';
import { changed, cirros, debian, rhel } from '../support/trees.ts';

async function found(disk: Buffer): Promise<Guest> {
  const { guest } = await guestOf(memoryBytes(disk));
  if (guest === undefined) throw new Error('no guest');
  return guest;
}

/** The files below a directory, as the root of a file system of their own, and the others. */
function split(tree: Files, directory: string): [inside: Files, outside: Files] {
  const all = Object.entries(tree);
  const isInside = ([path]: (typeof all)[number]) => path.startsWith(directory);
  const inside = all.filter(isInside).map(([path, content]) => [path.slice(directory.length), content]);
  return [Object.fromEntries(inside), Object.fromEntries(all.filter((it) => !isInside(it)))];
}

it('says what a guest calls itself, and for which machine it is', async () => {
  expect((await found(ext4(rhel))).release).toEqual({
    name: 'Rocky Linux 9.3 (Blue Onyx)',
    id: 'rocky',
    like: ['rhel', 'centos', 'fedora'],
    version: '9.3',
    architecture: 'x86_64',
  });
  const empty = await found(divided({ content: ext4(cirros) }));
  expect(empty).toMatchObject({ form: 'initramfs', release: { id: 'cirros', version: '0.6.2' } });
});

it('partitions are found by what fstab calls them, or by what they look like', async () => {
  const [boot, rest] = split(rhel, 'boot/');
  const uuid = 'b0b0b0b0-0000-4000-8000-000000000002';
  for (const source of [`UUID=${uuid}`, 'LABEL=BOOT', 'PARTLABEL=boot', '/dev/vda1', 'UUID=gone']) {
    const root = changed(rest, { 'etc/fstab': `${source} /boot ext4 defaults 0 0\n`, 'boot/': '' });
    const disk = divided(
      { content: ext4(boot, { label: 'BOOT', uuid }), name: 'boot' },
      { content: ext4(root) },
    );
    const result = await resultOf(consoleLog, await found(disk));
    expect([source, result.verdict]).toEqual([source, 'pass']);
  }
});

it('a separate /usr and an EFI partition belong to the guest', async () => {
  const [usr, rest] = split(debian, 'usr/');
  const root = changed(rest, {
    'etc/fstab': 'LABEL=usr /usr ext4 ro 0 0\n',
    'boot/grub/grub.cfg': undefined,
    'boot/efi/': '',
    'usr/': '',
  });
  const stub = 'linux /vmlinuz console=ttyS0\n';
  const guest = await found(
    divided(
      { content: fat({ 'EFI/debian/grub.cfg': stub }), type: efiSystem },
      { content: ext4(usr, { label: 'usr' }) },
      { content: ext4(root) },
    ),
  );
  expect(guest.release.id).toBe('debian');
  expect((await resultOf(consoleLog, guest)).finding).toBe('/boot/efi/EFI/debian/grub.cfg has console=ttyS0');
});

it('a root on LVM is read, and warned of', async () => {
  const guest = await found(
    divided({ content: physicalVolume({ home: ext4({ a: 'b' }), root: ext4(debian) }) }),
  );
  expect(guest.root.name).toBe('volume vg/root');
  expect(await resultOf(resizeRoot, guest)).toMatchObject({
    verdict: 'warn',
    finding: expect.stringContaining('vg/root'),
  });
});

it('a deployment of OSTree is the root', async () => {
  const deployment = 'ostree/deploy/fedora-coreos/deploy/abc.0';
  const files: Files = {
    [`${deployment}/etc/os-release`]: link('../usr/lib/os-release'),
    [`${deployment}/usr/lib/os-release`]: 'ID=fedora\nPRETTY_NAME="Fedora CoreOS 40"\n',
    [`${deployment}/usr/libexec/coreos-growpart`]: '#!/bin/sh\n',
    'ostree/deploy/fedora-coreos/deploy/abc.0.origin': '',
    'ostree/deploy/fedora-coreos/var/lib/x': 'x',
    'boot/loader/entries/ostree-1.conf': 'title x\nlinux /vmlinuz\noptions console=ttyS0,115200n8\n',
  };
  const guest = await found(ext4(files));
  expect(guest).toMatchObject({ form: 'ostree', release: { name: 'Fedora CoreOS 40' } });
  expect(await guest.tree.text('/var/lib/x')).toBe('x');
  expect((await resultOf(resizeRoot, guest)).verdict).toBe('pass');
  expect((await resultOf(consoleLog, guest)).verdict).toBe('pass');
  const [boot, rest] = split(files, 'boot/');
  const apart = await found(
    divided({ content: ext4(boot) }, { content: ext4(changed(rest, { 'boot/': '' })) }),
  );
  expect((await resultOf(consoleLog, apart)).verdict).toBe('pass');
});

it('an initramfs that is compressed in a way that is not read is no damage', async () => {
  const packed = changed(cirros, { 'boot/initrd.img-5.15': Buffer.from('28b52ffd00000000', 'hex') });
  const { guest, disk } = await guestOf(memoryBytes(ext4(packed)));
  expect(guest).toBeUndefined();
  expect(whyNone(disk)).toBeInstanceOf(Unread);
  expect(whyNone(disk).message).toContain('compressed in a way that is not read');
});

it('the description of a damaged volume group is told to be damaged', async () => {
  const volume = physicalVolume({ root: ext4(debian) });
  volume.write('x', volume.indexOf('logical_volumes'));
  const { guest, disk } = await guestOf(memoryBytes(divided({ content: volume })));
  expect(guest).toBeUndefined();
  expect(disk.volumes[0]?.trouble).toBeInstanceOf(DiskError);
  expect(disk.volumes[0]?.trouble?.message).toContain('checksum');
});
