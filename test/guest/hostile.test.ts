import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { Bytes } from '../../src/disk/bytes.ts';
import { memoryBytes } from '../../src/disk/file.ts';
import { Unread } from '../../src/errors.ts';
import { bootOf } from '../../src/guest/boot.ts';
import { requirements, resultOf } from '../../src/guest/check.ts';
import { openInitramfs } from '../../src/guest/cpio.ts';
import { openExt } from '../../src/guest/ext.ts';
import { guestOf } from '../../src/guest/guest.ts';
import { parseMetadata } from '../../src/guest/lvm-metadata.ts';
import { treeOf } from '../../src/guest/tree.ts';
import { ext4, type Files } from '../support/ext4.ts';
import { cpio } from '../support/guests.ts';
import { withoutSums } from '../support/subjects.ts';
import { changed, debian } from '../support/trees.ts';
import { watched } from '../support/watch.ts';

const MiB = 1024 * 1024;

/** Reads what somebody made who wants the reader to run out of memory or time; gives what came of it. */
async function outcome<T>(image: Buffer, act: (file: Bytes) => Promise<T>): Promise<T | Error> {
  const file = watched(memoryBytes(image));
  const found = await act(file).catch((error: Error) => error);
  expect(file.most()).toBeLessThan(100 * MiB);
  return found;
}

const verdicts = async (file: Bytes) => {
  const { guest } = await guestOf(file);
  if (guest === undefined) throw new Error('no guest');
  const all: [string, string][] = [];
  for (const check of requirements) {
    const { id, verdict, finding } = await resultOf(check, guest);
    if (verdict !== 'pass') all.push([id, `${verdict}: ${finding}`]);
  }
  return Object.fromEntries(all);
};

const withFile = (path: string, content: string): Buffer => ext4(changed(debian, { [path]: content }));

it('a variable of GRUB that holds another one many times is cut', async () => {
  const bomb = ['a', 'b', 'c', 'd', 'e', 'f'].map(
    (name, at, all) => `set ${name}=${`$${all[at - 1] ?? 'x'}`.repeat(2000)}`,
  );
  const image = withFile(
    'boot/grub/grub.cfg',
    `set x=laughs\n${bomb.join('\n')}\nlinux /vmlinuz $f console=ttyS0\n`,
  );
  const boot = await outcome(image, async (file) => bootOf((await guestOf(file)).guest as never));
  expect(boot).toMatchObject({ defaults: [{ path: '/boot/grub/grub.cfg' }] });
});

it.each([
  [
    'etc/ssh/sshd_config',
    '\n'.repeat(3 * MiB),
    'ssh-server',
    '/etc/ssh/sshd_config has more than 100000 lines',
  ],
  ['etc/netplan/50.yaml', 'a\n'.repeat(150_000), 'mac-address', 'more than 100000 lines'],
  ['etc/ufw/ufw.conf', 'x'.repeat(5 * MiB), 'firewall', 'which is too much to be read'],
  ['etc/cloud/cloud.cfg', '[ '.repeat(100_000), 'user-data', 'more YAML than is read'],
  ['etc/cloud/cloud.cfg', '&a '.repeat(10_000), 'user-data', 'is not YAML'],
])('%s without an end makes a verdict unknown, and nothing worse', async (path, content, check, words) => {
  const found = await outcome(withFile(path, content), verdicts);
  expect(found).toMatchObject({ [check]: expect.stringMatching(`^unknown: .*${words}`) });
});

it('lines that expressions take long over are gone through', async () => {
  const spaces = ' '.repeat(300_000);
  const image = ext4(
    changed(debian, {
      'etc/os-release': `ID=debian\nPRETTY_NAME=x${spaces}y\nB=${spaces}#${spaces}z\n`,
      'etc/udev/rules.d/1.rules': `${'NAME '.repeat(800)}\n`.repeat(200),
    }),
  );
  expect(await outcome(image, verdicts)).toEqual({});
});

it('a description of LVM that is one long quotation is refused', () => {
  expect(() => parseMetadata(`a = "${'\\"'.repeat(250_000)}`)).not.toThrow();
  expect(() => parseMetadata(`"${'\\"'.repeat(250_000)}`)).toThrow('is damaged');
});

it.each([
  ['unpacks to very much', gzipSync(Buffer.alloc(40 * MiB)), 'unpacks to more than'],
  ['has very deep directories', deep(100), 'has more than 50000 files'],
  ['has very many files', cpio(many(60_000)), 'has more than 50000 files'],
])('an initramfs that %s is not read', async (_what, image, words) => {
  const found = await outcome(image, openInitramfs);
  expect(found).toBeInstanceOf(Unread);
  expect(String(found)).toContain(words);
});

function deep(count: number): Buffer {
  return cpio(many(count, '/d'.repeat(1000)));
}

function many(count: number, below = ''): Files {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}${below}`, '']));
}

it('tables of pieces that name each other without an end are refused', async () => {
  const [block, levels] = [4096, 5];
  const image = withoutSums(ext4({ file: Buffer.alloc(levels * block, 'x') }));
  const inode = image.subarray(4 * block + 10 * 256);
  const first = inode.readUInt32LE(60);
  const putNode = (node: Buffer, depth: number, entries: number, child: number) => {
    node.fill(0);
    node.writeUInt16LE(0xf30a, 0);
    node.writeUInt16LE(entries, 2);
    node.writeUInt16LE(entries, 4);
    node.writeUInt16LE(depth, 6);
    for (let index = 0; index < entries; index += 1) node.writeUInt32LE(child, 12 + index * 12 + 4);
  };
  putNode(inode.subarray(40, 100), levels, 4, first);
  for (let level = 0; level < levels; level += 1) {
    const at = (first + level) * block;
    const depth = levels - 1 - level;
    putNode(image.subarray(at, at + block), depth, depth === 0 ? 0 : 340, first + level + 1);
  }
  const found = await outcome(image, async (file) => {
    const files = await openExt(file);
    return files && treeOf(await files.root(), files).text('/file');
  });
  expect(String(found)).toContain('its pieces are in more than 20000 tables');
});
