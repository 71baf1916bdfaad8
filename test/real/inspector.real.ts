import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { inspect } from '../../src/disk/inspect.ts';
import {
  imagesOf,
  isoImage,
  qedImage,
  sealedImages,
  udfImage,
  vmdkDescriptor,
  vmdkImage,
} from '../support/disk-images.ts';
import { putGpt, putMbr, qcow2Image } from '../support/disks.ts';
import { it } from '../support/folder.ts';
import { convert, hasQemu, titleOf, variants, writeDisk } from '../support/qemu.ts';
import { looked } from './support/disks.ts';

interface Judged {
  readonly format: string;
  readonly safe: boolean;
  readonly checks: readonly string[];
  readonly size: number;
}

interface Answer {
  readonly source: 'oslo.utils' | 'glance';
  readonly files: Readonly<Record<string, Judged>>;
}

/** Asks the inspector about some files, all at once, or undefined where there is none. */
function judgedBy(...paths: readonly string[]): Answer | undefined {
  const words = [join(import.meta.dirname, 'support/inspector.py'), ...paths];
  const { status, stdout } = spawnSync('/usr/bin/python3', words, { encoding: 'utf8' });
  return status === 0 ? (JSON.parse(stdout) as Answer) : undefined;
}

const source = judgedBy()?.source;
if (source === undefined) console.log("comparison with Glance's inspector skipped: Python has none here");
else console.log(`comparison with Glance's inspector: the one of ${source}`);

/** What the inspector in Glance itself did before it moved to oslo.utils and learned more, which we predict. */
const before: Readonly<Record<string, string>> = {
  gpt: 'it knew no partition tables',
  mbr: 'it knew no partition tables',
  'a boot sector alone': 'it knew no partition tables',
  'a boot flag of 1': 'it knew no partition tables',
  iso: 'it knew no CDs',
  'luks, version 1': 'it knew no LUKS',
  'luks, version 2': 'it knew no LUKS',
  qcow: 'it did not look at the version of qcow',
  'qcow, compressed': 'it did not look at the version of qcow',
  'vmdk, descriptor': 'it knew no descriptors that are files of their own',
  'text for VMware': 'it knew no descriptors that are files of their own',
  'vmdk, streamOptimized': 'it took no VMDK with a footer for one',
  'a footer that differs': 'it took no VMDK with a footer for one',
};

const MiB = 1024 * 1024;

function handMade(): Readonly<Record<string, Buffer>> {
  const [gpt, mbr, none, flag] = [Buffer.alloc(MiB), Buffer.alloc(MiB), Buffer.alloc(MiB), Buffer.alloc(MiB)];
  putGpt(gpt, [{ start: 64, sectors: 64 }]);
  putMbr(mbr, [{ start: 64, sectors: 64, boot: 0x80 }]);
  putMbr(none, []);
  putMbr(flag, [{ start: 64, sectors: 64, boot: 1 }]);
  const footer = vmdkImage(Buffer.alloc(MiB, 'x'), 'streamOptimized');
  footer.writeUInt32LE(2, footer.length - 1020);
  return {
    ...imagesOf(Buffer.alloc(MiB, 'x')),
    qed: qedImage(Buffer.alloc(MiB, 'x')),
    ...sealedImages(),
    gpt,
    mbr,
    'a boot sector alone': none,
    'a boot flag of 1': flag,
    iso: isoImage(),
    udf: udfImage(),
    'a footer that differs': footer,
    'qcow2 with a backing file': qcow2Image(gpt, { backingFile: 'base' }),
    'qcow2 with a data file': qcow2Image(gpt, { features: 4 }),
    'qcow2 with extended L2': qcow2Image(gpt, { features: 16 }),
    'qcow2, encrypted': qcow2Image(gpt, { encryption: 2 }),
    'text for VMware': Buffer.from(vmdkDescriptor('vmfs', 'RW 1 VMFS "/vmfs/disk"')),
    'nothing but text': Buffer.from('nothing but text\n'.repeat(100)),
  };
}

describe.runIf(source !== undefined)("with Glance's own inspector", () => {
  it('images made by hand are judged alike, but for what it did not know before', async ({ path }) => {
    const images = Object.entries(handMade());
    for (const [index, [, image]] of images.entries()) writeFileSync(path(`${index}`), image);
    const answer = judgedBy(...images.map((_, index) => path(`${index}`)));
    const differing: string[] = [];
    for (const [index, [title]] of images.entries()) {
      if (!(await isAlike(path(`${index}`), answer))) differing.push(title);
    }
    expect(differing).toEqual(
      source === 'glance' ? images.map(([title]) => title).filter((title) => title in before) : [],
    );
  });

  it.runIf(hasQemu)('every variant of qemu-img is judged alike', async ({ path }) => {
    writeDisk(path('disk'), 3 * MiB);
    const titles = variants.map(titleOf);
    for (const [index, variant] of variants.entries()) convert(path('disk'), path(`${index}`), variant);
    const answer = judgedBy(...titles.map((_, index) => path(`${index}`)));
    const differing: string[] = [];
    for (const [index, title] of titles.entries()) {
      if (!(await isAlike(path(`${index}`), answer))) differing.push(title);
    }
    expect(differing).toEqual(source === 'glance' ? ['qcow'] : []);
  });
});

/** The formats whose headers tell the size of the disk. */
const sized: readonly string[] = ['qcow2', 'vhd', 'vhdx', 'vmdk', 'vdi', 'iso'];

/** Whether both see one format, find the same wrong with it, and note the same size. */
async function isAlike(path: string, answer: Answer | undefined): Promise<boolean> {
  const theirs = answer?.files[path];
  if (theirs === undefined) throw new Error(`nothing is said of ${path}`);
  const { gate } = await looked(path, (bytes) => inspect(bytes));
  const checks = gate.failures.map(({ check }) => check);
  // of others it tells how far it has read
  const sizes = !theirs.safe || !sized.includes(theirs.format) || gate.size === theirs.size;
  return (
    gate.formats.join() === theirs.format &&
    (checks.length === 0) === theirs.safe &&
    (source === 'glance' ||
      checks.every((check) => theirs.checks.includes(check) || check === 'incomplete')) &&
    sizes
  );
}
