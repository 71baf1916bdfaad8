import { expect, it } from 'vitest';
import { fileNameAfter } from '../../src/transfer/file-name.ts';

it.each([
  ['Ubuntu 22.04 (Jammy)', 'Ubuntu 22.04 (Jammy)'],
  ['disk.qcow2', 'disk.qcow2'],
  ['日本語 😀', '日本語 😀'],
  ['/etc/passwd', '_etc_passwd'],
  ['..\\..\\x', '_.._x'],
  ['C:\\x', 'C__x'],
  ['.ssh', 'ssh'],
  ['...', 'the-id'],
  [' . ', 'the-id'],
  ['', 'the-id'],
  ['name. . ', 'name'],
  ['a\nb\0c', 'a_b_c'],
  ['a\u009bb\u2028c\u202ed\u200be\ufefff', 'a_b_c_d_e_f'],
  ['\ud800x', '_x'],
  ['--help', '_-help'],
  ['a*?"<>|b', 'a______b'],
  ['CON', '_CON'],
  ['nul.img', '_nul.img'],
  ['com1', '_com1'],
  ['console', 'console'],
])('P32: %j becomes %j', (name, expected) => {
  expect(fileNameAfter([name, 'the-id'])).toBe(expected);
});

it.each(['x', '日', '😀'])('P32: is short enough, in whole characters: %s', (char) => {
  const name = fileNameAfter([char.repeat(1000)]);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
  expect(Buffer.byteLength(name)).toBeGreaterThan(195);
  expect(name.replaceAll(char, '')).toBe('');
});

it('P32: is a name even when no word leaves anything', () => {
  expect(fileNameAfter(['', '..', '/'])).toBe('_');
  expect(fileNameAfter(['', '..'])).toBe('image');
});
