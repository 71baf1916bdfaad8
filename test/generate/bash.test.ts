import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, isInstalled, known, layDesk, names, openShell, type Shell } from '../support/shell.ts';

const script = join(import.meta.dirname, '../../completions/tglance.bash');
const bashCompletion = '/usr/share/bash-completion/bash_completion';

/** What somebody types, and what the line is after TAB. */
const lines: readonly (readonly [keys: string, line: string])[] = [
  // commands and options
  ['tglance image-sh', 'tglance image-show '],
  ['tglance help image-sh', 'tglance help image-show '],
  ['tglance image_', 'tglance image_'],
  ['tglance image-list --member', 'tglance image-list --member-status '],
  ['tglance image-show cirros --human', 'tglance image-show cirros --human-readable '],
  ['tglance --os-clo', 'tglance --os-cloud '],
  ['tglance image-list --os-reg', 'tglance image-list --os-region-name '],
  ['tglance --os_cl', 'tglance --os_cl'],
  ['tglance image-create --is-p', 'tglance image-create --is-p'],
  ['tglance --os-region-name x -f json image-li', 'tglance --os-region-name x -f json image-list '],
  ['X=1 tglance image-sh', 'X=1 tglance image-show '],
  ['true && tglance image-sh', 'true && tglance image-show '],
  // words that a value can be
  ['tglance image-list -f js', 'tglance image-list -f json '],
  ['tglance --format=js', 'tglance --format=json '],
  ['tglance --form js', 'tglance --form json '],
  ['tglance image-list --sort_key na', 'tglance image-list --sort_key name '],
  ['tglance image-list --hidden=tr', 'tglance image-list --hidden=true '],
  ['tglance image-list --hidden tr', 'tglance image-list --hidden true '],
  ['tglance image-list --hidden --member-st', 'tglance image-list --hidden --member-status '],
  ['tglance image-create --tags a b --nam', 'tglance image-create --tags a b --name '],
  ['tglance member-update cirros demo rej', 'tglance member-update cirros demo rejected '],
  ['tglance explain metadefs/resource_types', 'tglance explain metadefs/resource_types '],
  ['tglance image-list -c upd', 'tglance image-list -c upd'],
  ['tglance image-list -c Upd', 'tglance image-list -c Updated_at '],
  // names in the cloud, as the line quotes them
  ['tglance image-show ci', 'tglance image-show cirros '],
  ['tglance image-delete cirros ci', 'tglance image-delete cirros cirros '],
  ['tglance image-show cirros ci', 'tglance image-show cirros ci'],
  ['tglance image-tag-update cirros ', 'tglance image-tag-update cirros '],
  ['tglance image-show -- ci', 'tglance image-show -- cirros '],
  ['tglance image-show --max-column-width 9 ci', 'tglance image-show --max-column-width 9 cirros '],
  ['tglance image-list --marker=ci', 'tglance image-list --marker=cirros '],
  ['tglance image-show my', 'tglance image-show my\\ image '],
  ['tglance image-show my\\ i', 'tglance image-show my\\ image '],
  ['tglance image-show "my', 'tglance image-show "my image" '],
  ["tglance image-show 'my i", "tglance image-show 'my image' "],
  ['tglance image-show "my "i', 'tglance image-show my\\ image '],
  ['tglance image-list --marker="my', 'tglance image-list --marker="my image" '],
  ['tglance image-show it', "tglance image-show it\\'s "],
  ["tglance image-show 'i", "tglance image-show 'it'\\''s' "],
  ['tglance image-show a:', 'tglance image-show a:b:c '],
  ['tglance image-show "a:b', 'tglance image-show "a:b:c" '],
  ['tglance image-show gr', 'tglance image-show grün '],
  ['tglance image-show grü', 'tglance image-show grün '],
  ['tglance image-show sa', 'tglance image-show say\\ \\"hi\\" '],
  ['tglance image-show "sa', 'tglance image-show "say \\"hi\\"" '],
  ['tglance image-show c$', 'tglance image-show c\\$t\\`s\\\\\\!e '],
  ['tglance image-show "c', 'tglance image-show "c'],
  ['tglance image-show "c\\$', 'tglance image-show "c\\$t\\`s\\\\"\\!"e" '],
  ["tglance image-show 'c$", "tglance image-show 'c$t`s\\!e' "],
  ['tglance image-show x', 'tglance image-show x\\&y,\\{z\\} '],
  ['tglance image-create --store fa', 'tglance image-create --store fast '],
  ['tglance image-import x --stores fast,ch', 'tglance image-import x --stores fast,cheap '],
  ['tglance --os-cloud sa', 'tglance --os-cloud sandbox '],
  ['tglance config-set columns.image-l', 'tglance config-set columns.image-list '],
  ['tglance config-set progress al', 'tglance config-set progress always '],
  // files
  ['tglance image-create --file di', 'tglance image-create --file disk\\ one.raw '],
  ['tglance image-create --file=di', 'tglance image-create --file=disk\\ one.raw '],
  ['tglance image-create --file "di', 'tglance image-create --file "disk one.raw" '],
  ['tglance image-create --file fo', 'tglance image-create --file folder/'],
  ['tglance image-create --file ~/fo', 'tglance image-create --file ~/folder/'],
  ['tglance image-download cirros > di', 'tglance image-download cirros > disk\\ one.raw '],
  [
    'tglance image-download cirros 2>/dev/null >di',
    'tglance image-download cirros 2>/dev/null >disk\\ one.raw ',
  ],
  ['tglance sandbox-start --dir fo', 'tglance sandbox-start --dir folder/'],
  ['tglance sandbox-start --dir di', 'tglance sandbox-start --dir di'],
];

