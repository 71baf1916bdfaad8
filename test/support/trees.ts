import { type Files, link } from './ext4.ts';
import { cpio } from './guests.ts';

/** What is different in a tree: a file that is added or replaced, or, undefined, one that is not there. */
export type Change = Readonly<Record<string, Files[string] | undefined>>;

export const changed = (tree: Files, change: Change): Files =>
  Object.fromEntries(
    Object.entries({ ...tree, ...change }).filter((it): it is [string, Files[string]] => it[1] !== undefined),
  );

/** A change to a distribution's tree, and what a check then says: verdict, finding and evidence. */
export type Case = readonly [name: string, tree: Files, change: Change, check: string, says: RegExp];

/** The beginning of a program for a kind of machine, by its number there. */
export function elf(machine: number, order: 'LE' | 'BE' = 'LE'): Buffer {
  const head = Buffer.alloc(64);
  head.write('\x7fELF', 'latin1');
  head.set([2, order === 'LE' ? 1 : 2, 1], 4);
  head[`writeUInt16${order}`](machine, 18);
  return head;
}

const program = elf(62);

const cloudConfig = (user: string, sources = '') => `# made for tests
users:
   - default
disable_root: true
${sources}
cloud_init_modules:
  - seed_random
  - growpart
  - resizefs
  - users-groups
  - ssh
cloud_config_modules:
  - [runcmd, once]
cloud_final_modules:
  - scripts-user
  - final-message
system_info:
  default_user:
    name: ${user}
`;

const wanted = (base: string, target: string, ...units: readonly string[]): Files =>
  Object.fromEntries(
    units.map((unit) => [`etc/systemd/system/${target}.wants/${unit}`, link(`${base}/${unit}`)]),
  );

const unitFiles = (base: string, ...units: readonly string[]): Files =>
  Object.fromEntries(
    units.map((unit) => [
      `${base}/${unit}`,
      `[Unit]\nDescription=${unit}\n[Install]\nWantedBy=multi-user.target\n`,
    ]),
  );

const stages = [
  'cloud-init-local.service',
  'cloud-init.service',
  'cloud-config.service',
  'cloud-final.service',
];

/** Debian and Ubuntu: merged /usr, a grub.cfg with command lines in it. */
export const debian: Files = {
  bin: link('usr/bin'),
  sbin: link('usr/sbin'),
  lib: link('usr/lib'),
  'etc/os-release': link('../usr/lib/os-release'),
  'usr/lib/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  'etc/fstab': 'LABEL=root / ext4 rw,discard,errors=remount-ro 0 1\nLABEL=EFI /boot/efi vfat defaults 0 0\n',
  'etc/machine-id': '',
  'usr/bin/sh': program,
  'usr/sbin/sshd': program,
  'usr/sbin/resize2fs': program,
  'usr/bin/growpart': '#!/bin/sh\n',
  'usr/bin/cloud-init': '#!/usr/bin/python3\n',
  'etc/ssh/sshd_config': 'Include /etc/ssh/sshd_config.d/*.conf\n#Port 2222\nUsePAM yes\n',
  'etc/cloud/cloud.cfg': cloudConfig('debian'),
  'etc/cloud/cloud.cfg.d/90_dpkg.cfg': 'datasource_list: [ NoCloud, ConfigDrive, OpenStack, None ]\n',
  ...unitFiles(
    'usr/lib/systemd/system',
    'ssh.service',
    'ssh.socket',
    'ufw.service',
    'nftables.service',
    'firewalld.service',
    ...stages,
  ),
  ...wanted('/lib/systemd/system', 'multi-user.target', 'ssh.service', 'ufw.service'),
  ...wanted('/lib/systemd/system', 'cloud-init.target', ...stages),
  'etc/ufw/ufw.conf': 'ENABLED=no\n',
  'etc/nftables.conf':
    '#!/usr/sbin/nft -f\nflush ruleset\ntable inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter;\n\t}\n}\n',
  'etc/udev/rules.d/70-other.rules': '# ATTR{address}=="52:54:00:9a:3b:c7", NAME="eth0"\n',
  'etc/default/grub': 'GRUB_TIMEOUT=0\nGRUB_CMDLINE_LINUX="console=tty0 console=ttyS0,115200"\n',
  'boot/vmlinuz-6.1.0-18-cloud-amd64': 'kernel',
  'boot/grub/grub.cfg': `set default="0"
set timeout=5
menuentry 'Debian GNU/Linux' --class debian {
	linux	/boot/vmlinuz-6.1.0-18-cloud-amd64 root=UUID=1 ro console=tty0 console=ttyS0,115200 earlyprintk
}
menuentry 'Debian GNU/Linux (recovery mode)' {
	linux	/boot/vmlinuz-6.1.0-18-cloud-amd64 root=UUID=1 ro single
}
`,
};

