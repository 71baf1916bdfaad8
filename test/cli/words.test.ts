import { describe, expect, it } from 'vitest';
import { shapeOf, spellOut, splitAtCommand } from '../../src/cli/words.ts';

const shapes = (...flags: string[]) => flags.map((it) => shapeOf({ flags: it }));
const format = shapeOf({ flags: '-f, --format <FORMAT>', choices: ['json', 'table'] });
const globals = [
  ...shapes(
    '-d, --debug',
    '--os-image-api-version <N>',
    '--os-user-name, --os-username <NAME>',
    '--sort-column <C>',
  ),
  format,
];
const own = shapes('--limit <N>', '--sort <KEYS>', '--sort-key <KEY>', '--hidden [BOOL]', '--tags <TAG...>');

describe('splitAtCommand', () => {
  it.each([
    ['image-list', [], 'image-list', []],
    ['--debug image-list --limit 2', ['--debug'], 'image-list', ['--limit', '2']],
    ['--os-username demo image-list', ['--os-username', 'demo'], 'image-list', []],
    ['--os-username=demo image-list', ['--os-username=demo'], 'image-list', []],
    ['--os-image-api 2 image-list', ['--os-image-api', '2'], 'image-list', []],
    ['-f json image-list', ['-f', 'json'], 'image-list', []],
    ['-f image-list', [], 'image-list', []],
    ['-d', ['-d'], undefined, []],
    ['-df image-list', ['-d'], 'image-list', []],
    ['-fd image-list', ['-d'], 'image-list', []],
    ['-df json image-list', ['-d', '-f', 'json'], 'image-list', []],
    ['-dfjson image-list', ['-d', '-f', 'json'], 'image-list', []],
    ['-dx image-list', ['-dx'], 'image-list', []],
    ['-xd image-list', ['-xd'], 'image-list', []],
  ])('%s', (line, before, name, after) => {
    expect(splitAtCommand(line.split(' '), globals)).toEqual({ before, name, after });
  });
});

describe('spellOut', () => {
  it.each([
    ['an unambiguous beginning', '--lim 5', '--limit=5'],
    ['a value glued on', '--lim=5', '--limit=5'],
    ['underscores', '--os_user_name demo', '--os-username=demo'],
    ['another name of the same option', '--os-user-name=demo', '--os-username=demo'],
    ['an exact name that begins others', '--sort name', '--sort=name'],
    ["the command's own before the global ones", '--sort-k id', '--sort-key=id'],
    ['a short name', '-f json', '--format=json'],
    ['an optional value left to the parser', '--hidden true', '--hidden true'],
    ['several values', '--tags a b --limit 1', '--tags a b --limit=1'],
    ['the last of several uses of several values', '--tags a b --limit 1 --tags c', '--limit=1 --tags c'],
    ['the last use after one that is glued on', '--tags=a --tags=b --tags c d', '--tags c d'],
    ['everything after two dashes as it is', '-- --lim 5', '-- --lim 5'],
    ['a value that begins with a dash', '--limit -1', '--limit=-1'],
  ])('takes %s', (_what, line, spelled) => {
    expect(spellOut(line.split(' '), own, globals).join(' ')).toBe(spelled);
  });

  it.each([
    ['--sort-', 'ambiguous option: --sort- could match'],
    ['--limit', "option '--limit' needs a value"],
    ['--limit --sort name', "option '--limit' needs a value"],
  ])('refuses %s', (line, message) => {
    const several = [...own, ...shapes('--sort-dir <D>')];
    expect(() => spellOut(line.split(' '), several, globals)).toThrow(message);
  });
});
