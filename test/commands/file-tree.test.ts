import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { efiSystem } from '../support/disks.ts';
import { ext4, inUse, link } from '../support/ext4.ts';
import { fat } from '../support/fat.ts';
import { it as inFolder } from '../support/folder.ts';
import { divided } from '../support/guests.ts';
import { isoTree } from '../support/iso-tree.ts';
import { tglance } from '../support/tglance.ts';

const root = ext4(
  {
    'etc/os-release': 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    'etc/fstab': 'LABEL=EFI /boot/efi vfat defaults 0 1\n',
    'etc/issue': 'Debian \x1b[31m\\n\n',
    'boot/efi/': '',
    bin: link('usr/bin'),
    'usr/bin/sh': Buffer.alloc(1_500_000, 7),
  },
  { label: 'root' },
);

const it = inFolder.extend<{ image: string }>({
  image: async ({ path }, use) => {
    const file = path('disk.img');
    writeFileSync(
      file,
      divided({ content: root }, { content: fat({ 'EFI/BOOT/BOOTX64.EFI': 'MZ' }), type: efiSystem }),
    );
    await use(file);
  },
});

it('file-ls lists a directory of the guest', async ({ image }) => {
  const { out, code } = await tglance(['file-ls', image, '/', '-f', 'value']);
  expect({ out, code }).toEqual({ out: 'bin -> usr/bin\nboot\netc\nusr\n', code: 0 });
  expect((await tglance(['file-ls', image, '-f', 'value'])).out).toBe(out);
  expect((await tglance(['file-ls', image, 'bin/sh', '-f', 'value'])).out).toBe('sh\n');
});

it('file-ls --long shows what ls -l shows, and JSON has numbers', async ({ image }) => {
  const { out } = await tglance(['file-ls', image, '/usr/bin', '--long', '-f', 'value']);
  expect(out).toBe('-rw-r--r-- 0:0 1500000 2023-11-14T22:13:20Z sh\n');
  const json = await tglance(['file-ls', image, '/', '-f', 'json']);
  expect(JSON.parse(json.out)[0]).toEqual({
    name: 'bin',
    type: 'link',
    mode: '0777',
    uid: 0,
    gid: 0,
    size: 7,
    mtime: '2023-11-14T22:13:20Z',
    target: 'usr/bin',
  });
});

it('partitions are where the guest mounts them, or alone when one is asked for', async ({ image }) => {
  const mounted = await tglance(['file-cat', image, '/boot/efi/EFI/boot/bootx64.efi']);
  expect(mounted.out).toBe('MZ');
  const alone = await tglance(['file-ls', image, '--partition', '2', '-f', 'value']);
  expect(alone.out).toBe('EFI\n');
  const none = await tglance(['file-ls', image, '--partition', '7']);
  expect(none.err).toContain("There is no partition 7: 1 is ext4 'root', 2 is vfat 'EFI'");
  expect(none.code).toBe(2);
});

it('file-cat prints exactly the bytes of a file', async ({ image }) => {
  const { bytes, code } = await tglance(['file-cat', image, '/bin/sh']);
  expect(code).toBe(0);
  expect(bytes.equals(Buffer.alloc(1_500_000, 7))).toBe(true);
});

it('file-cat shows a terminal only what it cannot act on', async ({ image }) => {
  const harmful = await tglance(['file-cat', image, '/etc/issue'], { terminal: 80 });
  expect(harmful).toMatchObject({ code: 2, out: '' });
  expect(harmful.err).toContain('not plain text');
  expect((await tglance(['file-cat', image, '/etc/issue'])).out).toContain('\x1b[31m');
  const plain = await tglance(['file-cat', image, '/etc/fstab'], { terminal: 80 });
  expect(plain.out).toBe('LABEL=EFI /boot/efi vfat defaults 0 1\n');
});

it('what is not there is named, and what is there instead', async ({ image }) => {
  const slip = await tglance(['file-cat', image, '/etc/os-relase']);
  expect(slip).toMatchObject({ code: 4, err: 'There is no /etc/os-relase (Did you mean os-release?)\n' });
  const other = await tglance(['file-ls', image, '/usr/local']);
  expect(other.err).toBe('There is no /usr/local; there are: bin\n');
  const directory = await tglance(['file-cat', image, '/etc']);
  expect(directory.err).toContain('/etc is a directory');
});

it('an image without files says so, and a damaged one that it is damaged', async ({ path }) => {
  writeFileSync(path('empty.img'), Buffer.alloc(1 << 20));
  expect((await tglance(['file-ls', path('empty.img')])).err).toContain('No operating system is found on it');
  const damaged = Buffer.from(root);
  damaged.write('xxxx', 1024 + 200);
  writeFileSync(path('damaged.img'), damaged);
  const { err, code } = await tglance(['file-ls', path('damaged.img')]);
  expect({ err, code }).toEqual({
    err: 'The ext4 file system is damaged: the checksum of its superblock is wrong\n',
    code: 7,
  });
  expect((await tglance(['file-ls', path('missing.img')])).code).toBe(2);
});

