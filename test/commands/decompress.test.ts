import { openSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { it } from '../support/cloud.ts';
import { putGpt, qcow2Image } from '../support/disks.ts';
import { type Packing, packedData, unpackedData } from '../support/packed.ts';
import { tglance } from '../support/tglance.ts';

const MiB = 1024 * 1024;
const disk = Buffer.alloc(6 * MiB);
putGpt(disk, [{ start: 2048, sectors: 2048 }]);
disk.fill('The quick brown fox', 2 * MiB, 4 * MiB);

const packings = Object.keys(packedData) as Packing[];
const formats = ['--disk-format', 'raw', '--container-format', 'bare'];

const create = (...more: string[]) => ['image-create', '--name', 'one', '--decompress', ...more];

describe('--decompress', () => {
  it.for(packings)(
    'sends what %s has packed, of a file and of standard input',
    async (packing, { cloud, file }) => {
      const path = file('packed', packedData[packing]);
      for (const [words, around] of [
        [['--file', path], {}],
        [['--progress=json'], { stdin: openSync(path, 'r') }],
      ] as const) {
        const made = await cloud.json(create(...formats, ...words), around);
        expect(made).toMatchObject({ status: 'active', size: unpackedData.length });
        const { bytes, err } = await cloud.run(['image-download', String(made.id)]);
        expect({ err, same: bytes.equals(unpackedData) }).toEqual({ err: '', same: true });
      }
    },
  );

  it.for([
    ['qcow2', qcow2Image(disk)],
    ['raw', disk],
  ] as const)('finds the format of what is within: %s', async ([disk_format, bytes], { cloud, file }) => {
    const made = await cloud.json(create('--file', file('disk.gz', gzipSync(bytes))));
    expect(made).toMatchObject({
      disk_format,
      container_format: 'bare',
      status: 'active',
      size: bytes.length,
    });
  });

  it('sends to an image that is there, and to where an import finds it', async ({ cloud, file }) => {
    const path = file('disk.gz', gzipSync(disk));
    const { id } = await cloud.json(['image-create', '--name', 'two', ...formats]);
    expect((await cloud.run(['image-upload', String(id), '--file', path, '--decompress'])).code).toBe(0);
    expect((await cloud.run(['image-verify', String(id), '--file', file('raw', disk)])).code).toBe(0);
    const line = ['image-create-via-import', '--name', 'three', '--file', path, '--decompress', '--wait'];
    expect(await cloud.json(line)).toMatchObject({ disk_format: 'raw', status: 'active', size: disk.length });
  });

  it.for(packings)(
    'P12: leaves no image of what %s has packed and somebody has cut or damaged',
    async (packing, { cloud, file }) => {
      const packed = packedData[packing];
      const damaged = Buffer.from(packed);
      damaged.writeUInt8(damaged.readUInt8(packed.length - 2) ^ 1, packed.length - 2);
      const size = ['--size', String(unpackedData.length)];
      for (const [bytes, ...more] of [[packed.subarray(0, -2)], [damaged], [damaged, ...size]] as const) {
        const path = file('packed', bytes);
        const { err, code } = await cloud.run(create(...formats, '--file', path, ...more));
        expect(err).toMatch(/^[^\n]* cannot be unpacked: [^\n]*\n$/);
        expect(code).toBe(7);
      }
      expect(await cloud.json('image-list')).toEqual([]);
    },
  );

  it('P12: tells the same in the cloud that is built in', async ({ path, file }) => {
    const home = { home: path('home') };
    const damaged = file('packed', packedData.zstd.subarray(0, -3));
    const line = ['--os-cloud', 'sandbox', ...create(...formats, '--file', damaged)];
    const { err, code } = await tglance(line, home);
    expect({ err, code }).toEqual({
      err: `${damaged} cannot be unpacked: unexpected end of file\n`,
      code: 7,
    });
    expect((await tglance('--os-cloud sandbox image-list -f value -c Name', home)).out).not.toContain('one');
  });

  it('P41: ends where more comes out than --size says', async ({ cloud, file }) => {
    const path = file('packed', packedData.zstd);
    const { err, code } = await cloud.run(create(...formats, '--file', path, '--size', '1000'));
    expect(err).toBe('The data are longer than the expected 1000 bytes\n');
    expect(code).toBe(7);
    expect(await cloud.json('image-list')).toEqual([]);
  });

  it('P41: refuses what is dangerous, and what is not what it is said to be', async ({ cloud, file }) => {
    const backed = file('backed.gz', gzipSync(qcow2Image(disk, { backingFile: '/etc/shadow' })));
    const { err, code } = await cloud.run(create('--file', backed));
    expect(err).toContain('is not safe: ');
    expect(code).toBe(7);
    const other = await cloud.run(create(...formats, '--file', file('q.gz', gzipSync(qcow2Image(disk)))));
    expect(other.err).toContain('is no raw image: its data are qcow2');
    const plain = await cloud.run(create(...formats, '--file', file('plain', disk)));
    expect(plain.err).toContain('cannot be unpacked: not packed by gzip, bzip2, xz, zstd');
    expect([other.code, plain.code]).toEqual([7, 7]);
    expect(await cloud.json('image-list')).toEqual([]);
  });

  it('with --convert-to takes what is of that format already, and nothing else', async ({ cloud, file }) => {
    const to = ['--convert-to', 'raw'];
    const raw = await cloud.json(create('--file', file('raw.gz', gzipSync(disk)), ...to));
    expect(raw).toMatchObject({ disk_format: 'raw', container_format: 'bare', size: disk.length });
    const path = file('qcow2.gz', gzipSync(qcow2Image(disk)));
    const { err, code } = await cloud.run(create('--file', path, ...to));
    expect(err).toContain(
      'is qcow2, which is not converted while it is unpacked: unpack it into a file first',
    );
    expect(code).toBe(2);
  });
});

describe('packed data without --decompress', () => {
  it.for(packings)('are named where they are no image: %s', async (packing, { cloud, file }) => {
    const path = file('packed', packedData[packing]);
    const about = `it is compressed with ${packing}; --decompress sends what is in it`;
    for (const around of [() => ({}), () => ({ stdin: openSync(path, 'r') })]) {
      const words = ['image-create', '--name', 'one', '--container-format', 'bare'];
      const line = (...more: string[]) =>
        cloud.run([...words, ...more, ...('stdin' in around() ? [] : ['--file', path])], around());
      const unsaid = await line();
      expect(unsaid.err).toContain(`is no disk image: ${about}`);
      const wrong = await line('--disk-format', 'qcow2');
      expect(wrong.err).toContain(`is no qcow2 image: ${about}, and --no-inspect the file as it is`);
      expect([unsaid.code, wrong.code]).toEqual([2, 7]);
      expect(await cloud.json('image-list')).toEqual([]);
      const raw = await line('--disk-format', 'raw');
      expect(raw.err).toContain(`is sent as it is: ${about}`);
      expect(raw.code).toBe(0);
      await cloud.run('image-delete one');
    }
  });
});

describe('without data', () => {
  it.for([['--decompress'], ['--check'], ['--convert-to', 'raw']])(
    'P37: %s is refused',
    async (words, { cloud }) => {
      for (const command of ['image-create', 'image-create-via-import']) {
        const { err, code } = await cloud.run([command, '--name', 'one', ...words]);
        expect(err).toContain(`${words[0]} wants data`);
        expect(code).toBe(2);
      }
      expect(await cloud.json('image-list')).toEqual([]);
    },
  );
});
