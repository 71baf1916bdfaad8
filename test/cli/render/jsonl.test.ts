import { expect, it } from 'vitest';
import { render } from '../../../src/cli/render/index.ts';
import { record, rows } from '../../../src/define/view.ts';
import { listOf, printed } from './printed.ts';

const images = [
  { id: '1', name: 'two\nlines', size: 10 ** 15, tags: ['a'] },
  { id: '2', name: '\x1b[2J\u202e', size: null, tags: [] },
];

it('P31: each item is a line of its own, exact, in characters that no terminal acts on', async () => {
  const text = await printed(listOf(images), { format: 'jsonl' });
  expect(text.match(/\n/g)).toHaveLength(2);
  expect(text).not.toMatch(/[\0-\x09\x0b-\x1f\u202e]/);
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(images);
});

it('-c narrows the items to columns, as in JSON', async () => {
  expect(await printed(listOf(images), { format: 'jsonl', column: ['size', 'id'] })).toBe(
    '{"id":"1","size":1000000000000000}\n{"id":"2","size":null}\n',
  );
});

it('a thing is one line, and an empty list is none', async () => {
  expect(await printed(record({ id: '1', tags: ['a'] }), { format: 'jsonl' })).toBe(
    '{"id":"1","tags":["a"]}\n',
  );
  expect(await printed(listOf([]), { format: 'jsonl' })).toBe('');
});

it.each(['jsonl', 'csv'] as const)('as %s, lines go out while items are still arriving', async (format) => {
  const written: string[] = [];
  async function* items(): AsyncGenerator<object[]> {
    for (let n = 0; n < 3; n++) {
      yield [{ ID: 'x'.repeat(70_000) }];
      expect(written.length).toBe(n + 1);
    }
  }
  const write = (text: string): void => void written.push(text);
  const view = rows(items(), { ID: 'ID' } as never, ['ID']);
  await render(view, { format }, { write, terminal: false, columns: undefined });
});
