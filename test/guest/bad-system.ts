import { type Files, link } from '../support/ext4.ts';
import { alpine, type Change, debian, rhel, suse } from '../support/trees.ts';

/** What makes an image of a distribution bad: its name, its tree and the change; the check that finds it, and its words. */
export type Bad = readonly (readonly [string, Files, Change, string, RegExp])[];

/** What is wrong with the disk, the network and the services. */
export const badSystem: Bad = [
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
  ['no sshd', debian, { 'usr/sbin/sshd': undefined }, 'ssh-server', /^fail .*no ssh server/],
  [
    'sshd not enabled',
    debian,
    { 'etc/systemd/system/multi-user.target.wants/ssh.service': undefined },
    'ssh-server',
    /^fail .*is disabled/,
  ],
  [
    'sshd masked',
    debian,
    { 'etc/systemd/system/ssh.service': link('/dev/null'), 'usr/lib/systemd/system/ssh.socket': undefined },
    'ssh-server',
    /^fail .*masked/,
  ],
  [
    'sshd off by preset',
    rhel,
    { 'usr/lib/systemd/system-preset/90-default.preset': 'disable *\nenable sshd.service\n' },
    'ssh-server',
    /^fail/,
  ],
  ['presets without a first boot', rhel, { 'etc/machine-id': '' }, 'ssh-server', /^fail/],
  [
    'sshd without a runlevel',
    alpine,
    { 'etc/runlevels/default/sshd': undefined },
    'ssh-server',
    /^fail .*disabled/,
  ],
  ['sshd not to be run', debian, { 'etc/ssh/sshd_not_to_be_run': '' }, 'ssh-server', /^fail/],
  [
    'another port',
    debian,
    { 'etc/ssh/sshd_config.d/port.conf': 'Port 2222\n' },
    'ssh-server',
    /^warn .*2222/,
  ],
  ['ufw', debian, { 'etc/ufw/ufw.conf': '# x\nENABLED=yes\n' }, 'firewall', /^fail .*ufw\.conf:2/],
  [
    'firewalld',
    rhel,
    {
      'etc/systemd/system/multi-user.target.wants/firewalld.service': link(
        '/usr/lib/systemd/system/firewalld.service',
      ),
    },
    'firewall',
    /^fail .*firewalld/,
  ],
  [
    'SuSEfirewall2',
    suse,
    { 'etc/systemd/system/multi-user.target.wants/SuSEfirewall2.service': link('x') },
    'firewall',
    /^fail/,
  ],
  [
    'nftables that blocks',
    debian,
    {
      'etc/systemd/system/sysinit.target.wants/nftables.service': link('x'),
      'etc/nftables.conf':
        'table inet f {\n chain i { type filter hook input priority 0; policy drop; }\n}\n',
    },
    'firewall',
    /^fail .*nftables\.conf:2/,
  ],
  [
    'nftables that does not',
    debian,
    { 'etc/systemd/system/sysinit.target.wants/nftables.service': link('x') },
    'firewall',
    /^warn .*block nothing/,
  ],
  [
    'iptables of Alpine',
    alpine,
    {
      'etc/init.d/iptables': '#!',
      'etc/runlevels/default/iptables': link('/etc/init.d/iptables'),
      'etc/iptables/rules-save': '*filter\n:INPUT DROP [0:0]\nCOMMIT\n',
    },
    'firewall',
    /^fail .*rules-save:2/,
  ],
];
