import { describe, expect, it } from 'vitest';
import { globals } from '../src/cli/globals.ts';
import { parse } from '../src/cli/parse.ts';
import { shapeOf, spellOut, splitAtCommand } from '../src/cli/words.ts';
import { catalog } from '../src/commands/index.ts';

/** Global options that a command may have of its own, behind its name, and why. */
const mayHide = new Map([
  ['--force', 'image-create of a volume in use; glance has its own before the command only'],
  ['--timeout', 'how long to wait for the cloud, where a command can wait'],
  ['--prefix', "what names of properties begin with: glance's word in md-resource-type-associate"],
]);

const shapes = Object.values(globals).map(shapeOf);
const commands = await Promise.all(catalog.map(async (row) => ({ row, command: await row.load() })));

it('names are unique, lower case and hyphenated', () => {
  const names = catalog.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
});

it('no two global options share a spelling', () => {
  const names = shapes.flatMap((shape) => shape.names);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

describe.each(commands)('$row.name', ({ row, command }) => {
  it('has a summary that fits a line and reads like one', () => {
    expect(row.summary.length).toBeLessThanOrEqual(60);
    expect(row.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(command.about).toMatch(/\.( |$)/);
  });

  it('has options in kebab case that name their values and hide no global one', () => {
    for (const option of Object.values(command.options ?? {})) {
      const { names, value } = shapeOf(option);
      expect(names.every((name) => /^(-[a-zA-Z]|--[a-z0-9]+(-[a-z0-9]+)*)$/.test(name))).toBe(true);
      expect(value === '').toBe(option.bare !== undefined && !option.flags.includes('['));
      const global = names.filter((name) => shapes.some((shape) => shape.names.includes(name)));
      expect(global.filter((name) => !mayHide.has(name))).toEqual([]);
    }
  });

  it('has examples that parse', () => {
    for (const line of command.examples ?? []) {
      const [program, ...words] = wordsOf(line);
      expect(program).toBe('tglance');
      const { before, name, after } = splitAtCommand(words, shapes);
      expect(name).toBe(row.name);
      expect(parse(row, command, globals, { before, after }, {}).help).toBeUndefined();
    }
    expect(command.examples?.length).toBeGreaterThan(0);
  });
});

/** The words of a command line as a shell takes them, single quotation marks being all that examples need. */
const wordsOf = (line: string) =>
  (line.match(/(?:'[^']*'|\S)+/g) ?? []).map((word) => word.replaceAll("'", ''));

it('every export of a noun is in the catalog', async () => {
  const used = new Set(commands.map(({ command }) => command));
  const nouns = [
    import('../src/commands/image.ts'),
    import('../src/commands/image-create.ts'),
    import('../src/commands/image-data.ts'),
    import('../src/commands/image-download.ts'),
    import('../src/commands/image-tag.ts'),
    import('../src/commands/image-member.ts'),
    import('../src/commands/image-location.ts'),
    import('../src/commands/store.ts'),
    import('../src/commands/cache.ts'),
    import('../src/commands/task.ts'),
    import('../src/commands/image-import.ts'),
    import('../src/commands/image-look.ts'),
    import('../src/commands/image-verify.ts'),
    import('../src/commands/info.ts'),
    import('../src/commands/file.ts'),
    import('../src/commands/file-convert.ts'),
    import('../src/commands/file-tree.ts'),
    import('../src/commands/file-check.ts'),
    import('../src/commands/api.ts'),
    import('../src/commands/md-namespace.ts'),
    import('../src/commands/md-resource-type.ts'),
    import('../src/commands/md-property.ts'),
    import('../src/commands/md-object.ts'),
    import('../src/commands/md-tag.ts'),
    import('../src/commands/cloud.ts'),
    import('../src/commands/config.ts'),
    import('../src/commands/sandbox.ts'),
    import('../src/commands/shell.ts'),
  ];
  for (const noun of await Promise.all(nouns)) {
    expect(
      Object.entries(noun)
        .filter(([, command]) => !used.has(command as never))
        .map(([name]) => name),
    ).toEqual([]);
  }
});

it('spelling out does not change what is spelled out already', () => {
  const words = ['--format=json', '--debug'];
  expect(spellOut(words, [], shapes)).toEqual(words);
});