/** Ubuntu: a socket that starts sshd, networks by netplan, and cloud-init in services of other names. */
export const ubuntu: Files = {
  ...changed(debian, {
    'etc/systemd/system/multi-user.target.wants/ssh.service': undefined,
    'usr/lib/systemd/system/cloud-init.service': undefined,
    'etc/systemd/system/cloud-init.target.wants/cloud-init.service': undefined,
    'etc/default/grub': 'GRUB_TIMEOUT=0\n',
  }),
  'usr/lib/os-release': 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\nPRETTY_NAME="Ubuntu 24.04.1 LTS"\n',
  'etc/cloud/cloud.cfg': cloudConfig('ubuntu'),
  'usr/lib/systemd/system/ssh.socket': '[Socket]\nListenStream=22\nAccept=no\n',
  ...wanted('/usr/lib/systemd/system', 'sockets.target', 'ssh.socket'),
  ...unitFiles('usr/lib/systemd/system', 'cloud-init-main.service', 'cloud-init-network.service'),
  ...wanted(
    '/usr/lib/systemd/system',
    'cloud-init.target',
    'cloud-init-main.service',
    'cloud-init-network.service',
  ),
  'etc/default/grub.d/50-cloudimg-settings.cfg': 'GRUB_CMDLINE_LINUX_DEFAULT="console=tty1 console=ttyS0"\n',
};

/** RHEL and its kin: presets and a machine-id of the first boot, command lines in entries of their own. */
export const rhel: Files = {
  bin: link('usr/bin'),
  sbin: link('usr/sbin'),
  lib: link('usr/lib'),
  'etc/os-release':
    'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\nPRETTY_NAME="Rocky Linux 9.3 (Blue Onyx)"\n',
  'etc/fstab': 'UUID=e4e4e4e4-0000-4000-8000-000000000001 / xfs defaults 0 0\n',
  'etc/machine-id': 'uninitialized\n',
  'usr/bin/sh': program,
  'usr/sbin/sshd': program,
  'usr/sbin/resize2fs': program,
  'usr/bin/growpart': '#!/bin/sh\n',
  'usr/bin/cloud-init': '#!/usr/bin/python3\n',
  'etc/cloud/cloud.cfg': cloudConfig('cloud-user'),
  ...unitFiles('usr/lib/systemd/system', 'sshd.service', 'firewalld.service', ...stages),
  ...wanted('/usr/lib/systemd/system', 'cloud-init.target', ...stages),
  'usr/lib/systemd/system-preset/90-default.preset':
    '# comments\nenable sshd.service\nenable cloud-*\ndisable *\n',
  'etc/sysconfig/network-scripts/ifcfg-eth0': 'DEVICE=eth0\nBOOTPROTO=dhcp\n',
  'boot/grub2/grub.cfg': 'load_env\nset default="$saved_entry"\ninsmod blscfg\nblscfg\n',
  'boot/grub2/grubenv':
    '# GRUB Environment Block\nsaved_entry=aa-5.14.0-362.el9.x86_64\nkernelopts=root=UUID=1 ro console=ttyS0,115200n8\n####\n',
  'boot/loader/entries/aa-5.14.0-362.el9.x86_64.conf':
    'title Rocky Linux (5.14.0-362)\nversion 5.14.0-362.el9.x86_64\nlinux /vmlinuz-5.14.0-362\noptions $kernelopts $tuned_params\n',
  'boot/loader/entries/aa-0-rescue.conf':
    'title Rescue\nversion 0-rescue\nlinux /vmlinuz-0-rescue\noptions root=UUID=1\n',
};

