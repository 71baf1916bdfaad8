import { expect, it } from 'vitest';
import { type Bytes, readAt } from '../../src/disk/bytes.ts';
import { memoryBytes } from '../../src/disk/file.ts';
import { DiskError } from '../../src/errors.ts';
import { requirements, resultOf } from '../../src/guest/check.ts';
import { hygiene } from '../../src/guest/checks/hygiene.ts';
import { openInitramfs } from '../../src/guest/cpio.ts';
import type { Node } from '../../src/guest/file-system.ts';
import { guestOf } from '../../src/guest/guest.ts';
import { efiSystem } from '../support/disks.ts';
import { ext4 } from '../support/ext4.ts';
import { fat } from '../support/fat.ts';
import { cpio, divided } from '../support/guests.ts';
import { physicalVolume } from '../support/lvm.ts';
import { randomFrom } from '../support/mutations.ts';
import { cirros, cirrosInitramfs, debian } from '../support/trees.ts';
import { xfs } from '../support/xfs.ts';

/** Reads everything there is to read. */
async function readAll(disk: Bytes): Promise<void> {
  const { guest, disk: found } = await guestOf(disk);
  if (guest !== undefined) for (const check of [...requirements, ...hygiene]) await resultOf(check, guest);
  for (const { files } of found.volumes) if (files !== undefined) await walk(await files.root(), 0);
}

async function walk(node: Node, depth: number): Promise<void> {
  if (depth > 12) return;
  if (node.kind !== 'directory') {
    const content = await node.content();
    await readAt(content, 0, Math.min(content.size, 4096));
    return;
  }
  for (const entry of await node.entries()) await walk(await entry.node(), depth + 1);
}

const images: readonly (readonly [string, Buffer, (disk: Bytes) => Promise<void>])[] = [
  ['ext4', ext4(debian), readAll],
  [
    'a divided disk with FAT',
    divided({ content: fat({ 'EFI/BOOT/a file': 'x' }), type: efiSystem }),
    readAll,
  ],
  ['FAT', fat({ 'etc/os-release': 'ID=x\n', 'EFI/BOOT/BOOTX64.EFI': 'MZ' }), readAll],
  ['LVM', physicalVolume({ root: ext4(debian) }), readAll],
  ['XFS', xfs(Array.from({ length: 100 }, (_, index) => Buffer.alloc(8, index))), readAll],
  ['CirrOS', ext4(cirros), readAll],
  ['an initramfs', cpio(cirrosInitramfs), async (disk) => walk(await (await openInitramfs(disk)).root(), 0)],
];

const awkward = [0, 1, 0x7f, 0xff, 0x7fff_ffff, 0xffff_ffff];

/** Where there is something, in steps of 64 bytes. */
const usedIn = (image: Buffer): number[] =>
  Array.from({ length: Math.floor(image.length / 64) }, (_, index) => index * 64).filter((at) =>
    image.subarray(at, at + 64).some((byte) => byte !== 0),
  );

/** Writes over up to three of those places; gives what undoes it. */
function spoil(image: Buffer, used: readonly number[], random: (most: number) => number): () => void {
  const places = Array.from({ length: 1 + random(3) }, () => (used[random(used.length)] ?? 0) + random(60));
  const before = places.map((at) => Buffer.from(image.subarray(at, at + 4)));
  for (const at of places) {
    const value = awkward[random(awkward.length)] ?? 0;
    if (random(2) === 0) image.writeUInt32LE(value, at);
    else image.writeUInt32BE(value, at);
  }
  return () => {
    for (const index of places.keys()) before.at(-1 - index)?.copy(image, places.at(-1 - index));
  };
}

it.each(images)(
  'P40: whatever is damaged in %s is read or refused, and nothing else happens',
  async (_name, image, read) => {
    const random = randomFrom(40);
    const used = usedIn(image);
    const sums = { read: 0, refused: 0 };
    for (let round = 0; round < 150; round += 1) {
      const undo = spoil(image, used, random);
      try {
        await read(memoryBytes(random(8) === 0 ? image.subarray(0, random(image.length)) : image));
        sums.read += 1;
      } catch (error) {
        if (!(error instanceof DiskError)) throw new Error(`round ${round}`, { cause: error });
        sums.refused += 1;
      }
      undo();
    }
    expect(sums.refused).toBeGreaterThan(0);
  },
);

it('damage to the metadata of ext4 makes no check fail', async () => {
  const image = ext4(debian);
  const end = image.indexOf('ID=debian');
  const random = randomFrom(41);
  for (let round = 0; round < 150; round += 1) {
    const at = 1024 + random(end - 1024);
    const before = image[at] ?? 0;
    image[at] = before ^ (1 << random(8));
    const { guest } = await guestOf(memoryBytes(image)).catch(refusal);
    for (const check of requirements) {
      if (guest === undefined) break;
      const { verdict } = await resultOf(check, guest).catch(() => ({ verdict: 'damaged' }));
      expect(verdict === 'pass' || verdict === 'damaged', `byte ${at}: ${check.id} says ${verdict}`).toBe(
        true,
      );
    }
    image[at] = before;
  }
});

function refusal(error: unknown): { guest: undefined } {
  if (error instanceof DiskError) return { guest: undefined };
  throw error;
}
