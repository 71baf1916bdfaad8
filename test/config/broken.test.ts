import { describe, expect } from 'vitest';
import { it } from './place.ts';

const OS_CLOUD = 'prod';

describe('P27: what is wrong with a file is told with its line and none of its words', () => {
  const letters = 'abcdefghij'.split('');
  const bomb = letters
    .map((c, i) => `${c}: &${c} [${Array(10).fill(i === 0 ? 'x' : `*${letters[i - 1]}`)}]`)
    .join('\n');
  const quote = 'put quotes around a value that starts with';

  it.for([
    ['line 3: not valid YAML (bad indent)', 'clouds:\n  prod: {\n'],
    ['line 3: not valid YAML (tab as indent)', 'clouds:\n  prod:\n\tauth: {}\n'],
    ['line 4: not valid YAML (missing char)', 'clouds:\n  prod:\n    auth: {password: "hunter2\n'],
    ['line 2: not valid YAML (multiple docs)', 'clouds: {}\n---\nclouds: {}\n'],
    ['line 1: not valid YAML (resource exhaustion)', `clouds: ${'{a: '.repeat(20_000)}`],
    [`line 2: tags (!word) are not allowed; ${quote} !`, 'clouds:\n  prod: !!js/function "x"\n'],
    [
      `line 2: tags (!word) are not allowed; ${quote} !`,
      'clouds:\n  prod: !!python/object/apply:os.system [x]\n',
    ],
    [
      `line 3: a reference (*name) to nothing; ${quote} *`,
      'clouds:\n  prod:\n    auth: {password: *hunter2 }\n',
    ],
    ['line 2: << needs a reference (*name) to a mapping', 'clouds:\n  prod: {<<: 5}\n'],
    [
      'line 11: references (*name) multiply here, or do not name a mapping where << needs one',
      `${bomb}\nclouds: {prod: {x: *j}}`,
    ],
    ['line 2: more than 1000 references (*name)', `a: &a x\nb: [${Array(1001).fill('*a')}]`],
    ['line 1: the file must be a mapping with clouds in it', '- prod\n'],
    ['line 2: clouds must be a mapping of names to clouds', 'clouds:\n  - prod\n'],
    ['line 3: a cloud must be a mapping of keys to values', 'clouds:\n  prod:\n    - x\n'],
    ['line 3: auth must be a mapping of keys to values', 'clouds:\n  prod:\n    auth: hunter2\n'],
    ['line 4: auth.password must be one word', 'clouds:\n  prod:\n    auth:\n      password: {hunter2: x}\n'],
  ] as const)('%s', async ([problem, text], { machine }) => {
    expect(await machine.problem({ OS_CLOUD }, {}, { 'cwd/clouds.yaml': text })).toBe(
      `UsageError: $ROOT/cwd/clouds.yaml, ${problem}`,
    );
  });

  it('and only when it is wrong with the cloud that is used', async ({ machine }) => {
    const files = { 'cwd/clouds.yaml': 'clouds: {bad: {auth: []}, prod: {auth: {username: u}}}' };
    expect((await machine.resolve({ OS_CLOUD }, {}, files)).get('username')).toBe('u');
  });
});
