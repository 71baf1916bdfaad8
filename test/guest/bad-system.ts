import { link } from '../support/ext4.ts';
import { alpine, type Case, cirros, cirrosWith, debian, rhel, suse } from '../support/trees.ts';

/** What is wrong with what grows the root, and with the network. */
export const badSystem: readonly Case[] = [
  [
    'growpart missing',
    debian,
    { 'usr/bin/growpart': undefined },
    'resize-root',
    /^fail .*growpart is missing/,
  ],
  [
    'growpart off',
    debian,
    { 'etc/cloud/cloud.cfg.d/99.cfg': 'growpart: {mode: off}\n' },
    'resize-root',
    /^fail .*99\.cfg/,
  ],
  ['growroot disabled', debian, { 'etc/growroot-disabled': '' }, 'resize-root', /^fail .*growroot-disabled/],
  [
    'resize off',
    debian,
    { 'etc/cloud/cloud.cfg.d/99.cfg': 'resize_rootfs: no\n' },
    'resize-root',
    /^fail .*file system is switched off/,
  ],
  [
    'resize2fs missing',
    debian,
    { 'usr/sbin/resize2fs': undefined },
    'resize-root',
    /^fail .*resize2fs is missing/,
  ],
  ['no cloud-init', debian, { 'usr/bin/cloud-init': undefined }, 'resize-root', /^fail .*not installed/],
  [
    'udev rule',
    debian,
    {
      'etc/udev/rules.d/70-persistent-net.rules':
        '# eth0\nSUBSYSTEM=="net", ATTR{address}=="52:54:00:9a:3b:c7", NAME="eth0"\n',
    },
    'mac-address',
    /^fail .*70-persistent-net\.rules:2 /,
  ],
  [
    'netplan',
    debian,
    {
      'etc/netplan/01.yaml':
        'network:\n  ethernets:\n    eth0:\n      match: {macaddress: "52:54:00:12:34:56"}\n',
    },
    'mac-address',
    /^fail .*01\.yaml:4/,
  ],
  [
    'netplan of cloud-init',
    debian,
    {
      'etc/netplan/50-cloud-init.yaml': 'macaddress: 52:54:00:12:34:56\n',
      'var/lib/cloud/instance': link('instances/i'),
    },
    'mac-address',
    /^warn .*left over/,
  ],
  [
    'ifcfg of RHEL',
    rhel,
    { 'etc/sysconfig/network-scripts/ifcfg-eth0': 'DEVICE=eth0\nHWADDR="52:54:00:12:34:56"\n' },
    'mac-address',
    /^fail .*ifcfg-eth0:2/,
  ],
  [
    'MACADDR of RHEL',
    rhel,
    { 'etc/sysconfig/network-scripts/ifcfg-eth0': 'MACADDR=52:54:00:12:34:56\n' },
    'mac-address',
    /^fail/,
  ],
  [
    'ifcfg of SUSE',
    suse,
    { 'etc/sysconfig/network/ifcfg-eth0': "LLADDR='52:54:00:12:34:56'\n" },
    'mac-address',
    /^fail/,
  ],
  [
    'NetworkManager',
    rhel,
    {
      'etc/NetworkManager/system-connections/eth0.nmconnection':
        '[ethernet]\ncloned-mac-address=stable\nmac-address=52:54:00:12:34:56\n',
    },
    'mac-address',
    /^fail .*:3/,
  ],
  [
    'systemd',
    debian,
    { 'etc/systemd/network/10.link': '[Match]\nPermanentMACAddress=52:54:00:12:34:56\n' },
    'mac-address',
    /^fail/,
  ],
  [
    'interfaces',
    alpine,
    { 'etc/network/interfaces': 'iface eth0 inet dhcp\n  hwaddress ether 52:54:00:12:34:56\n' },
    'mac-address',
    /^fail .*interfaces:2/,
  ],
  [
    'a generator',
    debian,
    { 'usr/lib/udev/rules.d/75-persistent-net-generator.rules': 'ACTION=="add"\n' },
    'mac-address',
    /^warn/,
  ],
  [
    'growpart in no list of modules',
    debian,
    { 'etc/cloud/cloud.cfg.d/99.cfg': 'cloud_init_modules: [resizefs, ssh]\n' },
    'resize-root',
    /^fail .*does not run growpart/,
  ],
  [
    'resizefs in no list of modules',
    rhel,
    { 'etc/cloud/cloud.cfg.d/99.cfg': 'cloud_init_modules: [growpart, ssh]\n' },
    'resize-root',
    /^fail .*does not run resizefs/,
  ],
  [
    'growroot of the initramfs disabled',
    debian,
    {
      'usr/bin/cloud-init': undefined,
      'usr/share/initramfs-tools/hooks/growroot': '#!/bin/sh\n',
      'etc/growroot-disabled': '',
    },
    'resize-root',
    /^fail/,
  ],
  [
    'growroot of dracut, and nothing for the file system',
    rhel,
    { 'usr/bin/cloud-init': undefined, 'usr/lib/dracut/modules.d/50growroot/module-setup.sh': '#!' },
    'resize-root',
    /^fail .*not installed/,
  ],
  [
    'growroot.service not enabled',
    debian,
    { 'usr/bin/cloud-init': undefined, 'etc/systemd/system/growroot.service': '[Service]\n' },
    'resize-root',
    /^fail/,
  ],
  [
    'repart without the root',
    debian,
    {
      'usr/bin/growpart': undefined,
      'usr/bin/systemd-repart': 'x',
      'usr/lib/repart.d/home.conf': '[Partition]\nType=home\n',
    },
    'resize-root',
    /^fail .*growpart is missing/,
  ],
  ['growpart missing in Alpine', alpine, { 'usr/bin/growpart': undefined }, 'resize-root', /^fail/],
  [
    'growpart missing in CirrOS',
    cirros,
    cirrosWith({ 'usr/bin/growpart': undefined }),
    'resize-root',
    /^fail/,
  ],
  [
    'network of cloud-init',
    debian,
    {
      'etc/cloud/cloud.cfg.d/50-curtin-networking.cfg':
        'network:\n  version: 1\n  config:\n  - {type: physical, mac_address: "52:54:00:12:34:56"}\n',
    },
    'mac-address',
    /^fail .*networking\.cfg:4/,
  ],
  [
    'HWADDR of SUSE',
    suse,
    { 'etc/sysconfig/network/ifcfg-eth0': 'HWADDR=52:54:00:12:34:56\n' },
    'mac-address',
    /^fail/,
  ],
  [
    'interfaces.d',
    debian,
    { 'etc/network/interfaces.d/eth0': 'iface eth0 inet dhcp\n\thwaddress 52:54:00:12:34:56\n' },
    'mac-address',
    /^fail .*eth0:2/,
  ],
  [
    'a network of systemd',
    debian,
    { 'etc/systemd/network/eth.network': '[Link]\nMACAddress=52-54-00-12-34-56\n' },
    'mac-address',
    /^fail/,
  ],
  [
    'CirrOS with an address',
    cirros,
    cirrosWith({ 'etc/network/interfaces': 'iface eth0 inet dhcp\n hwaddress ether 52:54:00:12:34:56\n' }),
    'mac-address',
    /^fail/,
  ],
];
