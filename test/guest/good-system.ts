import { link } from '../support/ext4.ts';
import { alpine, type Case, debian, rhel, suse } from '../support/trees.ts';

const without = { 'usr/bin/cloud-init': undefined };
const runs = (unit: string) => ({
  [`usr/lib/systemd/system/${unit}`]: '[Install]\nWantedBy=multi-user.target\n',
  [`etc/systemd/system/multi-user.target.wants/${unit}`]: link(`/usr/lib/systemd/system/${unit}`),
});
const grows = { 'etc/fstab': 'LABEL=root / ext4 rw,x-systemd.growfs 0 1\n' };
const noSsh = { 'etc/systemd/system/multi-user.target.wants/ssh.service': undefined };
const socket = {
  ...noSsh,
  'etc/systemd/system/sockets.target.wants/ssh.socket': link('/lib/systemd/system/ssh.socket'),
};

/** Other ways than those of the trees themselves to be as good as an image has to be: disk, network and services. */
export const goodSystem: readonly Case[] = [
  [
    'growroot of initramfs-tools',
    debian,
    { ...without, ...grows, 'usr/share/initramfs-tools/hooks/growroot': '#!/bin/sh\n' },
    'resize-root',
    /^pass .*growroot of the initramfs grows partition 1; systemd-growfs grows its ext4/,
  ],
  [
    'growroot of dracut',
    rhel,
    { 'usr/bin/growpart': undefined, 'usr/lib/dracut/modules.d/50growroot/module-setup.sh': '#!' },
    'resize-root',
    /^pass .*growroot of the initramfs/,
  ],
  [
    'growroot.service of diskimage-builder',
    debian,
    { ...without, ...runs('growroot.service') },
    'resize-root',
    /^pass .*growroot\.service grows partition 1; growroot\.service grows its ext4/,
  ],
  [
    'systemd-repart',
    debian,
    {
      ...without,
      ...grows,
      'usr/bin/systemd-repart': 'x',
      'usr/lib/repart.d/50-root.conf': '[Partition]\nType=root\n',
    },
    'resize-root',
    /^pass .*systemd-repart/,
  ],
  [
    'a growroot-disabled that is ignored',
    debian,
    {
      'etc/growroot-disabled': '',
      'etc/cloud/cloud.cfg.d/99.cfg': 'growpart: {mode: auto, ignore_growroot_disabled: true}\n',
    },
    'resize-root',
    /^pass .*growpart grows partition 1; resizefs grows its ext4/,
  ],
  [
    'resizing in the background',
    suse,
    { 'etc/cloud/cloud.cfg.d/99.cfg': 'resize_rootfs: noblock\n' },
    'resize-root',
    /^pass/,
  ],
  [
    'tiny-cloud',
    alpine,
    { ...without, 'etc/init.d/tiny-cloud-boot': '#!', 'etc/runlevels/boot/tiny-cloud-boot': link('x') },
    'resize-root',
    /^pass .*tiny-cloud/,
  ],
  [
    'a generator that an empty file stands in for',
    debian,
    {
      'usr/lib/udev/rules.d/75-persistent-net-generator.rules': 'ACTION=="add"\n',
      'etc/udev/rules.d/75-persistent-net-generator.rules': '',
    },
    'mac-address',
    /^pass/,
  ],
  [
    'a generator that a link to nothing stands in for',
    suse,
    {
      'usr/lib/udev/rules.d/75-persistent-net-generator.rules': 'ACTION=="add"\n',
      'etc/udev/rules.d/75-persistent-net-generator.rules': link('/dev/null'),
    },
    'mac-address',
    /^pass/,
  ],
  [
    'addresses that are none of a card, or in comments',
    rhel,
    {
      'etc/sysconfig/network-scripts/ifcfg-br0': '#HWADDR=52:54:00:12:34:56\nMACADDR=00:00:00:00:00:00\n',
      'etc/NetworkManager/system-connections/a': '[ethernet]\ncloned-mac-address=random\n',
      'etc/netplan/a.yaml': 'network: {version: 2} # macaddress: 52:54:00:12:34:56\n',
      'etc/systemd/network/a.link': '[Match]\nMACAddress=01:00:5e:00:00:01\n',
      'etc/udev/rules.d/a.rules': 'ATTR{address}=="52:54:00:12:34:56", RUN+="x"\n',
    },
    'mac-address',
    /^pass/,
  ],
  ['a socket alone', debian, socket, 'ssh-server', /^pass .*ssh\.socket/],
  [
    'a socket whose service is masked, with a service for each connection',
    debian,
    {
      ...socket,
      'usr/lib/systemd/system/ssh.socket': '[Socket]\nAccept=yes\n',
      'etc/systemd/system/ssh.service': link('/dev/null'),
    },
    'ssh-server',
    /^pass .*ssh\.socket/,
  ],
  [
    'another name',
    debian,
    {
      ...noSsh,
      'etc/systemd/system/sshd.service': link('/lib/systemd/system/ssh.service'),
      'etc/systemd/system/multi-user.target.wants/sshd.service': link('/lib/systemd/system/ssh.service'),
    },
    'ssh-server',
    /^pass/,
  ],
  [
    'no preset at the first boot, which is as good as one',
    rhel,
    { 'usr/lib/systemd/system-preset/90-default.preset': 'enable cloud-*\n' },
    'ssh-server',
    /^pass .*sshd\.service is enabled/,
  ],
  [
    'a preset of one’s own',
    rhel,
    { 'etc/systemd/system-preset/90-default.preset': 'enable ssh?.service\ndisable *\n' },
    'ssh-server',
    /^pass .*etc\/systemd\/system-preset\/90-default\.preset:1/,
  ],
  [
    'dropbear of OpenRC, beside units that nothing reads',
    alpine,
    {
      'usr/sbin/sshd': undefined,
      'usr/sbin/dropbear': 'x',
      'usr/lib/systemd/system/dropbear.service': '[Service]\n',
      'etc/runlevels/default/dropbear': link('/etc/init.d/dropbear'),
    },
    'ssh-server',
    /^pass .*dropbear is enabled/,
  ],
  [
    'System V',
    debian,
    { 'usr/lib/systemd/system/ssh.service': undefined, ...noSsh, 'etc/rc2.d/S01ssh': link('../init.d/ssh') },
    'ssh-server',
    /^pass .*rc2\.d\/S01ssh/,
  ],
  [
    'other ports and addresses beside the usual ones',
    rhel,
    {
      'etc/ssh/sshd_config':
        'Port 2222\nport=22\nListenAddress 127.0.0.1\nListenAddress 0.0.0.0\nMatch User x\nPort 2\n',
    },
    'ssh-server',
    /^pass/,
  ],
  [
    'a firewall that is there, and off',
    rhel,
    {
      'etc/systemd/system/firewalld.service': link('/dev/null'),
      'usr/lib/systemd/system/iptables.service': '[Service]\n',
      'etc/sysconfig/iptables': ':INPUT DROP [0:0]\n',
    },
    'firewall',
    /^pass/,
  ],
];
