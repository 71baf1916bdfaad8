import { expect, it } from 'vitest';
import { damage, outcomeOf, randomFrom } from '../support/mutations.ts';
import { soundImages } from '../support/sound-images.ts';

it.each(soundImages())('P40: %s, damaged in fifty ways, is read or refused', async (title, image) => {
  const random = randomFrom(title.length);
  const sums = { read: 0, refused: 0 };
  for (let round = 0; round < 50; round += 1) {
    const { damaged, undo } = damage(image, random);
    sums[await outcomeOf(damaged)] += 1;
    undo();
  }
  expect(sums.read + sums.refused).toBe(50);
});
