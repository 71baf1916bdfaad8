import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { readAt } from '../../src/disk/bytes.ts';
import { openDisk } from '../../src/disk/formats.ts';
import { inspect } from '../../src/disk/inspect.ts';
import { Unread } from '../../src/errors.ts';
import { imagesOf } from '../support/disk-images.ts';
import { it } from '../support/folder.ts';
import {
  banned,
  convert,
  hasQemu,
  qemuImg,
  scribble,
  sealed,
  several,
  titleOf,
  variants,
  writable,
  writeDisk,
} from '../support/qemu.ts';
import { tglance } from '../support/tglance.ts';
import { looked } from './support/disks.ts';

if (!hasQemu) console.log('comparison with QEMU skipped: qemu-img is not installed');

/** What QEMU calls differently. */
const ourName = (format: string) => (format === 'vpc' ? 'vhd' : format);

const infoOf = (path: string, format: string) =>
  JSON.parse(qemuImg('info', '--output=json', '-f', format, path)) as Record<string, unknown>;

const sizes = [3 * 1024 * 1024, 12 * 1024 * 1024 + 3 * 512];

describe.runIf(hasQemu)('with QEMU', () => {
  describe.each(variants.map((variant) => [titleOf(variant), variant] as const))('%s', (_title, variant) => {
    it.for(sizes)('P40: a disk of %i bytes is what qemu-img reads', async (size, { path }) => {
      writeDisk(path('source'), size);
      convert(path('source'), path('image'), variant);
      qemuImg('convert', '-f', variant.format, '-O', 'raw', path('image'), path('raw'));
      const raw = readFileSync(path('raw'));
      await looked(path('image'), async (bytes) => {
        const { format, size, dangers, problems } = await inspect(bytes);
        expect({ format, size, dangers, problems }).toEqual({
          format: ourName(variant.format),
          size: infoOf(path('image'), variant.format)['virtual-size'],
          dangers: [],
          problems: [],
        });
        const disk = await openDisk(bytes);
        const content = Buffer.alloc(disk.size);
        for (let at = 0; at < disk.size; at += 1_000_003) {
          await disk.read(content.subarray(at, at + 1_000_003), at);
        }
        expect(content.equals(raw)).toBe(true);
        for await (const { start, length, kind } of disk.extents()) {
          const zero = kind === 'zero' || kind === 'unallocated';
          if (zero) expect(raw.subarray(start, start + length).equals(Buffer.alloc(length))).toBe(true);
        }
      });
    });
  });

  it.for([...writable, ...banned].map((variant) => [titleOf(variant), variant] as const))(
    'P40: %s that a guest has written to is what qemu-img reads',
    async ([, variant], { path }) => {
      writeDisk(path('source'), 8 * 1024 * 1024);
      convert(path('source'), path('image'), variant);
      scribble(path('image'), variant, 8 * 1024 * 1024);
      qemuImg('convert', '-f', variant.format, '-O', 'raw', path('image'), path('raw'));
      await looked(path('image'), async (bytes) => {
        expect((await inspect(bytes)).problems).toEqual([]);
        const disk = await openDisk(bytes);
        expect((await readAt(disk, 0, disk.size)).equals(readFileSync(path('raw')))).toBe(true);
      });
    },
  );

  it('images made by hand are images to QEMU, too', async ({ path }) => {
    writeDisk(path('disk'), 5 * 1024 * 1024);
    const disk = readFileSync(path('disk'));
    for (const [title, image] of Object.entries(imagesOf(disk))) {
      if (title.includes('511')) continue; // QEMU wants 512
      writeFileSync(path('image'), image);
      const name = title.split(',')[0] ?? '';
      const format = name === 'vhd' ? 'vpc' : name;
      qemuImg('convert', '-f', format, '-O', 'raw', path('image'), path('raw'));
      expect([title, readFileSync(path('raw')).equals(disk)]).toEqual([title, true]);
    }
  });

  it('the map is that of qemu-img', async ({ path }) => {
    writeDisk(path('disk'), 12 * 1024 * 1024);
    for (const options of ['cluster_size=64k', 'cluster_size=4k', 'extended_l2=on', 'compat=0.10']) {
      convert(path('disk'), path('image'), { format: 'qcow2', options });
      const wanted: { start: number; length: number; data: boolean }[] = JSON.parse(
        qemuImg('map', '--output=json', '-f', 'qcow2', path('image')),
      );
      const found: typeof wanted = [];
      await looked(path('image'), async (bytes) => {
        for await (const { start, length, kind } of (await openDisk(bytes)).extents()) {
          found.push({ start, length, data: kind === 'data' });
        }
      });
      const starts = (all: typeof wanted) =>
        all.filter((it, at) => it.data !== all[at - 1]?.data).map(({ start, data }) => [start, data]);
      expect([options, starts(found)]).toEqual([options, starts(wanted)]);
    }
  });

  it('snapshots, bitmaps and files that are named are those that qemu-img tells', async ({ path }) => {
    qemuImg('create', '-q', '-f', 'qcow2', path('image'), '8M');
    qemuImg('snapshot', '-c', 'first', path('image'));
    qemuImg('snapshot', '-c', 'the second', path('image'));
    qemuImg('bitmap', '--add', '-f', 'qcow2', path('image'), 'backup');
    const { details } = await looked(path('image'), (bytes) => inspect(bytes));
    const info = infoOf(path('image'), 'qcow2');
    const names = (info.snapshots as { id: string; name: string }[]).map(({ id, name }) => ({ id, name }));
    expect(details.snapshots).toEqual(names.map((it) => expect.objectContaining(it)));
    expect(details.bitmaps).toEqual([{ name: 'backup', granularity: 65536, in_use: false }]);

    qemuImg('create', '-q', '-f', 'qcow2', '-b', path('image'), '-F', 'qcow2', path('child'));
    qemuImg('create', '-q', '-f', 'qcow2', '-o', `data_file=${path('data')}`, path('apart'), '8M');
    const child = await looked(path('child'), (bytes) => inspect(bytes));
    const apart = await looked(path('apart'), (bytes) => inspect(bytes));
    expect(child.details).toMatchObject({ backing_file: path('image'), backing_format: 'qcow2' });
    expect(apart.details).toMatchObject({ data_file: path('data') });
    expect([child, apart].map(({ dangers }) => dangers.map(({ check }) => check))).toEqual([
      ['backing_file'],
      ['data_file'],
    ]);
  });

  it.for(sealed.map((variant) => [titleOf(variant), variant] as const))(
    '%s is recognised, and not read',
    async ([, { format, options = '', words = [] }], { path }) => {
      qemuImg('create', '-q', '-f', format, ...words, '-o', options, path('image'), '8M');
      await looked(path('image'), async (bytes) => {
        expect(await inspect(bytes)).toMatchObject({ format, problems: [], size: 8 * 1024 * 1024 });
        await expect(openDisk(bytes)).rejects.toThrow(Unread);
      });
    },
  );

  it.for(several.map((variant) => [titleOf(variant), variant] as const))(
    'P38, P40: %s is read with what it names when that is asked for, and as qemu-img reads it',
    async ([, { format, options = '' }], { path }) => {
      const size = 8 * 1024 * 1024;
      writeDisk(path('BASE'), size - 70_000 + (70_000 % 512));
      convert(path('BASE'), path('VMDK'), { format: 'vmdk' });
      const own = options.replace(/DATA|BASE|VMDK/g, (name) => path(name));
      qemuImg('create', '-q', '-f', format, '-o', own, path('image'), String(size));
      scribble(path('image'), { format }, size);
      qemuImg('convert', '-f', format, '-O', 'raw', path('image'), path('raw'));
      await looked(path('image'), async (bytes) => {
        const found = await inspect(bytes);
        expect(found).toMatchObject({ format, size, problems: [] });
        const named = /DATA|BASE|VMDK/.exec(options)?.[0];
        expect(JSON.stringify([found.dangers, found.details])).toContain(named ? path(named) : 'image-');
        await expect(openDisk(bytes)).rejects.toThrow(Unread);
      });
      const unsafe = format === 'qed' ? '--allow-unsafe' : '';
      const words = `--backing ${unsafe} --disk-format ${format} ${path('image')}`;
      for (const to of ['raw', 'qcow2']) {
        expect(await tglance(`file-convert ${words} -O ${to} ${path(`own.${to}`)}`)).toMatchObject({
          code: 0,
        });
        expect(qemuImg('compare', '-f', to, '-F', 'raw', path(`own.${to}`), path('raw'))).toContain(
          'identical',
        );
      }
    },
  );

  it('every option that qemu-img has for a format is in one of the variants', () => {
    const tried = (format: string) =>
      [...variants, ...several, ...banned, ...sealed]
        .filter((it) => it.format === format)
        .flatMap(({ options = '' }) => options.split(',').map((option) => option.split('=')[0] ?? ''));
    for (const format of new Set([...variants, ...banned, ...sealed].map((it) => it.format))) {
      const help = qemuImg('create', '-f', format, '-o', 'help').split('Protocol level options')[0] ?? '';
      const names = [...help.matchAll(/^ {2}([\w.-]+)=</gm)].map(([, name = '']) => name);
      expect([format, names.filter((name) => name !== 'size' && !tried(format).includes(name))]).toEqual([
        format,
        [],
      ]);
    }
  });

  it('file-hash --as raw is the hash of what qemu-img converts to', async ({ path }) => {
    writeDisk(path('disk'), 12 * 1024 * 1024);
    convert(path('disk'), path('image'), { format: 'qcow2', compressed: true });
    const hash = createHash('sha512');
    for await (const chunk of createReadStream(path('disk'))) hash.update(chunk);
    const { out } = await tglance(`file-hash ${path('image')} --as raw -f value -c Hash`);
    expect(out).toBe(`${hash.digest('hex')}\n`);
  });

  it.for([
    ['raw', []],
    ['qcow2', ['-o', 'compat=1.1']],
    ['qcow2', ['-o', 'preallocation=metadata']],
    ['qcow2', ['-o', 'extended_l2=on']],
    ['qcow', []],
    ['qed', []],
    ['vmdk', []],
    ['vmdk', ['-o', 'subformat=streamOptimized']],
    ['vpc', []],
    ['vhdx', []],
    ['vdi', []],
    ['parallels', []],
  ] as const)(
    'P38: %s of 100 GiB is inspected by reading less than a MiB',
    async ([format, words], { path }) => {
      qemuImg('create', '-q', '-f', format, ...words, path('image'), '100G');
      const { bytesRead } = await looked(path('image'), (bytes) => inspect(bytes));
      expect(bytesRead).toBeLessThan(1024 * 1024);
    },
  );
});