const surroundings = [
  ['bash', ''],
  ['bash that breaks words at no = and no :', `COMP_WORDBREAKS=\${COMP_WORDBREAKS//[=:]}`],
  ['bash with bash-completion', `. ${bashCompletion}`],
] as const;

describe.skipIf(!isInstalled('bash')).each(surroundings)('in %s (and script(1))', (name, setup) => {
  const missing = name.includes('with bash-completion') && !existsSync(bashCompletion);
  let desk: Desk;
  let shell: Shell;
  beforeAll(async () => {
    desk = await layDesk();
    shell = await openShell('bash', desk, `${missing ? '' : setup}\n. '${script}'`);
  }, 60_000);
  afterAll(async () => {
    await shell.close();
    await desk.stop();
  });

  it.skipIf(missing).each(lines)('%s TAB', async (keys, line) => {
    expect((await shell.line(`${keys}\t`)).trimEnd()).toBe(line.trimEnd());
  });
});

describe.skipIf(!isInstalled('bash'))('bash (and script(1))', () => {
  let desk: Desk;
  let shell: Shell;
  beforeAll(async () => {
    desk = await layDesk();
    shell = await openShell('bash', desk, 'eval "$(tglance completion bash)"');
  }, 60_000);
  afterAll(async () => {
    await shell.close();
    await desk.stop();
  });

  it('asks the program only where a name in the cloud is meant', async () => {
    desk.calls();
    for (const line of known) await shell.choices(`tglance ${line}`);
    expect(desk.calls()).toEqual([]);
    await shell.line('tglance --os-region-name RegionOne image-tag-delete --insecure "my image" te\t');
    expect(desk.calls()).toEqual(['--os-region-name=RegionOne --insecure __complete image-tag te my image']);
  });

  it('lists names, commands, and options without those of another time', async () => {
    const listed = await shell.choices('tglance image-show ');
    expect(listed.length).toBe(names.length);
    expect(listed).toEqual(expect.arrayContaining(['cirros', 'my\\ image', 'a:b:c']));
    expect(await shell.choices('tglance image-tag-')).toEqual(['image-tag-delete', 'image-tag-update']);
    expect(await shell.choices('tglance image-show x --m')).toEqual(['--max-column-width', '--max-width']);
    expect(await shell.choices('tglance --os-tenant')).toEqual([]);
    expect(await shell.choices('tglance image-show x --')).not.toContain('--os-cloud');
    expect(await shell.choices('tglance --')).toContain('--os-cloud');
  });

  it('leaves no name behind but its own, and works where unset variables are an error', async () => {
    await shell.line('tglance image-show "my\t');
    const local = ['words', 'word', 'own', 'common', 'args', 'open', 'kept', 'choice', 'at', 'line', 'names'];
    expect(await shell.output(`compgen -v | grep -xE '${local.join('|')}'`)).toEqual([]);
    await shell.output('set -u');
    expect(await shell.line('tglance image-sh\t')).toBe('tglance image-show ');
    expect(await shell.line('tglance image-show ci\t')).toBe('tglance image-show cirros ');
    expect(await shell.line('tglance image-delete cirros --de\t')).toBe(
      'tglance image-delete cirros --debug ',
    );
  });
});

describe.skipIf(!isInstalled('bash') || !existsSync(bashCompletion))(
  'bash-completion (installed here)',
  () => {
    it('finds the script where it looks for scripts', async () => {
      const desk = await layDesk();
      const folder = join(desk.home, '.local/share/bash-completion/completions');
      mkdirSync(folder, { recursive: true });
      symlinkSync(script, join(folder, 'tglance'));
      const shell = await openShell('bash', desk, `. ${bashCompletion}`);
      expect(await shell.line('tglance image-sh\t')).toBe('tglance image-show ');
      await shell.close();
      await desk.stop();
    });
  },
);
