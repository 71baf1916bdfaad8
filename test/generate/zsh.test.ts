import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, isInstalled, known, layDesk, names, openShell, type Shell } from '../support/shell.ts';

const script = join(import.meta.dirname, '../../completions/_tglance');

/** What somebody types, and what the line is after TAB. */
const lines: readonly (readonly [keys: string, line: string])[] = [
  // commands and options
  ['tglance image-sh', 'tglance image-show '],
  ['tglance help image-sh', 'tglance help image-show '],
  ['tglance image-list --member', 'tglance image-list --member-status='],
  ['tglance image-show cirros --human', 'tglance image-show cirros --human-readable '],
  ['tglance --os-clo', 'tglance --os-cloud='],
  ['tglance image-list --os-reg', 'tglance image-list --os-region-name='],
  ['tglance image-create --is-p', 'tglance image-create --is-p'],
  ['tglance --os-region-name x -f json image-li', 'tglance --os-region-name x -f json image-list '],
  ['X=1 tglance image-sh', 'X=1 tglance image-show '],
  // words that a value can be
  ['tglance image-list -f ya', 'tglance image-list -f yaml '],
  ['tglance --format=ya', 'tglance --format=yaml '],
  ['tglance --format ya', 'tglance --format yaml '],
  ['tglance image-list --hidden=tr', 'tglance image-list --hidden=true '],
  ['tglance image-list --hidden tr', 'tglance image-list --hidden true '],
  ['tglance image-list --hidden --member-st', 'tglance image-list --hidden --member-status='],
  ['tglance image-create --tags a b --nam', 'tglance image-create --tags a b --name='],
  ['tglance image-create --tags a --store fa', 'tglance image-create --tags a --store fast '],
  [
    'tglance image-create --timeout 3 --os-region-name RegionOne --store fa',
    'tglance image-create --timeout 3 --os-region-name RegionOne --store fast ',
  ],
  ['tglance member-update cirros demo rej', 'tglance member-update cirros demo rejected '],
  ['tglance explain metadefs/resource_types', 'tglance explain metadefs/resource_types '],
  ['tglance image-list -c Upd', 'tglance image-list -c Updated_at '],
  [
    'tglance image-list --sort-key name --sort-key st',
    'tglance image-list --sort-key name --sort-key status ',
  ],
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
  ['tglance image-list --marker="my', 'tglance image-list --marker=my\\ image '],
  ['tglance image-show it', "tglance image-show it\\'s "],
  ["tglance image-show 'i", "tglance image-show 'it'\\''s' "],
  ['tglance image-show a:', 'tglance image-show a:b:c '],
  ['tglance image-show "a:b', 'tglance image-show "a:b:c" '],
  ['tglance image-show gr', 'tglance image-show grün '],
  ['tglance image-show grü', 'tglance image-show grün '],
  ['tglance image-show sa', 'tglance image-show say\\ \\"hi\\" '],
  ['tglance image-show "sa', 'tglance image-show "say \\"hi\\"" '],
  ['tglance image-show c\\$', 'tglance image-show c\\$t\\`s\\\\\\!e '],
  ['tglance image-show x', 'tglance image-show x\\&y,\\{z\\} '],
  ['tglance image-create --store fa', 'tglance image-create --store fast '],
  ['tglance image-import x --stores fast,ch', 'tglance image-import x --stores fast,cheap '],
  ['tglance --os-cloud sa', 'tglance --os-cloud sandbox '],
  ['tglance config-set columns.image-l', 'tglance config-set columns.image-list '],
  ['tglance config-set progress al', 'tglance config-set progress always '],
  // files
  ['tglance image-create --file di', 'tglance image-create --file disk\\ one.raw '],
  ['tglance image-create --file=di', 'tglance image-create --file=disk\\ one.raw '],
  ['tglance image-create --file fo', 'tglance image-create --file folder/'],
  ['tglance image-download cirros > di', 'tglance image-download cirros > disk\\ one.raw '],
  ['tglance sandbox-start --dir fo', 'tglance sandbox-start --dir folder/'],
];

describe.skipIf(!isInstalled('zsh'))('in zsh (where zsh and script(1) are installed)', () => {
  let desk: Desk;
  let shell: Shell;
  beforeAll(async () => {
    desk = await layDesk();
    shell = await openShell('zsh', desk, 'eval "$(tglance completion zsh)"');
  }, 60_000);
  afterAll(async () => {
    await shell.close();
    await desk.stop();
  });

  it.each(lines)('%s TAB', async (keys, line) => {
    expect(await shell.line(`${keys}\t`)).toBe(line);
  });

  it('asks the program only where a name in the cloud is meant', async () => {
    desk.calls();
    for (const line of known) await shell.choices(`tglance ${line}`);
    expect(desk.calls()).toEqual([]);
    await shell.line('tglance --os-region-name RegionOne image-tag-delete --insecure "my image" te\t');
    expect(desk.calls()).toEqual(['--os-region-name=RegionOne --insecure __complete image-tag te my image']);
  });

  it('lists names, commands and options with what they are', async () => {
    const listed = await shell.choices('tglance image-show ');
    expect(listed.length).toBe(names.length);
    expect(listed).toEqual(
      expect.arrayContaining(['cirros  -- queued', 'my image  -- queued', 'a:b:c  -- queued']),
    );
    expect(await shell.choices('tglance image-tag-')).toEqual([
      'image-tag-delete  -- Take a tag off an image',
      'image-tag-update  -- Add a tag to an image',
    ]);
    expect(await shell.choices('tglance image-show x --m')).toEqual([
      '--max-column-width  -- Widest a column of the table gets',
      '--max-width         -- Make a table no wider than this; 0 for no limit',
    ]);
    expect(await shell.choices('tglance --os-tenant')).toEqual([]);
    expect((await shell.choices('tglance image-show x --')).join('\n')).not.toContain('--os-cloud');
  });
});

describe.skipIf(!isInstalled('zsh'))('zsh (where zsh and script(1) are installed)', () => {
  it('finds the script where it looks for functions', async () => {
    const desk = await layDesk();
    const folder = join(desk.home, '.functions');
    mkdirSync(folder);
    copyFileSync(script, join(folder, '_tglance'));
    const shell = await openShell('zsh', desk, `fpath=(~/.functions $fpath)\ncompinit -u -D`);
    expect(await shell.line('tglance image-sh\t')).toBe('tglance image-show ');
    expect(await shell.line('tglance image-show ci\t')).toBe('tglance image-show cirros ');
    await shell.close();
    await desk.stop();
  });
});
