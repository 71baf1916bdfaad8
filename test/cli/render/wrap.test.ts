import { expect, it } from 'vitest';
import { width } from '../../../src/cli/render/width.ts';
import { wrap } from '../../../src/cli/render/wrap.ts';

it.each([
  ['Look, goof-ball -- use the -b option!', 12, ['Look, goof-', 'ball -- use', 'the -b', 'option!']],
  ['well-known C-3PO a-b-c --opt', 8, ['well-', 'known', 'C-3PO', 'a-b-c', '--opt']],
  ['one--two', 5, ['one--', 'two']],
  ['abcdefghijkl', 5, ['abcde', 'fghij', 'kl']],
  ['12345-678901-2', 8, ['12345-', '678901-2']],
  ['a         b', 4, ['a', 'b']],
  ['          ', 4, []],
  ['日本語日本語', 4, ['日本語日', '本語']],
  ['😀😀😀', 2, ['😀😀', '😀']],
])('%j in %d characters', (text, room, lines) => {
  expect(wrap(text, room)).toEqual(lines);
});

it('what a terminal shows can be counted instead', () => {
  expect(wrap('日本語 e\u0301e\u0301e\u0301e\u0301e\u0301', 4, width)).toEqual([
    '日本',
    '語 e\u0301',
    'e\u0301'.repeat(4),
  ]);
});

it('P34: a word of a million characters is no more work than a million words', () => {
  expect(wrap('x'.repeat(1_000_000), 80).length).toBe(12_500);
});
