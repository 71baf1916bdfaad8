import { expect, it } from 'vitest';
import { render } from '../../../src/cli/render/index.ts';
import { done, plain } from '../../../src/define/view.ts';
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
