import { execFileSync } from 'node:child_process';
import { describe, expect } from 'vitest';
import { it } from '../support/folder.ts';
import { convert, hasQemu, qemuImg, titleOf, variants, writeDisk } from '../support/qemu.ts';
import { tglance } from '../support/tglance.ts';

if (!hasQemu) console.log('conversion beside QEMU skipped: qemu-img is not installed');

const sizes = [3 * 1024 * 1024, 12 * 1024 * 1024 + 3 * 512];

/** Fails unless the bytes of two files are the same. */
const same = (one: string, other: string) => execFileSync('cmp', [one, other]);

describe.runIf(hasQemu)('file-convert beside qemu-img', () => {
  it.for(variants.map((variant) => [titleOf(variant), variant] as const))(
    '%s becomes the raw disk that qemu-img makes of it, and a qcow2 that qemu-img finds no fault with',
    async ([, variant], { path }) => {
      for (const size of sizes) {
        writeDisk(path('source'), size);
        convert(path('source'), path('image'), variant);
        qemuImg('convert', '-f', variant.format, '-O', 'raw', path('image'), path('wanted'));
        for (const to of ['raw', 'qcow2']) {
          const line = `file-convert ${path('image')} ${path(to)} -O ${to} --force`;
          expect(await tglance(line)).toMatchObject({ err: '', code: 0 });
        }
        same(path('raw'), path('wanted'));
        expect(qemuImg('check', '-f', 'qcow2', path('qcow2'))).toContain('No errors were found');
        qemuImg('compare', '-f', 'qcow2', '-F', 'raw', path('qcow2'), path('wanted'));
      }
    },
  );

  it('a disk of many tables is a qcow2 that qemu-img finds no fault with', async ({ path }) => {
    qemuImg('create', '-q', '-f', 'qcow2', '-o', 'cluster_size=4k', path('image'), '5T');
    const writes = [0, 600e6, 2.2e12, 5.49e12].flatMap((at) => ['-c', `write -P 7 ${at - (at % 512)} 70000`]);
    execFileSync('qemu-io', ['-f', 'qcow2', ...writes, path('image')]);
    const line = `file-convert ${path('image')} ${path('copy')} -O qcow2`;
    expect(await tglance(line)).toMatchObject({ err: '', code: 0 });
    expect(qemuImg('check', '-f', 'qcow2', path('copy'))).toContain('No errors were found');
    qemuImg('compare', '-f', 'qcow2', '-F', 'qcow2', path('image'), path('copy'));
  });
});
