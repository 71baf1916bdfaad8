import { describe, expect, it } from 'vitest';
import { memoryBytes } from '../../src/disk/file.ts';
import { requirements, resultOf } from '../../src/guest/check.ts';
import { guestOf } from '../../src/guest/guest.ts';
import { biosBoot } from '../support/disks.ts';
import { ext4, type Files, link } from '../support/ext4.ts';
import { divided, type Part } from '../support/guests.ts';
import { alpine, changed, cirros, debian, rhel, suse } from '../support/trees.ts';
import { badCloud } from './bad-cloud.ts';
import { badSystem } from './bad-system.ts';

/** What each check says of a disk: its verdict, and the first words of why. */
async function verdicts(disk: Buffer): Promise<Record<string, string>> {
  const { guest } = await guestOf(memoryBytes(disk));
  if (guest === undefined) throw new Error('no guest');
  const found: Record<string, string> = {};
  for (const check of requirements) {
    const { verdict, finding, evidence } = await resultOf(check, guest);
    found[check.id] = [verdict, finding, ...evidence].join(' | ');
  }
  return found;
}

const onDisk = (tree: Files, ...more: readonly Part[]) =>
  divided({ content: ext4(tree, { label: 'root' }) }, ...more);

describe.each([
  ['Debian', onDisk(debian)],
  ['RHEL', onDisk(rhel)],
  ['SUSE', onDisk(suse)],
  ['Alpine', ext4(alpine)],
  ['CirrOS', onDisk(cirros)],
])('an image like that of %s', (_name, disk) => {
  it('passes every check', async () => {
    const found = await verdicts(disk);
    expect(Object.entries(found).filter(([, text]) => !text.startsWith('pass'))).toEqual([]);
    expect(Object.keys(found)).toHaveLength(7);
  });
});

it.each([...badSystem, ...badCloud])('%s', async (_name, tree, change, check, expected) => {
  expect((await verdicts(onDisk(changed(tree, change))))[check]).toMatch(expected);
});

it('a partition behind the root is in its way, one before it is not', async () => {
  const swap = { content: Buffer.alloc(1 << 20) };
  expect((await verdicts(onDisk(debian, swap)))['resize-root']).toMatch(/^fail .*partition 2 stands behind/);
  const boot = divided({ content: Buffer.alloc(1 << 20), type: biosBoot }, { content: ext4(debian) });
  expect((await verdicts(boot))['resize-root']).toMatch(/^pass/);
});

it('services of other names and ways count', async () => {
  const socket = changed(debian, {
    'etc/systemd/system/multi-user.target.wants/ssh.service': undefined,
    'etc/systemd/system/sockets.target.wants/ssh.socket': link('/lib/systemd/system/ssh.socket'),
  });
  expect((await verdicts(onDisk(socket)))['ssh-server']).toMatch(/^pass .*ssh\.socket/);
  const alias = changed(debian, {
    'etc/systemd/system/multi-user.target.wants/ssh.service': undefined,
    'etc/systemd/system/sshd.service': link('/lib/systemd/system/ssh.service'),
    'etc/systemd/system/multi-user.target.wants/sshd.service': link('/lib/systemd/system/ssh.service'),
  });
  expect((await verdicts(onDisk(alias)))['ssh-server']).toMatch(/^pass/);
});
