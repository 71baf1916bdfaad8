import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { openExt } from '../../src/guest/ext.ts';
import { openFat } from '../../src/guest/fat.ts';
import { openIso } from '../../src/guest/iso.ts';
import { openXfs } from '../../src/guest/xfs.ts';
import { it as inFolder } from '../support/folder.ts';
import { inImage, makeTree, onHost, ordered, protofile, tool, withFiles } from './support/file-systems.ts';

const it = inFolder.extend<{ tree: string; image: (mebibytes: number) => string }>({
  tree: async ({ path }, use) => {
    mkdirSync(path('tree'));
    makeTree(path('tree'));
    await use(path('tree'));
  },
  image: async ({ path }, use) => {
    await use((mebibytes) => {
      writeFileSync(path('disk.img'), '');
      truncateSync(path('disk.img'), mebibytes * 2 ** 20);
      return path('disk.img');
    });
  },
});

describe('ext2, ext3 and ext4 have every file that mkfs put there', () => {
  it.for([
    'mkfs.ext4',
    'mkfs.ext4 -b 1024 -O inline_data,meta_bg,^resize_inode',
    'mkfs.ext4 -I 1024 -O inline_data,metadata_csum_seed',
    'mkfs.ext4 -O ^64bit,^metadata_csum,^extents',
    'mkfs.ext4 -O bigalloc,large_dir',
    'mkfs.ext4 -O sparse_super2,encrypt,casefold,quota,project',
    'mkfs.ext4 -g 256 -b 1024 -O meta_bg,^resize_inode,^sparse_super',
    'mkfs.ext4 -O ^metadata_csum,uninit_bg',
    'mkfs.ext3',
    'mkfs.ext2 -I 128',
    'mkfs.ext2 -b 1024 -r 0',
  ])('%s', async (line, { tree, image }) => {
    const [mkfs = '', ...words] = line.split(' ');
    const kind = mkfs.slice('mkfs.'.length);
    const file = image(96);
    tool(mkfs, '-q', '-F', '-L', 'a label', '-d', tree, ...words, file);
    const seen = await withFiles(file, openExt, async (files) => {
      expect(files).toMatchObject({ kind, label: 'a label', needsReplay: false });
      expect(tool('blkid', '-o', 'value', '-s', 'UUID', file).trim()).toBe(files.uuid);
      return inImage(await files.root());
    });
    expect(ordered(seen)).toEqual(ordered(onHost(tree)));
  });

  it('also when directories are hashed', async ({ tree, image }) => {
    const file = image(96);
    tool('mkfs.ext4', '-q', '-F', '-d', tree, file);
    // it ends with 1 where it has changed something
    tool('sh', '-c', 'e2fsck -fyD "$0" || test $? = 1', file);
    expect(tool('debugfs', '-R', 'htree_dump /many', file)).toContain('Root node dump');
    const seen = await withFiles(file, openExt, async (files) => inImage(await files.root()));
    expect(ordered(seen)).toEqual(ordered(onHost(tree)));
  });
});

describe('XFS has every file that mkfs put there', () => {
  it.for([
    'mkfs.xfs',
    'mkfs.xfs -n size=65536',
    'mkfs.xfs -b size=1024 -n size=8192',
    'mkfs.xfs -i nrext64=1 -m bigtime=1',
    'mkfs.xfs -i nrext64=0,size=2048 -m bigtime=0',
    'mkfs.xfs -m crc=0',
    'mkfs.xfs -m crc=0 -n ftype=0 -b size=512',
  ])('%s', async (line, { tree, image, path }) => {
    const [mkfs = '', ...words] = line.split(' ');
    const file = image(320);
    writeFileSync(path('proto'), protofile(tree));
    tool(mkfs, '-q', '-L', 'label', '-p', path('proto'), ...words, file);
    const seen = await withFiles(file, openXfs, async (files) => {
      expect(files).toMatchObject({ kind: 'xfs', label: 'label', needsReplay: false });
      expect(tool('blkid', '-o', 'value', '-s', 'UUID', file).trim()).toBe(files.uuid);
      return inImage(await files.root());
    });
    expect(ordered(seen)).toEqual(ordered(onHost(tree)));
  });
});

describe('FAT has every file that mtools put there', () => {
  it.for([
    ['12', 8],
    ['16', 64],
    ['32', 128],
  ] as const)('of %i bits', async ([bits, mebibytes], { tree, image }) => {
    const file = image(mebibytes);
    tool('mkfs.vfat', '-F', bits, '-n', 'LABEL', file);
    tool('mcopy', '-s', '-i', file, `${tree}/etc`, `${tree}/deep`, `${tree}/large`, '::/');
    const seen = await withFiles(file, openFat, async (files) => {
      expect(files).toMatchObject({ kind: 'vfat', label: 'LABEL' });
      expect(tool('blkid', '-o', 'value', '-s', 'UUID', file).trim()).toBe(files.uuid);
      return inImage(await files.root());
    });
    const wanted = onHost(tree).filter(({ path }) => /^\/(etc|deep|large)/.test(path));
    expect(contents(seen)).toEqual(contents(wanted));
  });
});

describe('ISO 9660 has every file that genisoimage put there', () => {
  it('by the names of Rock Ridge', async ({ tree, path }) => {
    tool('genisoimage', '-quiet', '-R', '-o', path('disk.iso'), tree);
    const seen = await withFiles(path('disk.iso'), openIso, async (files) => inImage(await files.root()));
    expect(ordered(seen)).toEqual(ordered(onHost(tree)));
  });

  it('by those of Joliet', async ({ tree, path }) => {
    tool('genisoimage', '-quiet', '-J', '-o', path('disk.iso'), `${tree}/deep/a/b/c`, `${tree}/large`);
    const seen = await withFiles(path('disk.iso'), openIso, async (files) => inImage(await files.root()));
    expect(seen.find((it) => it.path === '/large')?.content).toHaveLength(3_000_000);
    expect(seen.map((it) => it.path)).toContain('/d/e/f/g/h/i/file');
  });
});

/** Without permissions, which FAT does not have. */
const contents = (all: Parameters<typeof ordered>[0]) =>
  ordered(all).map(({ path, content }) => [path, content]);
