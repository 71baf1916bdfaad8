import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readAt } from '../../src/disk/bytes.ts';
import { memoryBytes } from '../../src/disk/file.ts';
import { DiskError } from '../../src/errors.ts';
import { openInitramfs } from '../../src/guest/cpio.ts';
import { openExt } from '../../src/guest/ext.ts';
import { openFat } from '../../src/guest/fat.ts';
import type { FileSystem } from '../../src/guest/file-system.ts';
import { treeOf } from '../../src/guest/tree.ts';
import { openXfs } from '../../src/guest/xfs.ts';
import { ext4, type Files, link } from '../support/ext4.ts';
import { fat } from '../support/fat.ts';
import { cpio } from '../support/guests.ts';
import { xfs } from '../support/xfs.ts';

const files: Files = {
  'etc/os-release': 'ID=debian\n',
  'usr/lib/systemd/system/ssh.service': '[Unit]\n',
  'usr/lib/big': Buffer.alloc(70_000, 'abc'),
  'empty/': '',
  nothing: '',
};

const links: Files = {
  lib: link('usr/lib'),
  'etc/alias': link('/lib/systemd/../big'),
  'etc/far': link(`/${'x/'.repeat(100)}`),
  'etc/round': link('round'),
  'etc/up': link('../../../../etc/os-release'),
};

const open = {
  ext4: async () => openExt(memoryBytes(ext4({ ...files, ...links }, { label: 'root' }))),
  vfat: async () => openFat(memoryBytes(fat(files))),
  initramfs: async () => openInitramfs(memoryBytes(gzipSync(cpio({ ...files, ...links })))),
};

it.each(Object.entries(open))('reads every file of %s', async (kind, opened) => {
  const found = await opened();
  expect(found?.kind).toBe(kind);
  const tree = treeOf(...(await rootOf(found)));
  for (const [path, content] of Object.entries(files)) {
    if (path.endsWith('/')) continue;
    const place = await tree.at(path);
    const read = await place?.node.content();
    expect(read && (await readAt(read, 0, read.size))).toEqual(Buffer.from(content as string));
  }
  expect(await tree.names('/usr/lib')).toEqual(['big', 'systemd']);
  expect(await tree.at('/usr/lib/missing')).toBeUndefined();
});

async function rootOf(found: FileSystem | undefined) {
  if (found === undefined) throw new Error('no file system');
  return [await found.root(), found] as const;
}

it.each([
  ['ext4', open.ext4],
  ['initramfs', open.initramfs],
] as const)('links of %s lead where the guest has them lead, and never out of it', async (_kind, opened) => {
  const tree = treeOf(...(await rootOf(await opened())));
  expect((await tree.at('/lib/systemd/system'))?.path).toBe('/usr/lib/systemd/system');
  expect((await tree.at('/etc/alias'))?.path).toBe('/usr/lib/big');
  expect((await tree.at('/etc/up'))?.path).toBe('/etc/os-release');
  expect(await tree.at('/etc/round')).toBeUndefined();
  expect(await tree.at('/etc/far')).toBeUndefined();
  expect((await tree.at('/etc/far', { follow: false }))?.node.kind).toBe('link');
});

it('a FAT file system finds names in any case', async () => {
  const tree = treeOf(...(await rootOf(await open.vfat())));
  expect((await tree.at('/ETC/Os-Release'))?.node.size).toBe(10);
});

it('a file of XFS in a hundred pieces is put together, holes and all', async () => {
  const pieces = Array.from({ length: 100 }, (_, index) => Buffer.alloc(4096, index + 1));
  const sound = xfs(pieces);
  const read = async (image: Buffer) => {
    const found = await openXfs(memoryBytes(image));
    const content = await (await treeOf(...(await rootOf(found))).at('/scattered'))?.node.content();
    return content && readAt(content, 0, content.size);
  };
  const hole = Buffer.alloc(10 * 4096);
  expect(await read(sound)).toEqual(Buffer.concat([...pieces.slice(0, 5), hole, ...pieces.slice(5)]));
  for (const at of [10, 11, 12]) {
    const changed = Buffer.from(sound);
    changed[at * 4096 + 80] = 0x77;
    await expect(read(changed)).rejects.toThrow('the checksum of its extents is wrong');
  }
});

it('whatever changes in the metadata of ext4 is told, and hides no file', async () => {
  const sound = ext4(files, {});
  const metadata = sound.indexOf('[Unit]\n');
  for (let at = 1024; at < metadata; at += 37) {
    const changed = Buffer.from(sound);
    changed[at] = (changed[at] ?? 0) ^ 0x10;
    const found = await contentOf(changed).catch((error: unknown) => error);
    expect(found instanceof DiskError || found === '[Unit]\n', `byte ${at}: ${found}`).toBe(true);
  }
});

async function contentOf(image: Buffer): Promise<string | undefined> {
  const found = await openExt(memoryBytes(image));
  // the mark itself was hit: what is no file system has no files either
  if (found === undefined) throw new DiskError('not recognised');
  return treeOf(await found.root(), found).text('/usr/lib/systemd/system/ssh.service');
}
