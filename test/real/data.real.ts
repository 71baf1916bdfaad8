import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folder } from './support/disks.ts';
import { demo } from './support/people.ts';
import { look, make } from './support/witness.ts';

const formats = { disk_format: 'raw', container_format: 'bare' };

describe('image-upload', () => {
  it('sends a file, and says nothing to a script', async ({ onTestFinished: later }) => {
    const data = randomBytes(3_000_000);
    const file = join(await folder(later), 'data');
    await writeFile(file, data);
    const { id } = await make(demo, later, formats);
    expect(await demo.says(['image-upload', id, '--file', file])).toBe('');
    expect(await look(demo, id)).toMatchObject({
      ...{ status: 'active', size: data.length },
      os_hash_value: createHash('sha512').update(data).digest('hex'),
    });
  });

  it('sends what comes on standard input, into the store it is told', async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later, formats);
    await demo.says(`image-upload ${id} --size 4 --store cheap`, { input: Buffer.from('data') });
    expect(await look(demo, id)).toMatchObject({ status: 'active', size: 4, stores: 'cheap' });
  });

  it('reports how far it is in a log when asked to', async ({ onTestFinished: later }) => {
    const { id, name } = await make(demo, later, { ...formats, name: 'watched' });
    const { code, out, err } = await demo.tglance(`image-upload ${id} --progress`, {
      input: randomBytes(100_000),
    });
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain(name);
  });

  it('never makes an image of nothing', async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later, formats);
    for (const input of [undefined, 'closed'] as const) {
      expect(await demo.tglance(`image-upload ${id}`, input && { input })).toMatchObject({
        code: 2,
        out: '',
      });
    }
    expect(await look(demo, id)).toMatchObject({ status: 'queued' });
  });

  it('refuses data of another size than promised', async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later, formats);
    const { code, err } = await demo.tglance(`image-upload ${id} --size 9`, { input: Buffer.from('data') });
    expect(code).toBeGreaterThan(0);
    expect(err).toMatch(/9 .*4|4 .*9/);
    expect((await look(demo, id))?.status).not.toBe('active');
  });

  it('leaves an image alone that has its data', async ({ onTestFinished: later }) => {
    const { id, os_hash_value } = await make(demo, later, {}, Buffer.from('first'));
    const again = await demo.tglance(`image-upload ${id}`, { input: Buffer.from('other') });
    expect(again).toMatchObject({ code: 5, out: '' });
    expect(await look(demo, id)).toMatchObject({ status: 'active', os_hash_value });
  });
});

describe('image-download', () => {
  it('writes the exact bytes to standard output', async ({ onTestFinished: later }) => {
    const data = randomBytes(2_000_003);
    const { id } = await make(demo, later, {}, data);
    const { code, bytes, err } = await demo.tglance(`image-download ${id}`);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(bytes.equals(data)).toBe(true);
  });

  it('writes an image without a byte', async ({ onTestFinished: later }) => {
    const { id } = await make(demo, later, {}, Buffer.alloc(0));
    const file = join(await folder(later), 'empty');
    await demo.says(['image-download', id, '--file', file]);
    expect(await readFile(file)).toHaveLength(0);
  });

  it('P1: replaces a file only by the whole image', async ({ onTestFinished: later }) => {
    const place = await folder(later);
    const file = join(place, 'disk');
    await writeFile(file, 'what was there before');
    const { id } = await make(demo, later, {}, Buffer.from('the image'));
    await demo.says(['image-download', id, '--file', file]);
    expect(await readFile(file, 'utf8')).toBe('the image');
    expect(await readdir(place)).toEqual(['disk']);
  });

  it.for([
    ['an image without data', 4, 'has no data'],
    ['an image that is not there', 4, 'No image found'],
  ] as const)('P1: leaves a file as it was for %s', async ([which, , said], { onTestFinished: later }) => {
    const place = await folder(later);
    const file = join(place, 'disk');
    await writeFile(file, 'what was there before');
    const { id } = await make(demo, later, formats);
    const word = which === 'an image without data' ? id : 'nowhere';
    const { code, out, err } = await demo.tglance(['image-download', word, '--file', file]);
    expect(out).toBe('');
    expect(code).toBeGreaterThan(0);
    expect(err).toContain(said);
    expect(await readFile(file, 'utf8')).toBe('what was there before');
    expect(await readdir(place)).toEqual(['disk']);
  });

  it.for([
    ['changed', (file: string) => writeFile(file, Buffer.alloc(100_000, 'x'))],
    ['cut', (file: string) => truncate(file, 50_000)],
  ] as const)(
    'P10: gives no file its name when the data were %s in the store',
    async ([, spoil], context) => {
      const later = context.onTestFinished;
      const { id, direct_url } = await make(demo, later, {}, Buffer.alloc(100_000, 'o'));
      await spoil(fileURLToPath(String(direct_url)));
      const place = await folder(later);
      const { code, out, err } = await demo.tglance(['image-download', id, '--file', join(place, 'disk')]);
      expect(out).toBe('');
      expect(code).toBeGreaterThan(0);
      expect(err.split('\n').length).toBeLessThanOrEqual(4);
      expect(await readdir(place)).toEqual([]);
    },
  );
});
