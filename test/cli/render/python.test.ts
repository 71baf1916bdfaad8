import { expect, it } from 'vitest';
import { dumps, repr, str } from '../../../src/cli/render/python.ts';

it.each([
  [null, 'None', 'null'],
  [true, 'True', 'true'],
  [0, '0', '0'],
  [0.1, '0.1', '0.1'],
  [0.00001, '1e-05', '1e-05'],
  [1.25e-7, '1.25e-07', '1.25e-07'],
  [10 ** 15, '1000000000000000', '1000000000000000'],
  ['a', "'a'", '"a"'],
  ["it's", '"it\'s"', '"it\'s"'],
  [`'"`, `'\\'"'`, `"'\\""`],
  ['\\ \n\t\x1b\x7f', "'\\\\ \\n\\t\\x1b\\x7f'", '"\\\\ \\n\\t\\u001b\\u007f"'],
  ['é\u00a0\u3000\ue000', "'é\\xa0\\u3000\\ue000'", '"\\u00e9\\u00a0\\u3000\\ue000"'],
  ['😀\ud800', "'😀\\ud800'", '"\\ud83d\\ude00\\ud800"'],
  [[], '[]', '[]'],
  [['a', [1, null]], "['a', [1, None]]", '["a", [1, null]]'],
  [{ a: { b: false }, "c'": [] }, "{'a': {'b': False}, \"c'\": []}", '{"a": {"b": false}, "c\'": []}'],
])('%j has the repr and the JSON that Python gives it', (value, python, json) => {
  expect(repr(value)).toBe(python);
  expect(dumps(value)).toBe(json);
});

it('a string is its own str', () => {
  expect(str("it's")).toBe("it's");
});
