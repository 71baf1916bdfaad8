import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { record } from '../../../src/define/view.ts';
import { listOf, printed } from './printed.ts';

/** What sets YAML 1.1 and 1.2, or a reader and its terminal, at odds. */
// biome-ignore format: a heap of words
const tricky = [
  'yes', 'No', 'on', 'y', '~', 'null', '', '=', '<<', '1_000', '010', '0o7', '0x1F', '1:20', '1e3', '.5', '.inf',
  '2026-01-01', '2026-01-01T00:00:00Z', '- a', 'a: b', '#', 'a #b', '---', '...', '!x', '&x', '*x', '%x', '@x', '`x`',
  ' lead', 'trail ', '\n', 'two\nlines\n', '  in\nout', 'a\r\nb', '\t', '\x00', '\x1b[2J', '\x7f', '\u0085', '\u202e',
  '\u2028', '\ufeff', '\ufffe', '\ud800', '\u{e0041}', '日本語', '👩\u200d💻', '__proto__',
];
const harmful = /[\0-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]/;

describe.each(['json', 'yaml'] as const)('%s', (format) => {
  const image = {
    numbers: [0, -1, 10 ** 15, 0.1, 1e-7, 1e21],
    other: [true, null, [], {}, [{ a: [{}] }]],
    texts: tricky,
    keys: Object.fromEntries(tricky.map((text) => [text, text])),
  };

  it('P31: gives the objects of the API whole and exact, in bytes that no terminal acts on', async () => {
    const [one, several] = [
      await printed(record(image), { format }),
      await printed(listOf([image, {}]), { format }),
    ];
    for (const version of ['1.1', '1.2'] as const) {
      expect(parse(one, { version, merge: false })).toEqual(image);
      expect(parse(several, { version, merge: false })).toEqual([image, {}]);
    }
    expect(one + several).not.toMatch(harmful);
    expect(one).toContain('日本語');
  });

  it('gives an empty list for no items', async () => {
    expect(await printed(listOf([]), { format })).toBe('[]\n');
  });
});

it('JSON is indented, or one line with --noindent', async () => {
  const items = [{ a: [1] }, { b: {} }];
  expect(await printed(listOf(items), { format: 'json' })).toBe(`${JSON.stringify(items, null, 2)}\n`);
  expect(await printed(listOf(items), { format: 'json', noindent: true })).toBe(`${JSON.stringify(items)}\n`);
});
