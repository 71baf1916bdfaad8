import { expect, it } from 'vitest';
import { memoryBytes } from '../../src/disk/file.ts';
import { DiskError } from '../../src/errors.ts';
import { requirements, resultOf } from '../../src/guest/check.ts';
import { guestOf } from '../../src/guest/guest.ts';
import { ext4 } from '../support/ext4.ts';
import { randomFrom } from '../support/mutations.ts';
import { debian } from '../support/trees.ts';

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
