import { link } from '../support/ext4.ts';
import { alpine, type Case, cirros, cirrosWith, debian, rhel, suse } from '../support/trees.ts';

const without = { 'usr/bin/cloud-init': undefined };
const runs = (unit: string) => ({
  [`usr/lib/systemd/system/${unit}`]: '[Install]\nWantedBy=multi-user.target\n',
  [`etc/systemd/system/multi-user.target.wants/${unit}`]: link(`/usr/lib/systemd/system/${unit}`),
});
const noGrub = { 'boot/grub/grub.cfg': undefined, 'etc/default/grub': undefined };

/** The same of what happens at the first boot, and of what the kernel is told. */
export const goodCloud: readonly Case[] = [
  [
    'no keys for one user alone',
    debian,
    { 'etc/ssh/sshd_config': 'PubkeyAuthentication yes\nMatch User x\n  PubkeyAuthentication no\n' },
    'ssh-key',
    /^pass .*debian/,
  ],
  [
    'a user in the old way',
    rhel,
    { 'etc/cloud/cloud.cfg': 'user: ec2-user\ncloud_init_modules: [ssh]\n' },
    'ssh-key',
    /^pass .*ec2-user/,
  ],
  [
    'users as words',
    rhel,
    { 'etc/cloud/cloud.cfg.d/9.cfg': 'users: default, bob\n' },
    'ssh-key',
    /^pass .*cloud-user/,
  ],
  [
    'Ignition and afterburn',
    rhel,
    {
      ...without,
      'usr/lib/dracut/modules.d/30ignition/x.sh': '',
      'usr/lib/systemd/system/afterburn-sshkeys@.service': '[Service]\n',
    },
    'ssh-key',
    /^pass .*Ignition and afterburn/,
  ],
  [
    'a key of tiny-cloud',
    alpine,
    { ...without, 'etc/init.d/tiny-cloud-main': '#!', 'etc/runlevels/default/tiny-cloud-main': link('x') },
    'ssh-key',
    /^pass .*tiny-cloud/,
  ],
  [
    'Ignition',
    rhel,
    { ...without, 'usr/lib/dracut/modules.d/30ignition/x.sh': '' },
    'user-data',
    /^pass .*Ignition/,
  ],
  [
    'services of cloud-init since 24.3',
    debian,
    {
      'etc/systemd/system/cloud-init.target.wants/cloud-init.service': undefined,
      'usr/lib/systemd/system/cloud-init.service': undefined,
      ...runs('cloud-init-main.service'),
      ...runs('cloud-init-network.service'),
    },
    'user-data',
    /^pass/,
  ],
  [
    'a data source that is fixed',
    suse,
    { 'etc/cloud/ds-identify.cfg': '# policy: disabled\ndatasource: OpenStack\n' },
    'user-data',
    /^pass .*fixed: OpenStack/,
  ],
  [
    'the last list of data sources',
    debian,
    {
      'etc/cloud/cloud.cfg.d/10.cfg': 'datasource_list: [ Azure ]\n',
      'etc/cloud/cloud.cfg.d/95.cfg': 'datasource_list: [ Ec2, ConfigDrive ]\n',
    },
    'user-data',
    /^pass .*ConfigDrive.*95\.cfg:1/,
  ],
  ['CirrOS from a drive', cirros, cirrosWith({ 'etc/cirros-init/config': 'x=1\n' }), 'user-data', /^pass/],
  [
    'options in the entry that is chosen',
    rhel,
    {
      'boot/grub2/grubenv': 'saved_entry=aa-1\n',
      'boot/loader/entries/aa-1.conf': 'title old\nversion 1\nlinux /a\noptions ro\noptions console=ttyS1\n',
    },
    'console-log',
    /^pass .*aa-1\.conf has console=ttyS1/,
  ],
  [
    'menu.lst',
    debian,
    {
      ...noGrub,
      'boot/grub/menu.lst': 'default 1\ntitle a\nkernel /a\ntitle b\nkernel /b console=ttyS0 console=tty0\n',
    },
    'console-log',
    /^pass .*menu\.lst has console=ttyS0; \/dev\/console is tty0/,
  ],
  [
    'menu.lst of another cloud beside GRUB 2',
    debian,
    { 'boot/grub/menu.lst': 'default 0\ntitle a\nkernel /a console=hvc0\n' },
    'console-log',
    /^pass/,
  ],
  [
    'the default of a menu of extlinux',
    alpine,
    {
      'boot/extlinux.conf':
        'DEFAULT menu.c32\nAPPEND quiet\nLABEL a\n MENU LABEL A\nLABEL b\n MENU DEFAULT\n APPEND console=ttyS0\n',
    },
    'console-log',
    /^pass .*extlinux\.conf:7/,
  ],
  [
    'options of extlinux for all labels',
    alpine,
    { 'boot/extlinux.conf': 'append console=ttyS0\nlabel a\n linux a\n' },
    'console-log',
    /^pass/,
  ],
  [
    'systemd-boot',
    debian,
    {
      ...noGrub,
      'efi/loader/loader.conf': 'default b-*\n',
      'efi/loader/entries/a-3.conf': 'title a\nlinux /a\noptions quiet\n',
      'efi/loader/entries/b-2.conf': 'title b\nlinux /b\noptions console=ttyS0\n',
    },
    'console-log',
    /^pass .*b-2\.conf/,
  ],
];
