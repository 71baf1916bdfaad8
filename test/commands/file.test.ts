import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { efiSystem, putGpt, qcow2Image } from '../support/disks.ts';
import { ext4 } from '../support/ext4.ts';
import { fat } from '../support/fat.ts';
import { it } from '../support/folder.ts';
import { divided } from '../support/guests.ts';
import { tglance } from '../support/tglance.ts';
import { alpine, cirros, debian, rhel, suse, ubuntu } from '../support/trees.ts';

const MiB = 1024 * 1024;

/** A disk for UEFI, as a cloud wants it. */
function disk(): Buffer {
  const bytes = Buffer.alloc(4 * MiB);
  putGpt(bytes, [
    { start: 2048, sectors: 2048, guid: efiSystem, name: 'EFI' },
    { start: 4096, sectors: 2048, name: 'root' },
  ]);
  bytes.fill('root', 2 * MiB, 2 * MiB + 70_000);
  return bytes;
}

const json = async (line: string) => {
  const { out, err, code } = await tglance(`${line} -f json`);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  return JSON.parse(out);
};

describe('file-inspect', () => {
  it('tells what a disk is, and how to create an image of it', async ({ path }) => {
    writeFileSync(path('disk.qcow2'), qcow2Image(disk()));
    expect(await json(`file-inspect ${path('disk.qcow2')}`)).toEqual({
      file: path('disk.qcow2'),
      format: 'qcow2',
      size: expect.any(Number),
      allocated_size: expect.any(Number),
      virtual_size: 4 * MiB,
      details: {
        version: 3,
        cluster_size: 65536,
        compression_type: 'zlib',
        refcount_bits: 16,
        lazy_refcounts: false,
        extended_l2: false,
      },
      partition_table: 'gpt',
      partitions: [
        expect.objectContaining({ number: 1, start: MiB, size: MiB, type: efiSystem, name: 'EFI' }),
        expect.objectContaining({ number: 2, start: 2 * MiB, size: MiB, name: 'root' }),
      ],
      file_systems: [],
      guest: null,
      dangers: [],
      problems: [],
      notes: [],
      glance: { formats: ['qcow2'], failed_checks: [], accepted_as: 'qcow2', refusal: null },
      suggestion: {
        disk_format: 'qcow2',
        container_format: 'bare',
        min_disk: 1,
        properties: { hw_firmware_type: 'uefi' },
      },
      bytes_read: expect.any(Number),
    });
  });

  it('shows it to a person', async ({ path }) => {
    writeFileSync(path('disk'), qcow2Image(disk()));
    const shown = async (name: string) => {
      const { out } = await tglance(['file-inspect', path('disk'), '--map', '-f', 'value', '-c', name]);
      return out.trimEnd().split('\n');
    };
    expect(await shown('partitions')).toEqual([
      "1: EFI system 'EFI', 1 MiB from 1 MiB on",
      "2: Linux 'root', 1 MiB from 2 MiB on",
    ]);
    expect(await shown('suggestion')).toEqual([
      '--disk-format qcow2 --container-format bare --min-disk 1',
      '--property hw_firmware_type=uefi',
    ]);
    expect(await shown('dangers')).toEqual(['none']);
    expect(await shown('glance')).toEqual(['would accept it as qcow2']);
    expect(await shown('virtual_size')).toEqual(['4194304 (4 MiB)']);
    const line = `${'#'.repeat(16)}${'.'.repeat(496)}${'#'.repeat(32)}${'.'.repeat(464)}${'#'.repeat(16)}`;
    expect(await shown('map')).toEqual([
      ...(line.match(/.{1,48}/g) ?? []),
      '# data  % compressed  0 zeros  . nothing; 4 KiB each',
    ]);
  });

  it('P38: never opens a file that the image names', async ({ path }) => {
    mkdirSync(path('base'));
    writeFileSync(path('child'), qcow2Image(disk(), { backingFile: path('base') }));
    const { format, dangers, partition_table, glance } = await json(`file-inspect ${path('child')}`);
    expect({ format, dangers, partition_table }).toEqual({
      format: 'qcow2',
      dangers: [
        { check: 'backing_file', reason: `What it does not hold is read from the file '${path('base')}'` },
      ],
      partition_table: null,
    });
    expect(glance.refusal).toBe('its safety checks fail: backing_file (it has a backing file)');
  });

  it('tells the system on a disk, and what Nova wants to know of it', async ({ path }) => {
    const release = 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n';
    const root = ext4({ 'etc/os-release': release }, { label: 'root' });
    writeFileSync(path('disk.qcow2'), qcow2Image(divided({ content: root })));
    const { file_systems, guest, suggestion, bytes_read } = await json(`file-inspect ${path('disk.qcow2')}`);
    expect(file_systems).toEqual([{ place: 'partition 1', type: 'ext4', label: 'root' }]);
    expect(guest).toEqual({
      name: 'Debian GNU/Linux 12 (bookworm)',
      id: 'debian',
      version: '12',
      architecture: null,
    });
    expect(suggestion.properties).toEqual({ os_type: 'linux', os_distro: 'debian', os_version: '12' });
    expect(bytes_read).toBeLessThan(MiB);
    const shown = await tglance(`file-inspect ${path('disk.qcow2')} -f value -c guest -c file_systems`);
    expect(shown.out).toBe("partition 1: ext4 'root'\nDebian GNU/Linux 12 (bookworm)\n");
    const without = await json(`file-inspect ${path('disk.qcow2')} --no-guest`);
    expect([without.guest, without.file_systems, without.suggestion.properties]).toEqual([null, [], {}]);
  });

  it.for([
    ['Debian', debian, 'debian', '12'],
    ['Ubuntu', ubuntu, 'ubuntu', '24.04'],
    ['RHEL', rhel, 'rocky', '9.3'],
    ['SUSE', suse, 'opensuse', '15.6'],
    ['Alpine', alpine, 'alpine', '3.20.0'],
    ['CirrOS', cirros, 'cirros', '0.6.2'],
  ] as const)('names an image like that of %s as Nova does', async ([, tree, distro, version], { path }) => {
    const root = ext4(tree);
    const images = [
      [divided({ content: root }), {}],
      [
        divided({ content: fat({ EFI: 'x' }), type: efiSystem }, { content: root }),
        { hw_firmware_type: 'uefi' },
      ],
    ] as const;
    for (const [image, firmware] of images) {
      writeFileSync(path('disk'), image);
      const { properties } = (await json(`file-inspect ${path('disk')}`)).suggestion;
      expect(properties).toEqual({
        os_type: 'linux',
        os_distro: distro,
        os_version: version,
        architecture: 'x86_64',
        ...firmware,
      });
    }
  });

  it('maps where the data are', async ({ path }) => {
    writeFileSync(path('disk'), qcow2Image(disk()));
    const { extents } = await json(`file-inspect ${path('disk')} --map`);
    expect(extents.map(({ start, length, kind }: Record<string, unknown>) => [start, length, kind])).toEqual([
      [0, 65536, 'data'],
      [65536, 2 * MiB - 65536, 'unallocated'],
      [2 * MiB, 131072, 'data'],
      [2 * MiB + 131072, 2 * MiB - 196608, 'unallocated'],
      [4 * MiB - 65536, 65536, 'data'],
    ]);
  });

  it('says that there is no map of a disk that cannot be read', async ({ path }) => {
    writeFileSync(path('child'), qcow2Image(disk(), { backingFile: 'base' }));
    const { out, err, code } = await tglance(['file-inspect', path('child'), '--map']);
    expect({ err, code }).toEqual({
      err: 'There is no map, for the disk in the file cannot be read\n',
      code: 0,
    });
    expect(out).not.toContain('# data');
  });

  it('P41: takes a file for nothing that it does not look like', async ({ path }) => {
    writeFileSync(path('disk'), disk());
    const { err, code } = await tglance(['file-inspect', path('disk'), '--disk-format', 'vmdk']);
    expect({ err, code }).toEqual({ err: 'The file is not of the format vmdk\n', code: 7 });
    writeFileSync(path('disk.qcow2'), qcow2Image(disk()));
    const { format, virtual_size, size } = await json(`file-inspect ${path('disk.qcow2')} --disk-format raw`);
    expect([format, virtual_size]).toEqual(['raw', size]);
  });

  it.for([
    ['gzip', '1f8b0800', 'gunzip'],
    ['xz', 'fd377a585a00', 'unxz'],
    ['zstd', '28b52ffd', 'unzstd'],
  ])('says how to unpack %s', async ([format, magic, unpack], { path }) => {
    writeFileSync(path('disk'), Buffer.concat([Buffer.from(magic ?? '', 'hex'), Buffer.alloc(1000)]));
    const report = await json(`file-inspect ${path('disk')}`);
    expect(report.format).toBe(format);
    expect(report.notes).toEqual([
      `It is compressed with ${format}; ${unpack} unpacks it, and image-create --decompress sends what is in it`,
    ]);
    expect(report.suggestion.disk_format).toBeNull();
  });

  it('refuses what is no regular file, and what is not there', async ({ path, folder }) => {
    const answers = await Promise.all([folder, path('missing')].map((it) => tglance(['file-inspect', it])));
    expect(answers.map(({ code }) => code)).toEqual([2, 2]);
    expect(answers[0]?.err).toContain(`Cannot read ${folder}: it is a directory`);
  });
});

