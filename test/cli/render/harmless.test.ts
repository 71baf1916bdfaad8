import { expect, it } from 'vitest';
import { harmless } from '../../../src/cli/render/harmless.ts';

it.each([
  ['plain ASCII ~', 'plain ASCII ~'],
  ['日本語 é e\u0301 ❤\ufe0f 🇩🇪 \u00a0', '日本語 é e\u0301 ❤\ufe0f 🇩🇪 \u00a0'],
  ['a\nb\tc\rd', 'a\\nb\\tc\\rd'],
  ['\0\x1b\x7f\x9b', '\\x00\\x1b\\x7f\\x9b'],
  ['\u00ad\u061c\u200b\u202e\u2028\u2066\ufeff', '\\xad\\u061c\\u200b\\u202e\\u2028\\u2066\\ufeff'],
  ['👩\u200d💻\u{e0041}', '👩\\u200d💻\\U000e0041'],
  ['\ud83d \ude00 \ud83d\ude00', '\\ud83d \\ude00 😀'],
])('P31: %j is shown as %s', (text, shown) => {
  expect(harmless(text)).toBe(shown);
});

it('P31: newlines stay where they may', () => {
  expect(harmless('a\n\u202eb', { newlines: true })).toBe('a\n\\u202eb');
});
