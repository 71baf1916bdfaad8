import { expect, it } from 'vitest';
import { render } from '../../../src/cli/render/index.ts';
import { record, rows } from '../../../src/define/view.ts';
import { listOf, printed } from './printed.ts';

const images = [
  { ID: '1', Size: 10, Tags: ['a'], Note: 'say "hi", a\\b' },
  { ID: '2', Size: null, Protected: true, Note: '' },
];

it('a list is a line for each item', async () => {
  expect(await printed(listOf(images), { format: 'value' })).toBe('1 10 [\'a\'] say "hi", a\\b\n2 None  \n');
});

it('a thing is a line for each field, and lines of text stay lines', async () => {
  expect(await printed(record({ b: 'two\nlines', a: { c: [null, 1e-5] } }), { format: 'value' })).toBe(
    "{'c': [None, 1e-05]}\ntwo\nlines\n",
  );
});

it('P31: an item cannot make two lines of itself', async () => {
  expect(await printed(listOf([{ name: 'a\nb' }]), { format: 'value' })).toBe('a\\nb\n');
});

it('lines go out while items are still arriving', async () => {
  const written: string[] = [];
  async function* items(): AsyncGenerator<object[]> {
    for (let n = 0; n < 3; n++) {
      yield [{ ID: 'x'.repeat(70_000) }];
      expect(written.length).toBe(n + 1);
    }
  }
  const write = (text: string): void => void written.push(text);
  const view = rows(items(), { ID: 'ID' } as never, ['ID']);
  await render(view, { format: 'value' }, { write, terminal: false, columns: undefined });
  expect(written.length).toBe(3);
});
