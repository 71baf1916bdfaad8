import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ext4 } from '../support/ext4.ts';
import { divided } from '../support/guests.ts';
import { changed, debian } from '../support/trees.ts';
import { folder } from './support/disks.ts';
import { demo } from './support/people.ts';
import { newId } from './support/witness.ts';

const data = Buffer.concat([
  randomBytes(2_000_000),
  Buffer.alloc(9_000_000),
  Buffer.alloc(3_000_000, 'The quick brown fox jumps over the lazy dog. '),
]);

/** Programs that pack, and ways in which they are used. */
const packers: readonly (readonly [string, ...string[]])[] = [
  ['gzip'],
  ['bzip2'],
  ['bzip2', '-1'],
  ['xz'],
  ['xz', '-9', '-T2', '--block-size=1MiB'],
  ['xz', '-0', '-C', 'crc32'],
  ['zstd', '-q'],
  ['zstd', '-q', '-19', '--long=27'],
];

const pack = ([program, ...words]: readonly [string, ...string[]], bytes: Buffer): Buffer =>
  execFileSync(program, [...words, '-c'], { input: bytes, maxBuffer: 2 ** 30 });

const formats = ['--disk-format', 'raw', '--container-format', 'bare'];
const there = async (id: string) => (await demo.tglance(['image-show', id])).code;

describe('an image that is unpacked while it is sent', () => {
  it.for(packers.map((packer) => [packer.join(' '), packer] as const))(
    'is what %s has packed, also in two parts, and nothing where it is cut off',
    async ([, packer], { onTestFinished: later }) => {
      const place = await folder(later);
      const [file, back] = [join(place, 'packed'), join(place, 'back')];
      const packed = pack(packer, data);
      const two = Buffer.concat([
        pack(packer, data.subarray(0, 5_000_000)),
        pack(packer, data.subarray(5_000_000)),
      ]);
      for (const bytes of [packed, two]) {
        writeFileSync(file, bytes);
        const id = newId(demo, later);
        await demo.says(['image-create', '--id', id, ...formats, '--file', file, '--decompress']);
        await demo.says(['image-download', id, '--file', back]);
        expect(readFileSync(back).equals(data)).toBe(true);
      }
      writeFileSync(file, packed.subarray(0, -2));
      for (const size of [[], ['--size', String(data.length)]]) {
        const id = newId(demo, later);
        const line = ['image-create', '--id', id, ...formats, '--file', file, '--decompress', ...size];
        const { code, err } = await demo.tglance(line);
        expect(err).toContain('cannot be unpacked');
        expect([code, await there(id)]).toEqual([7, 4]);
      }
    },
  );
});

describe('an image that comes packed', () => {
  it.for(packers.map((packer) => [packer.join(' '), packer] as const))(
    'is unpacked: %s',
    async ([, packer], { onTestFinished: later }) => {
      const place = await folder(later);
      const [file, back] = [join(place, 'packed'), join(place, 'back')];
      writeFileSync(file, pack(packer, data));
      const id = newId(demo, later);
      await demo.says(['image-create', '--id', id, ...formats, '--file', file, '--no-inspect']);
      await demo.says(['image-download', id, '--file', back, '--decompress']);
      expect(readFileSync(back).equals(data)).toBe(true);
    },
  );
});

describe('an image with a guest', () => {
  const udev = { 'etc/udev/rules.d/70-net.rules': 'ATTR{address}=="52:54:00:9a:3b:c7", NAME="eth0"\n' };
  const guest = (change: object) =>
    divided({ content: ext4(changed(debian, { ...change }), { label: 'root' }) });

  it('comes as the format that is wanted', async ({ onTestFinished: later }) => {
    const place = await folder(later);
    const [raw, qcow2] = [join(place, 'raw'), join(place, 'disk.qcow2')];
    writeFileSync(raw, guest({}));
    await demo.tglance(['file-convert', raw, qcow2]);
    for (const [file, to] of [
      [qcow2, 'raw'],
      [raw, 'qcow2'],
    ] as const) {
      const id = newId(demo, later);
      await demo.says(['image-create', '--id', id, '--file', file]);
      const out = join(place, `out-${to}`);
      await demo.says(['image-download', id, '--file', out, '--convert-to', to]);
      expect(readdirSync(place)).toContain(`out-${to}`);
      const { err } = await demo.tglance(['image-compare', id, out]);
      expect(err).not.toContain('ERROR');
    }
    expect(readFileSync(join(place, 'out-raw')).equals(readFileSync(raw))).toBe(true);
  });

  it('is not made where --check refuses it', async ({ onTestFinished: later }) => {
    const file = join(await folder(later), 'disk');
    const id = newId(demo, later);
    const create = ['image-create', '--id', id, '--file', file, '--check'];
    writeFileSync(file, guest(udev));
    const { code, err } = await demo.tglance(create);
    expect(err).toContain('fail mac-address: ');
    expect([code, await there(id)]).toEqual([3, 4]);
    writeFileSync(file, guest({}));
    expect((await demo.tglance(create)).code).toBe(0);
  });
});
