import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../src/cli/program.ts';
import { pages } from '../src/generate/pages.ts';
import { tglance } from './support/tglance.ts';

const program = await loadProgram();
const root = join(import.meta.dirname, '..');

it.each(Object.entries(pages))('%s is up to date', (path, write) => {
  const stale = readFileSync(join(root, path), 'utf8') !== write(program);
  expect(stale ? `${path} is stale: run npm run generate` : '').toBe('');
});

it.each([
  ['completion bash', 'completions/tglance.bash'],
  ['completion zsh', 'completions/_tglance'],
  ['completion fish', 'completions/tglance.fish'],
  ['man', 'man/tglance.1'],
])('tglance %s prints %s', async (line, path) => {
  const { out, err, code } = await tglance(line);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  expect(out).toBe(readFileSync(join(root, path), 'utf8'));
});

it('P37: another shell is refused, with the nearest there is', async () => {
  const { err, code } = await tglance('completion bahs');
  expect(code).toBe(2);
  expect(err).toContain("'bahs' is not one of bash, zsh, fish (Did you mean bash?)");
});

describe('bash-completion', () => {
  it.each(['bash-completion', 'bash_completion'])("%s prints what glance's script asks for", async (name) => {
    const { out, err, code } = await tglance(name);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out.endsWith('\n') && out.trimEnd().includes('\n')).toBe(false);
    const words = out.trimEnd().split(' ');
    expect(new Set(words).size).toBe(words.length);
    expect(words).toEqual(expect.arrayContaining(['image-list', 'help', '-h', '--sort-key', '--tags']));
    expect(words).not.toContain('bash-completion');
    expect(words).not.toContain('--is-public');
  });
});

/** What can stand in the tables of the shells without being taken apart. */
it('words to offer are single words', () => {
  const { commands, globals } = program;
  const flags = [...Object.values(globals).flat(), ...commands.flatMap(({ options }) => options)];
  const values = [...flags, ...commands.flatMap(({ args }) => args)].flatMap(({ choices, complete }) => [
    ...(choices ?? []),
    ...(typeof complete === 'object' ? complete : []),
  ]);
  expect(values.filter((word) => !/^[\w./-]+$/.test(word))).toEqual([]);
});

const groff = spawnSync('groff', ['--version']).status === 0;

it.runIf(groff)('the manual page is what man(1) can show without a complaint', () => {
  const { stdout, stderr, status } = spawnSync(
    'groff',
    ['-ww', '-man', '-Tutf8', '-P-cbou', join(root, 'man/tglance.1')],
    { encoding: 'utf8' },
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  for (const { name } of program.commands) expect(stdout).toContain(`tglance ${name}`);
  expect(stdout).not.toMatch(/\\[&(e[]/);
});
