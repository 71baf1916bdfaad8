import { expect, it } from 'vitest';
import { didYouMean } from '../../src/define/nearest.ts';
import { chosenOf } from '../../src/define/option.ts';

const formats = ['table', 'json', 'yaml', 'csv', 'value', 'shell'];
const states = ['accepted', 'rejected', 'pending'];

it.each([
  ['yml', formats, 'yaml'],
  ['JSON', formats, 'json'],
  ['jsno', formats, 'json'],
  ['tabel', formats, 'table'],
  ['accept', states, 'accepted'],
  ['pendign', states, 'pending'],
  ['comm', ['public', 'community'], 'community'],
  ['image_list', ['image-list', 'image-show'], 'image-list'],
  ['cat', ['bat', 'cut', 'dog'], 'bat or cut'],
])('P37: %s among %j means %s', (wrong, right, meant) => {
  expect(didYouMean(wrong, right)).toBe(` (Did you mean ${meant}?)`);
});

it.each([
  ['xml', formats],
  ['', formats],
  ['x'.repeat(100_000), formats],
  ['no', ['yes']],
])('what is near nothing gets no suggestion (%#)', (wrong, right) => {
  expect(didYouMean(wrong, right)).toBe('');
});

it('P37: a wrong choice is refused with the right ones and the nearest', () => {
  expect(() => chosenOf(['asc', 'desc'], 'dsc')).toThrow(
    "'dsc' is not one of asc, desc (Did you mean asc or desc?)",
  );
});
