import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { record, rows } from '../../../src/define/view.ts';
import { printed } from './printed.ts';

const harmful = /[\0-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]/;

it('a thing becomes assignments to valid names', async () => {
  const view = record({ 'hw:a-b c.d': true, Name: 'say "$HOME" `id` \\' });
  expect(await printed(view, { format: 'shell', prefix: '1-' })).toBe(
    '_1_name="say \\"\\$HOME\\" \\`id\\` \\\\"\n_1_hw_a_b_c_d="True"\n',
  );
});

it('P31: a shell reads every value as it was, and runs none of them', async () => {
  const texts = [
    '$(echo no)',
    "it's",
    '"\\"',
    'two\nlines\n',
    "\x1b[2J'; echo no; '\\",
    '\u202e7',
    '\x077',
    '!x *',
  ];
  const view = record(Object.fromEntries(texts.map((text, at) => [`v${at}`, text])));
  const script = `${await printed(view, { format: 'shell' })}printf '%s|' ${texts.map((_, at) => `"$v${at}"`).join(' ')}`;
  expect(script.split('printf')[0]).not.toMatch(harmful);
  expect(execFileSync('bash', ['-c', script]).toString()).toBe(texts.map((text) => `${text}|`).join(''));
});

it('P37: a list is refused before it is asked for', async () => {
  const never = (): AsyncIterator<object[]> => {
    throw new Error('asked');
  };
  const view = rows({ [Symbol.asyncIterator]: never }, {} as never, []);
  await expect(printed(view, { format: 'shell' })).rejects.toThrow("'shell' is a format for one thing");
});