it('a directory that the kernel indexed is read, whose root still ends like a leaf', async ({ path }) => {
  const names = Array.from({ length: 300 }, (_, index) => `some-file-name-${index + 1}`).sort();
  const files = Object.fromEntries(names.map((name) => [`d/${name}`, '']));
  writeFileSync(path('hashed.img'), ext4(files, { hashed: true }));
  const { out, code } = await tglance(['file-ls', path('hashed.img'), '/d', '-f', 'value']);
  expect({ out, code }).toEqual({ out: `${names.join('\n')}\n`, code: 0 });
});

it('a directory whose index has a wrong checksum is damaged', async ({ path }) => {
  const image = ext4({ 'd/name': '' }, { hashed: true });
  const pairs = image.indexOf(Buffer.from('fb01010001000000', 'hex'));
  image.writeUInt32LE(2, pairs + 4);
  writeFileSync(path('hashed.img'), image);
  const { err, code } = await tglance(['file-ls', path('hashed.img'), '/d']);
  expect(err).toContain('damaged: the checksum of a block of its directory is wrong');
  expect(code).toBe(7);
});

it('a file whose size goes beyond what it has inline ends with zeros', async ({ path }) => {
  const image = ext4({ a: '' });
  const [withoutSums, inlineData, inlineInode] = [0, 0x8042, 0x1000_0000];
  image.writeUInt32LE(withoutSums, 1024 + 100);
  image.writeUInt32LE(inlineData, 1024 + 96);
  const inode = 4 * 4096 + 10 * 256;
  image.writeUInt32LE(300, inode + 4);
  image.writeUInt32LE(inlineInode, inode + 32);
  image.fill(0, inode + 40, inode + 100).write('short', inode + 40);
  writeFileSync(path('inline.img'), image);
  const { bytes, code } = await tglance(['file-cat', path('inline.img'), '/a']);
  expect(code).toBe(0);
  expect(bytes.equals(Buffer.concat([Buffer.from('short'), Buffer.alloc(295)]))).toBe(true);
});

it('whoever looks into a file system that was not unmounted is told that its journal is not read', async ({
  path,
}) => {
  writeFileSync(path('used.img'), divided({ content: inUse(root) }, { content: ext4({ other: 'x' }) }));
  const note = 'partition 1: It was not unmounted: its newest changes are in its journal, and not seen';
  const listed = await tglance(['file-ls', path('used.img'), '/usr', '-f', 'value']);
  expect(listed).toMatchObject({ out: 'bin\n', err: `${note}\n`, code: 0 });
  expect((await tglance(['file-cat', path('used.img'), '/etc/os-release'])).err).toBe(`${note}\n`);
  expect((await tglance(['file-ls', path('used.img'), '--partition', '2'])).err).toBe('');
  const { out } = await tglance(['file-inspect', path('used.img'), '-f', 'json']);
  expect(JSON.parse(out).notes).toEqual([note]);
});

it('a link that leads nowhere or back to itself is called that, and not missing', async ({ path }) => {
  const links = { dang: link('/gone'), round: link('around'), around: link('./round/x'), ok: link('a') };
  writeFileSync(path('links.img'), ext4({ a: 'x', ...links }));
  const said = async (command: string, at: string) => {
    const { err, code } = await tglance([command, path('links.img'), at]);
    return [code, err];
  };
  for (const command of ['file-cat', 'file-ls']) {
    expect(await said(command, '/dang')).toEqual([4, '/dang is a link that leads nowhere: to /gone\n']);
    expect(await said(command, '/dang/x')).toEqual([4, '/dang is a link that leads nowhere: to /gone\n']);
    expect(await said(command, 'round')).toEqual([
      4,
      '/round is a link that leads back to itself: to around\n',
    ]);
  }
  expect((await tglance(['file-cat', path('links.img'), '/ok'])).out).toBe('x');
  expect((await said('file-cat', '/dan'))[1]).toContain('There is no /dan (Did you mean dang?)');
});

it('the files of a CD that is a disk as well are those of the CD, whatever its partitions are', async ({
  path,
}) => {
  const disk = divided({ content: fat({ 'EFI/BOOT/BOOTX64.EFI': 'MZ' }), type: efiSystem });
  isoTree().copy(disk, 32768, 32768);
  writeFileSync(path('hybrid.iso'), disk);
  const ls = (...more: string[]) => tglance(['file-ls', path('hybrid.iso'), '-f', 'value', ...more]);
  expect(await ls()).toMatchObject({ out: 'a link -> etc/os-release\netc\n', code: 0 });
  expect(await ls('--partition', '1')).toMatchObject({ out: 'EFI\n', code: 0 });
  const { out } = await tglance(['file-cat', path('hybrid.iso'), '/etc/os-release']);
  expect(out).toBe('ID=iso\n');
});