/** SUSE: configuration of vendors in /usr/etc, grub2 with command lines. */
export const suse: Files = {
  ...changed(rhel, {
    'etc/sysconfig/network-scripts/ifcfg-eth0': undefined,
    'boot/grub2/grubenv': undefined,
    'boot/loader/entries/aa-5.14.0-362.el9.x86_64.conf': undefined,
    'boot/loader/entries/aa-0-rescue.conf': undefined,
  }),
  'etc/os-release':
    'ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"\nPRETTY_NAME="openSUSE Leap 15.6"\n',
  'etc/sysconfig/network/ifcfg-eth0': "BOOTPROTO='dhcp'\nSTARTMODE='auto'\n",
  'usr/etc/ssh/sshd_config': 'UsePAM yes\n',
  ...unitFiles('usr/lib/systemd/system', 'SuSEfirewall2.service'),
  'boot/grub2/grub.cfg':
    'set extra="console=ttyS0,115200"\nmenuentry \'openSUSE\' {\n  linux /boot/vmlinuz root=UUID=1 $extra_cmdline \u0024{extra}\n}\n',
};

/** Alpine: OpenRC, extlinux, no merged /usr and no partition table. */
export const alpine: Files = {
  'etc/os-release': 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.0\nPRETTY_NAME="Alpine Linux v3.20"\n',
  'etc/fstab': 'LABEL=/ / ext4 rw,relatime 0 1\n',
  'bin/busybox': program,
  'bin/sh': link('/bin/busybox'),
  'usr/sbin/sshd': program,
  'usr/sbin/resize2fs': program,
  'usr/bin/growpart': '#!/bin/sh\n',
  'usr/bin/cloud-init': '#!/usr/bin/python3\n',
  'etc/cloud/cloud.cfg': cloudConfig('alpine', 'datasource_list: ["OpenStack", "None"]'),
  'etc/init.d/sshd': '#!/sbin/openrc-run\n',
  'etc/runlevels/default/sshd': link('/etc/init.d/sshd'),
  ...Object.fromEntries(
    ['cloud-init-local', 'cloud-init', 'cloud-config', 'cloud-final'].flatMap((name) => [
      [`etc/init.d/${name}`, '#!/sbin/openrc-run\n'],
      [`etc/runlevels/default/${name}`, link(`/etc/init.d/${name}`)],
    ]),
  ),
  'etc/network/interfaces': 'auto eth0\niface eth0 inet dhcp\n',
  'boot/extlinux.conf':
    'DEFAULT virt\nLABEL lts\n  APPEND root=LABEL=/\nLABEL virt\n  LINUX vmlinuz-virt\n  APPEND root=LABEL=/ console=ttyS0,115200n8\n',
};

/** What CirrOS unpacks at its first boot. */
export const cirrosInitramfs: Files = {
  'etc/cirros/version': '0.6.2\n',
  'etc/os-release': 'ID=buildroot\nPRETTY_NAME="Buildroot"\n',
  'etc/cirros-init/config': 'DATASOURCE_LIST="nocloud configdrive ec2"\n',
  'etc/rc3.d/S50-dropbear': link('../init.d/dropbear'),
  'etc/init.d/dropbear': '#!/bin/sh\n',
  'usr/sbin/dropbear': program,
  'bin/busybox': program,
  'usr/bin/growpart': '#!/bin/sh\n',
  'sbin/resize2fs': program,
};

/** CirrOS: a root that is empty but for what boots. */
export const cirros: Files = {
  'boot/vmlinuz-5.15': 'kernel',
  'boot/initrd.img-5.15': cpio(cirrosInitramfs),
  'boot/grub/grub.cfg':
    "menuentry 'cirros' {\n linux /boot/vmlinuz-5.15 root=LABEL=cirros-rootfs console=tty1 console=ttyS0\n}\n",
};

/** A change to what CirrOS unpacks. */
export const cirrosWith = (change: Change): Change => ({
  'boot/initrd.img-5.15': cpio(changed(cirrosInitramfs, change)),
});
