import { link } from '../support/ext4.ts';
import { alpine, type Case, cirros, cirrosWith, debian, rhel, suse } from '../support/trees.ts';

/** What is wrong with the services that run, or do not. */
export const badServices: readonly Case[] = [
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
  [
    'a socket whose service is masked',
    debian,
    {
      'etc/systemd/system/ssh.service': link('/dev/null'),
      'etc/systemd/system/sockets.target.wants/ssh.socket': link('/lib/systemd/system/ssh.socket'),
    },
    'ssh-server',
    /^fail .*masked/,
  ],
  [
    'another name of what is masked',
    debian,
    {
      'etc/systemd/system/ssh.service': link('/dev/null'),
      'etc/systemd/system/sshd.service': link('/lib/systemd/system/ssh.service'),
      'etc/systemd/system/multi-user.target.wants/sshd.service': link('/lib/systemd/system/ssh.service'),
    },
    'ssh-server',
    /^fail .*masked/,
  ],
  [
    'sshd masked by an empty file',
    rhel,
    { 'etc/systemd/system/sshd.service': '' },
    'ssh-server',
    /^fail .*sshd\.service is masked/,
  ],
  [
    'a loopback',
    suse,
    { 'usr/etc/ssh/sshd_config': 'ListenAddress\t127.0.0.1\n' },
    'ssh-server',
    /^warn .*loopback/,
  ],
  [
    'CirrOS without dropbear',
    cirros,
    cirrosWith({ 'etc/rc3.d/S50-dropbear': undefined }),
    'ssh-server',
    /^fail .*dropbear is disabled/,
  ],
  [
    'shorewall',
    debian,
    {
      'usr/lib/systemd/system/shorewall.service': '[Service]\n',
      'etc/systemd/system/basic.target.wants/shorewall.service': link('x'),
    },
    'firewall',
    /^fail .*shorewall/,
  ],
  [
    'awall',
    alpine,
    { 'etc/awall/cloud.json': link('optional/cloud.json'), 'etc/awall/optional/cloud.json': '{}' },
    'firewall',
    /^fail .*awall/,
  ],
  [
    'iptables of RHEL',
    rhel,
    {
      'usr/lib/systemd/system/iptables.service': '[Service]\n',
      'etc/systemd/system/basic.target.wants/iptables.service': link('x'),
      'etc/sysconfig/iptables':
        '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j REJECT --reject-with icmp-host-prohibited\n',
    },
    'firewall',
    /^fail .*iptables:3/,
  ],
  [
    'rules that persist',
    debian,
    {
      'usr/lib/systemd/system/netfilter-persistent.service': '[Service]\n',
      'etc/systemd/system/multi-user.target.wants/netfilter-persistent.service': link('x'),
      'etc/iptables/rules.v6': '*filter\n:INPUT DROP [0:0]\n',
    },
    'firewall',
    /^fail .*rules\.v6:2/,
  ],
  [
    'nftables with a rule in a file that it includes',
    rhel,
    {
      'usr/lib/systemd/system/nftables.service': '[Service]\n',
      'etc/systemd/system/multi-user.target.wants/nftables.service': link('x'),
      'etc/sysconfig/nftables.conf': '# include "/etc/nftables/*.nft"\ninclude "/etc/nftables/in*.nft"\n',
      'etc/nftables/input.nft': 'chain input {\n type filter hook input priority 0;\n reject\n}\n',
    },
    'firewall',
    /^fail .*input\.nft:3/,
  ],
  [
    'nftables that forwards nothing',
    rhel,
    {
      'usr/lib/systemd/system/nftables.service': '[Service]\n',
      'etc/systemd/system/multi-user.target.wants/nftables.service': link('x'),
      'etc/sysconfig/nftables.conf':
        'chain forward {\n type filter hook forward priority 0; policy drop;\n}\nadd chain x input\naccept comment "drop it" # reject\n',
      'etc/nftables/router.nft': 'policy drop\n',
    },
    'firewall',
    /^warn .*block nothing/,
  ],
];
