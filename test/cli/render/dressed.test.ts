import { expect, it } from 'vitest';
import { record } from '../../../src/define/view.ts';
import { listOf, printed } from './printed.ts';

const images = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ ID: `${at}`, Status: at % 2 ? 'queued' : 'active' }));

it('a screenful on a terminal stands in a box, with coloured headers and statuses', async () => {
  expect(await printed(listOf(images(2)), {}, 80)).toBe(
    [
      '┌────┬────────┐',
      '│ \x1b[1mID\x1b[22m │ \x1b[1mStatus\x1b[22m │',
      '├────┼────────┤',
      '│ 0  │ \x1b[32mactive\x1b[39m │',
      '│ 1  │ \x1b[33mqueued\x1b[39m │',
      '└────┴────────┘',
      '',
    ].join('\n'),
  );
});

it('a thing fits the terminal: text is wrapped by what the terminal shows, numbers stay exact', async () => {
  const value = { name: '日本語日本語日本語日本語', size: 1_500_000_000, status: 'active' };
  expect(await printed(record(value), { color: 'never' }, 31)).toBe(
    [
      '┌──────────┬──────────────────┐',
      '│ Property │ Value            │',
      '├──────────┼──────────────────┤',
      '│ name     │ 日本語日本語日本 │',
      '│          │ 語日本語         │',
      '│ size     │ 1500000000       │',
      '│ status   │ active           │',
      '└──────────┴──────────────────┘',
      '',
    ].join('\n'),
  );
});

it('a wide list never runs over the edge: its widest columns give way, headers stay whole', async () => {
  const wide = {
    ID: 'c1fa4367-b807-45ae-bb8d-c9b5b07c2b5c',
    Container_format: 'bare',
    Owner: 'a'.repeat(32),
  };
  const lines = (await printed(listOf([wide]), { color: 'never' }, 60)).trimEnd().split('\n');
  expect(lines.map(({ length }) => length)).toEqual(lines.map(() => 60));
  expect(lines[1]).toContain('│ Container_format │');
});

it('a longer list is drawn plainly', async () => {
  const text = await printed(listOf(images(51)), { color: 'never' }, 80);
  expect(text.split('\n').slice(0, 5)).toEqual([
    '+----+--------+',
    '| ID | Status |',
    '+----+--------+',
    '| 0  | active |',
    '| 1  | queued |',
  ]);
});

it.each([
  [{ NO_COLOR: '1' }, {}],
  [{ TERM: 'dumb' }, {}],
  [{ NO_COLOR: '1' }, { color: 'auto' }],
  [{}, { color: 'never' }],
] as const)('there is no colour with %o and %o', async (env, choice) => {
  expect(await printed(listOf(images(2)), choice, 80, env)).not.toContain('\x1b');
});

it('--color always colours a pipe too, also against NO_COLOR', async () => {
  const text = await printed(listOf(images(2)), { color: 'always' }, undefined, { NO_COLOR: '1' });
  expect(text).toContain('\x1b[32mactive\x1b[39m');
});

it('P31: nothing but our own colours acts on the terminal', async () => {
  const text = await printed(listOf([{ Status: '\x1b[31mactive\x9b2J\n' }]), { color: 'always' }, 80);
  expect(text.replaceAll(/\x1b\[(1|22)m/g, '')).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f]/);
});
