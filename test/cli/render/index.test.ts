import { cachedDataVersionTag } from 'node:v8';
import { expect, it } from 'vitest';
import { render } from '../../../src/cli/render/index.ts';
import { done, plain, rows } from '../../../src/define/view.ts';
import { listOf, printed } from './printed.ts';

it('text is printed as it is, and a sentence to a person is not printed here', async () => {
  expect(await printed(plain('#!/bin/sh\n\x1b'), { format: 'json' })).toBe('#!/bin/sh\n\x1b');
  expect(await printed(done('Deleted.'), { format: 'json' })).toBe('');
});

it('many rows are written in few pieces', async () => {
  const items = Array.from({ length: 10_000 }, (_, at) => ({ ID: `${at}`, Name: 'x'.repeat(40) }));
  const sizes: number[] = [];
  const write = (text: string): void => void sizes.push(text.length);
  await render(listOf(items), {}, { write, terminal: false, columns: undefined });
  expect(sizes.length).toBeLessThan(20);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(10_004 * '| 9999 |  |\n'.length + 10_004 * 40);
});

it.each([3, 30])('a list of %i pages leaves V8 as it was, whether it ends well or badly', async (count) => {
  const before = cachedDataVersionTag();
  const during: number[] = [];
  const list = async function* (end: () => void) {
    for (let page = 0; page < count; page += 1) {
      during.push(cachedDataVersionTag());
      yield Array.from({ length: 1000 }, (_, at) => ({ ID: `${page}-${at}` }));
    }
    end();
  };
  const shown = (end: () => void) =>
    printed(rows(list(end), { ID: 'ID' } as never, ['ID']), { format: 'csv' });
  expect((await shown(() => {})).split('\n')).toHaveLength(count * 1000 + 2);
  expect(cachedDataVersionTag()).toBe(before);
  await expect(shown(() => expect.fail('cut'))).rejects.toThrow('cut');
  expect(cachedDataVersionTag()).toBe(before);
  // it did something, and for long lists no longer than it pays
  expect(during[0]).toBe(before);
  expect(during[2]).not.toBe(before);
  if (count > 20) expect(during[count - 1]).toBe(before);
});
