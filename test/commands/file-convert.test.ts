import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { imagesOf, qcow2Compressed, sealedImages } from '../support/disk-images.ts';
import { putGpt, qcow2Image } from '../support/disks.ts';
import { it } from '../support/folder.ts';
import { tglance } from '../support/tglance.ts';

const MiB = 1024 * 1024;

/** A partition table, data within clusters and across pieces that are read at once, and zeros between. */
function disk(size = 12 * MiB): Buffer {
  const bytes = Buffer.alloc(size);
  putGpt(bytes, [{ start: 2048, sectors: 2048 }]);
  bytes.fill('The quick brown fox', 2 * MiB + 1000, 5 * MiB + 70_000);
  bytes.fill('jumps over', 9 * MiB, 9 * MiB + 10);
  return bytes;
}

const done = { out: '', err: '', code: 0 };

describe('file-convert', () => {
  it.for(Object.entries(imagesOf(disk())))(
    '%s becomes the same disk, raw or qcow2',
    async ([, image], { path, folder }) => {
      writeFileSync(path('image'), image);
      expect(await tglance(`file-convert ${path('image')} ${path('raw')}`)).toMatchObject(done);
      expect(readFileSync(path('raw')).equals(disk())).toBe(true);
      expect(await tglance(`file-convert ${path('image')} ${path('disk.qcow2')}`)).toMatchObject(done);
      expect(await tglance(`file-convert ${path('disk.qcow2')} -O raw ${path('again')}`)).toMatchObject(done);
      expect(readFileSync(path('again')).equals(disk())).toBe(true);
      expect(readdirSync(folder).sort()).toEqual(['again', 'disk.qcow2', 'image', 'raw']);
    },
  );

  it('P5: a device is written to, as nothing there could be lost', async ({ path }) => {
    writeFileSync(path('disk'), disk());
    expect(await tglance(`file-convert ${path('disk')} /dev/null`)).toMatchObject({ code: 0 });
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('a disk that ends within a cluster, or is empty, becomes qcow2 and comes back', async ({ path }) => {
    for (const size of [0, 1536, 65536, 3 * MiB + 512]) {
      const bytes = Buffer.alloc(size, 'x');
      writeFileSync(path('a.raw'), bytes);
      const line = `file-convert --force --disk-format`;
      expect(await tglance(`${line} raw ${path('a.raw')} ${path('b.qcow2')}`)).toMatchObject(done);
      expect(statSync(path('b.qcow2')).size % 65536).toBe(0);
      expect(await tglance(`${line} qcow2 ${path('b.qcow2')} ${path('c.raw')}`)).toMatchObject(done);
      expect([size, readFileSync(path('c.raw')).equals(bytes)]).toEqual([size, true]);
    }
  });

  it('--compress makes a smaller qcow2 of the same disk, and leaves alone what does not shrink', async ({
    path,
  }) => {
    const noise = randomBytes(5 * 65536);
    for (const size of [0, 1536, 3 * MiB + 512, 12 * MiB]) {
      const bytes = disk(12 * MiB).subarray(0, size);
      noise.copy(bytes, 65536);
      noise.copy(bytes, 10 * MiB);
      writeFileSync(path('a.raw'), bytes);
      const line = 'file-convert --force --disk-format';
      expect(await tglance(`${line} raw --compress ${path('a.raw')} ${path('b.qcow2')}`)).toMatchObject(done);
      expect(statSync(path('b.qcow2')).size % 65536).toBe(0);
      expect(statSync(path('b.qcow2')).size).toBeLessThanOrEqual(2 * noise.length + 8 * 65536);
      expect(await tglance(`${line} qcow2 ${path('b.qcow2')} ${path('c.raw')}`)).toMatchObject(done);
      expect([size, readFileSync(path('c.raw')).equals(bytes)]).toEqual([size, true]);
    }
  });

  it('--compress is for a qcow2 in a file, and says so', async ({ path, folder }) => {
    writeFileSync(path('image'), qcow2Image(disk()));
    for (const rest of ['raw', '-', '- -O qcow2']) {
      const target = rest === 'raw' ? path('raw') : rest;
      const { err, code } = await tglance(`file-convert --compress ${path('image')} ${target}`);
      expect({ code, first: err.split('\n')[0] }).toEqual({
        code: 2,
        first: expect.stringMatching(/--compress is for qcow2|Cannot compress into standard output/),
      });
    }
    expect(readdirSync(folder)).toEqual(['image']);
  });

  it('holes are where there are zeros, or nowhere', async ({ path }) => {
    writeFileSync(path('image'), qcow2Image(disk()));
    await tglance(`file-convert ${path('image')} ${path('auto')}`);
    await tglance(`file-convert ${path('image')} ${path('never')} --sparse never`);
    expect(statSync(path('auto')).blocks * 512).toBeLessThan(5 * MiB);
    expect(statSync(path('never')).blocks * 512).toBeGreaterThanOrEqual(12 * MiB);
    expect(readFileSync(path('never')).equals(disk())).toBe(true);
  });

  it('standard output gets every byte, zeros too, and wants no holes', async ({ path }) => {
    writeFileSync(path('image'), qcow2Image(disk()));
    const { bytes, err, code } = await tglance(`file-convert ${path('image')} -`);
    expect({ err, code, same: bytes.equals(disk()) }).toEqual({ err: '', code: 0, same: true });
    const holes = await tglance(`file-convert ${path('image')} - --sparse always`);
    expect(holes).toMatchObject({ code: 2, out: '' });
    expect(await tglance(`file-convert ${path('image')} -`, { terminal: 80 })).toMatchObject({ code: 2 });
  });

  it('P1: a file that is there is left alone, unless it may be replaced', async ({ path }) => {
    writeFileSync(path('image'), qcow2Image(disk()));
    writeFileSync(path('raw'), 'precious');
    const { err, code } = await tglance(`file-convert ${path('image')} ${path('raw')}`);
    expect(err).toContain('it exists already');
    expect({ code, there: readFileSync(path('raw'), 'utf8') }).toEqual({ code: 2, there: 'precious' });
    await tglance(`file-convert ${path('image')} ${path('raw')} --force`);
    expect(readFileSync(path('raw')).equals(disk())).toBe(true);
  });

  it('P1: a damaged source leaves nothing behind, and the old file whole', async ({ path, folder }) => {
    const image = qcow2Image(disk());
    writeFileSync(path('image'), image.subarray(0, image.length - 65536));
    writeFileSync(path('raw'), 'precious');
    expect(await tglance(`file-convert ${path('image')} ${path('raw')} --force`)).toMatchObject({ code: 7 });
    expect(await tglance(`file-convert ${path('image')} ${path('new')}`)).toMatchObject({ code: 7 });
    expect(readFileSync(path('raw'), 'utf8')).toBe('precious');
    expect(readdirSync(folder).sort()).toEqual(['image', 'raw']);
  });

  it('P1: compressed data that are damaged are told from sound ones', async ({ path, folder }) => {
    const image = qcow2Compressed(disk());
    for (const at of [image.length - 20, image.length - 6000]) {
      const damaged = Buffer.from(image);
      damaged.fill(0xff, at, at + 8);
      writeFileSync(path('image'), damaged);
      const { err, code } = await tglance(`file-convert ${path('image')} ${path('raw')}`);
      expect(err).toMatch(/^Compressed data are damaged: .*\n$/);
      expect(code).toBe(7);
    }
    writeFileSync(path('image'), image.subarray(0, image.length - 9000));
    expect(await tglance(`file-convert ${path('image')} ${path('raw')}`)).toMatchObject({ code: 7 });
    expect(readdirSync(folder)).toEqual(['image']);
  });

  it('P22: nothing is left when it is interrupted', async ({ path, folder }) => {
    writeFileSync(path('image'), qcow2Image(disk()));
    const signal = AbortSignal.abort(new Error('enough'));
    expect((await tglance(`file-convert ${path('image')} ${path('raw')}`, { signal })).code).not.toBe(0);
    expect(readdirSync(folder)).toEqual(['image']);
  });

  it('P41: a file that names others is refused, and those are never read', async ({ path }) => {
    writeFileSync(path('secret'), disk());
    writeFileSync(path('image'), qcow2Image(Buffer.alloc(MiB), { backingFile: path('secret') }));
    const { err, code } = await tglance(`file-convert ${path('image')} ${path('raw')}`);
    expect(err).toContain(path('secret'));
    expect(err).toContain('--allow-unsafe');
    expect(code).toBe(7);
    const allowed = await tglance(`file-convert ${path('image')} ${path('raw')} --allow-unsafe`);
    expect(allowed).toMatchObject({ code: 7 });
    expect(allowed.err).toContain('in another file');
  });

  it('P41: what looks like two formats is converted as the one that is named, if that may be', async ({
    path,
  }) => {
    const both = Buffer.concat([qcow2Image(disk())]);
    both.write('CD001', 32769);
    both[32768] = 1;
    writeFileSync(path('image'), both);
    const line = `file-convert ${path('image')} ${path('raw')}`;
    expect(await tglance(line)).toMatchObject({ code: 7 });
    expect(await tglance(`${line} --disk-format qcow2`)).toMatchObject(done);
    expect(readFileSync(path('raw')).equals(disk())).toBe(true);
  });

  it('P41: a source of another format than named is refused', async ({ path }) => {
    writeFileSync(path('image'), disk());
    const { err, code } = await tglance(`file-convert ${path('image')} ${path('x')} --disk-format qcow2`);
    expect({ err, code }).toEqual({ err: 'The file is not of the format qcow2\n', code: 7 });
  });

  it('P41: a disk that has no room is refused before a byte is written', async ({ path, folder }) => {
    const image = qcow2Image(disk());
    image.writeBigUInt64BE(1n << 50n, 24);
    image.writeUInt32BE(1 << 21, 36); // entries of the L1 table
    image.writeBigUInt64BE(BigInt(image.length), 40);
    writeFileSync(path('image'), Buffer.concat([image, Buffer.alloc(1 << 24)]));
    const { err, code } = await tglance(`file-convert ${path('image')} ${path('raw')} --sparse never`);
    expect(err).toMatch(/^Cannot write .*raw: it needs up to 1 PiB, and .* are free\n$/);
    expect(code).toBe(1);
    expect(readdirSync(folder)).toEqual(['image']);
  });

  it.for(Object.entries(sealedImages()))(
    '%s cannot be read, and nothing is written',
    async ([, image], { path, folder }) => {
      writeFileSync(path('image'), image);
      const { err, code } = await tglance(`file-convert ${path('image')} ${path('raw')} --allow-unsafe`);
      expect([code, err.split('\n').length]).toEqual([7, 2]);
      expect(readdirSync(folder)).toEqual(['image']);
    },
  );

  it('--progress tells a program how far it is', async ({ path }) => {
    writeFileSync(path('image'), qcow2Image(disk()));
    const { err } = await tglance(`file-convert ${path('image')} ${path('raw')} --progress=json`);
    const last = JSON.parse(err.trim().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({ image: path('image'), stage: 'done', done: last.total });
  });
});
