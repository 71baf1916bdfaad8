import { expect, it } from 'vitest';
import { memoryBytes } from '../../src/disk/file.ts';
import { damage, outcomeOf, randomFrom } from '../support/mutations.ts';
import { subjects } from '../support/subjects.ts';

const all = subjects().map((subject) => [subject.title, subject] as const);

it.each(all)('%s is sound before it is damaged', async (_title, { image, format, read }) => {
  const sealed = ['luks', 'gzip'].includes(format) || /descriptor|COWD|differencing|log/.test(_title);
  expect(await outcomeOf(() => read(memoryBytes(image)))).toBe(sealed ? 'refused' : 'read');
});

it.each(all)('P40: %s, damaged in fifty ways, is read or refused', async (title, subject) => {
  const random = randomFrom(title.length);
  const sums = { read: 0, refused: 0 };
  for (let round = 0; round < 50; round += 1) {
    const { damaged, undo } = damage(subject, random);
    sums[await outcomeOf(() => subject.read(memoryBytes(damaged)))] += 1;
    undo();
  }
  expect(sums.read + sums.refused).toBe(50);
});
