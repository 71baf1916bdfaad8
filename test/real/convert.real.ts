import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { it } from '../support/folder.ts';
import { convert, hasQemu, qemuImg, titleOf, variants, writeDisk } from '../support/qemu.ts';
import { tglance } from '../support/tglance.ts';

if (!hasQemu) console.log('conversion beside QEMU skipped: qemu-img is not installed');

const sizes = [3 * 1024 * 1024, 12 * 1024 * 1024 + 3 * 512];

/** Fails unless the bytes of two files are the same. */
const same = (one: string, other: string) => execFileSync('cmp', [one, other]);

/** Converts `image` to qcow2 in each way: into a file, compressed, and from its first byte to its last one. */
async function expectQcow2(path: (name: string) => string, wanted: string, format: string): Promise<void> {
  const convertTo = async (words: string) => {
    const { err, code, bytes } = await tglance(`file-convert -O qcow2 --force ${path('image')} ${words}`);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    return bytes;
  };
  await convertTo(path('qcow2'));
  await convertTo(`${path('packed')} --compress`);
  writeFileSync(path('streamed'), await convertTo('-'));
  for (const it of ['qcow2', 'packed', 'streamed'].map(path)) {
    expect(qemuImg('check', '-f', 'qcow2', it)).toContain('No errors were found');
    qemuImg('compare', '-f', 'qcow2', '-F', format, it, wanted);
  }
}

describe.runIf(hasQemu)('file-convert beside qemu-img', () => {
  it.for(variants.map((variant) => [titleOf(variant), variant] as const))(
    '%s becomes the raw disk that qemu-img makes of it, and a qcow2 that qemu-img finds no fault with',
    async ([, variant], { path }) => {
      for (const size of sizes) {
        writeDisk(path('source'), size);
        convert(path('source'), path('image'), variant);
        qemuImg('convert', '-f', variant.format, '-O', 'raw', path('image'), path('wanted'));
        const raw = `file-convert ${path('image')} ${path('raw')} -O raw --force`;
        expect(await tglance(raw)).toMatchObject({ err: '', code: 0 });
        same(path('raw'), path('wanted'));
        await expectQcow2(path, path('wanted'), 'raw');
      }
    },
  );

  it('a compressed qcow2 is about as large as that of qemu-img', async ({ path }) => {
    const noise = (index: number) => createHash('sha512').update(`${index}`).digest();
    const lines = Array.from({ length: 300_000 }, (_, index) =>
      index % 3000 < 1000
        ? noise(index)
        : Buffer.from(`line ${index * index} of some text that repeats itself\n`),
    );
    writeFileSync(path('source'), Buffer.concat(lines));
    qemuImg('convert', '-c', '-f', 'raw', '-O', 'qcow2', path('source'), path('wanted'));
    const line = `file-convert --disk-format raw --compress ${path('source')} ${path('packed')} -O qcow2`;
    expect(await tglance(line)).toMatchObject({ err: '', code: 0 });
    expect(qemuImg('check', '-f', 'qcow2', path('packed'))).toContain('No errors were found');
    const [ours, theirs] = [statSync(path('packed')).size, statSync(path('wanted')).size];
    expect(ours / theirs).toBeLessThan(1.03);
    qemuImg('compare', path('packed'), path('wanted'));
  });

  it('a disk of many tables is a qcow2 that qemu-img finds no fault with', async ({ path }) => {
    qemuImg('create', '-q', '-f', 'qcow2', '-o', 'cluster_size=4k', path('image'), '5T');
    const writes = [0, 600e6, 2.2e12, 5.49e12].flatMap((at) => ['-c', `write -P 7 ${at - (at % 512)} 70000`]);
    execFileSync('qemu-io', ['-f', 'qcow2', ...writes, path('image')]);
    await expectQcow2(path, path('image'), 'qcow2');
  });
});
