import { describe, expect, it } from 'vitest';
import { memoryBytes } from '../../src/disk/file.ts';
import { requirements, resultOf } from '../../src/guest/check.ts';
import { guestOf } from '../../src/guest/guest.ts';
import { biosBoot, putMbr } from '../support/disks.ts';
import { ext4, type Files } from '../support/ext4.ts';
import { divided, type Part } from '../support/guests.ts';
import { alpine, changed, cirros, debian, elf, rhel, suse, ubuntu } from '../support/trees.ts';
import { badCloud } from './bad-cloud.ts';
import { badServices } from './bad-services.ts';
import { badSystem } from './bad-system.ts';
import { goodCloud } from './good-cloud.ts';
import { goodSystem } from './good-system.ts';

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
  ['Ubuntu', onDisk(ubuntu)],
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

describe.each([
  ['bad', [...badSystem, ...badServices, ...badCloud]],
  ['good', [...goodSystem, ...goodCloud]],
])('%s:', (_kind, cases) => {
  it.each(cases)('%s', async (_name, tree, change, check, says) => {
    expect((await verdicts(onDisk(changed(tree, change))))[check]).toMatch(says);
  });
});

const grub = (options: string) => ({ 'boot/grub/grub.cfg': `linux /vmlinuz ${options}\n` });

it.each([
  ['x86_64', elf(62), 'ttyS0', 'hvc0'],
  ['aarch64', elf(183), 'ttyAMA0', 'tty1'],
  ['armv7l', elf(40), 'ttyS2', 'hvc0'],
  ['ppc64le', elf(21), 'hvc0', 'ttyS0'],
  ['s390x', elf(22, 'BE'), 'ttysclp0', 'hvc0'],
  ['riscv64', elf(243), 'ttyS0', 'ttyAMA0'],
])('the console of %s is its own', async (_name, program, right, wrong) => {
  const said = async (options: string) =>
    (await verdicts(onDisk(changed(debian, { 'usr/bin/sh': program, ...grub(options) }))))['console-log'];
  expect(await said(`console=${right},115200`)).toMatch(/^pass/);
  expect(await said(`quiet console=${wrong}`)).toMatch(/^fail/);
});

it('a partition behind the root is in its way, one before it is not', async () => {
  const swap = { content: Buffer.alloc(1 << 20) };
  expect((await verdicts(onDisk(debian, swap)))['resize-root']).toMatch(/^fail .*partition 2 stands behind/);
  const boot = divided({ content: Buffer.alloc(1 << 20), type: biosBoot }, { content: ext4(debian) });
  expect((await verdicts(boot))['resize-root']).toMatch(/^pass/);

  const above = divided({ content: ext4(cirros) }, swap);
  expect((await verdicts(above))['resize-root']).toMatch(/^fail .*partition 2 stands behind/);
});

it('a root in a logical partition cannot grow', async () => {
  const root = ext4(debian);
  const sectors = root.length / 512;
  const disk = Buffer.concat([Buffer.alloc(2049 * 512), root]);
  putMbr(disk, [{ start: 2048, sectors: sectors + 1, type: 5 }]);
  putMbr(disk.subarray(2048 * 512), [{ start: 1, sectors, type: 0x83 }]);
  expect((await verdicts(disk))['resize-root']).toMatch(/^fail .*partition 5 is a logical one/);
});
