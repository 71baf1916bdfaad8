import { expect, it } from 'vitest';
import { path } from '../../src/glance/path.ts';

it.each([
  ['a/../b', '/v2/images/a%2F..%2Fb/file'],
  ['a?b#c', '/v2/images/a%3Fb%23c/file'],
  ['日本', '/v2/images/%E6%97%A5%E6%9C%AC/file'],
])('P33: %s cannot leave its place in a path', (word, expected) => {
  expect(path`/v2/images/${word}/file`).toBe(expected);
});

it.each(['', '.', '..', '\ud800'])('P33: %j is refused before anything is sent', (word) => {
  expect(() => path`/v2/images/${word}`).toThrow(/cannot be the name|not valid Unicode/);
});
