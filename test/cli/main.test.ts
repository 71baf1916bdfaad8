import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { catalog } from '../../src/commands/index.ts';
import { tglance } from '../support/tglance.ts';

describe('help', () => {
  it.each(['', 'help', '--help', '-h', '--help image-list'])(
    '"%s" shows every command and every global option',
    async (line) => {
      const { out, err, code } = await tglance(line);
      expect({ err, code }).toEqual({ err: '', code: 0 });
      for (const { name } of catalog) expect(out).toContain(`  ${name} `);
      expect(out).toContain('--os-auth-url <URL>');
      expect(out).not.toContain('--collect-timing');
    },
  );

  it.each(['help image-list', 'image-list --help', 'image-list -h', 'image-list --limit 3 --help'])(
    '"%s" shows the command',
    async (line) => {
      const { out, code } = await tglance(line);
      expect(code).toBe(0);
      expect(out).toMatch(/^Usage: tglance image-list \[options\]\n/);
      expect(out).toContain('$ tglance image-list --visibility shared --limit 20');
      expect(out).not.toContain('--os-auth-url');
    },
  );

  it('what a command is about fills the lines of its help, and options say nothing of how they are parsed', async () => {
    for (const { name } of catalog) {
      const { out } = await tglance(`${name} --help`);
      const about = out.split('\n\n')[1]?.split('\n') ?? [];
      for (const [at, line] of about.slice(1).entries()) {
        const [word = ''] = line.split(' ');
        expect(`${about[at]} ${word}`.length, `${name}: ${line}`).toBeGreaterThan(80);
      }
      expect(out, name).not.toContain('(preset: ');
    }
  });
});

it('--version is that of the package', async () => {
  expect(await tglance('--version')).toMatchObject({ out: `${manifest.version}\n`, err: '', code: 0 });
});

describe('P37: a wrong command line', () => {
  it.each([
    ['imag-list', "tglance: error: unknown command 'imag-list' (Did you mean image-list?)"],
    ['help nope', "tglance: error: unknown command 'nope'"],
    ['--bogus', "tglance: error: unknown option '--bogus'"],
    ['--bogus image-list', "tglance: error: unknown option '--bogus'"],
    ['--os-clud=x image-list', "unknown option '--os-clud=x' (Did you mean --os-cloud?)"],
    ['image-list --limt 3', "unknown option '--limt' (Did you mean --limit?)"],
    ['image-list --os-clud x', "unknown option '--os-clud' (Did you mean --os-cloud?)"],
    ['image-list --sort-key nme', '(Did you mean name?)'],
    ['image-show', "tglance image-show: error: missing required argument 'IMAGE'"],
    ['image-list --os-image-api-version 1', 'Version 1 of the Image API is not supported'],
    ['--os-image-api-version=3 image-list', 'Invalid API version parameter. Supported values are [1, 2]'],
    ['image-list -f xml', "'xml' is not one of table, json, jsonl, yaml, csv, value, shell"],
    ['image-list --limit', "option '--limit' needs a value"],
  ])('%s', async (line, message) => {
    const { out, err, code } = await tglance(line);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
  });

  it.each(['image-list -fxml', 'image-list -vfxml'])('%s, with letters side by side', async (line) => {
    expect((await tglance(line)).err).toContain("'xml' is not one of");
  });

  it('says the same as an object where JSON is wanted', async () => {
    const { err } = await tglance('-f json image-list --os-cloud nope');
    expect(JSON.parse(err)).toMatchObject({
      code: 2,
      error: expect.stringContaining('Cloud nope was not found'),
    });
  });
});

it('an option that a command has too is the global one before its name, and its own behind it', async () => {
  const { err } = await tglance('--limit 3 image-list');
  expect(err).toContain("unknown option '--limit'");
});

it("takes glance's options that mean nothing here", async () => {
  const { code } = await tglance('--os-image-api-version=2 --get-schema --collect-timing -f help');
  expect(code).toBe(0);
});

it('--profile KEY was an unknown option', async () => {
  for (const line of ['--profile KEY help image-list', '--profile=KEY help', 'image-list --profile KEY -h']) {
    const { out, err, code } = await tglance(line);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).not.toContain('--profile');
  }
});

it.each(['-vf help', '-fv help', '-dv help', '-vd help', 'help -vd'])(
  '%s: letters side by side before the command were an unknown option',
  async (line) => {
    expect(await tglance(line)).toMatchObject({ err: '', code: 0 });
  },
);

it('letters side by side mean the same as one by one', async () => {
  for (const line of ['-vfjson image-list --os-cloud nope', '-vf json image-list --os-cloud nope']) {
    expect(JSON.parse((await tglance(line)).err)).toMatchObject({ code: 2 });
  }
  expect((await tglance('-vx image-list')).err).toContain("unknown option '-vx'");
});