describe('file-hash', () => {
  it('hashes files as they are', async ({ path }) => {
    writeFileSync(path('disk'), disk());
    const hash = createHash('sha512').update(disk()).digest('hex');
    expect(await json(`file-hash ${path('disk')}`)).toEqual([
      { file: path('disk'), algorithm: 'sha512', hash, size: 4 * MiB },
    ]);
  });

  it('hashes the disks in them, which are the same in every format', async ({ path }) => {
    writeFileSync(path('disk'), disk());
    writeFileSync(path('disk.qcow2'), qcow2Image(disk()));
    const [md5, sha256] = ['md5', 'sha256'].map((it) => createHash(it).update(disk()).digest('hex'));
    const found = await json(
      `file-hash ${path('disk')} ${path('disk.qcow2')} --as raw --algo md5 --algo sha256`,
    );
    expect(found.map(({ hash }: { hash: string }) => hash)).toEqual([md5, sha256, md5, sha256]);
    expect(readFileSync(path('disk.qcow2')).length).not.toBe(found[2].size);
  });

  it('refuses an algorithm that nobody knows, before it reads', async ({ path }) => {
    const { err, code } = await tglance(['file-hash', path('missing'), '--algo', 'crc7']);
    expect(code).toBe(2);
    expect(err).toContain("'crc7' is no algorithm that is known here");
  });

  it('refuses a disk whose data are in another file', async ({ path }) => {
    writeFileSync(path('child'), qcow2Image(disk(), { backingFile: 'base' }));
    const { err, code } = await tglance(['file-hash', path('child'), '--as', 'raw']);
    expect(code).toBe(7);
    expect(err).toBe('The data of the qcow2 file cannot be read: some of them are in another file, base\n');
  });
});
