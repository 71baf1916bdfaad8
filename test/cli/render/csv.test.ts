import { expect, it } from 'vitest';
import { record } from '../../../src/define/view.ts';
import { listOf, printed } from './printed.ts';

const values = [
  { ID: '1', Size: 10, Tags: ['a'], Note: 'say "hi", a\\b' },
  { ID: '2', Size: null, Protected: true, Note: '' },
];

it.each([
  ['nonnumeric', '"ID","Size","Tags","Note"\n"1",10,"[\'a\']","say ""hi"", a\\\\b"\n"2","","",""\n'],
  ['all', '"ID","Size","Tags","Note"\n"1","10","[\'a\']","say ""hi"", a\\\\b"\n"2","","",""\n'],
  ['minimal', 'ID,Size,Tags,Note\n1,10,[\'a\'],"say ""hi"", a\\\\b"\n2,,,\n'],
  ['none', 'ID,Size,Tags,Note\n1,10,[\'a\'],say \\"hi\\"\\, a\\\\b\n2,,,\n'],
] as const)('--quote %s quotes as cliff does', async (quote, expected) => {
  expect(await printed(listOf(values), { format: 'csv', quote })).toBe(expected);
});

it('a thing is one line under its names', async () => {
  expect(await printed(record({ b: true, a: 'x' }), { format: 'csv' })).toBe('"a","b"\n"x",True\n');
});
