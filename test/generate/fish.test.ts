import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, isInstalled, known, layDesk, names } from '../support/shell.ts';

const script = join(import.meta.dirname, '../../completions/tglance.fish');

describe.skipIf(!isInstalled('fish'))('in fish (where it is installed)', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await layDesk();
  }, 60_000);
  afterAll(() => desk.stop());

  /** What fish offers at the end of a line, with descriptions behind a tab. */
  async function choices(line: string): Promise<string[]> {
    const words = ['--no-config', '-c', `source '${script}'; complete -C "$line"`];
    const { stdout, stderr } = await promisify(execFile)('fish', words, {
      cwd: desk.home,
      env: { ...desk.env, line },
    });
    expect(stderr).toBe('');
    return stdout.split('\n').filter(Boolean);
  }

  it.each([
    [
      'tglance image-tag-',
      ['image-tag-delete\tTake a tag off an image', 'image-tag-update\tAdd a tag to an image'],
    ],
    ['tglance image-show x --max-c', ['--max-column-width\tWidest a column of the table gets']],
    ['tglance --os-tenant', []],
    ['tglance image-list --sort-dir a', ['asc\tDirection of each sort key']],
    ['tglance --os-region-name x image-sh', ['image-show\tShow one image']],
    ['tglance -f json help image-sh', ['image-show']],
    ['tglance member-update cirros demo rej', ['rejected']],
    ['tglance cache-list -c Last', ['Last_Accessed_(UTC)', 'Last_Modified_(UTC)']],
    ['tglance image-show ci', ['cirros\tqueued']],
    ['tglance image-show cirros ci', []],
    ['tglance image-delete cirros ci', ['cirros\tqueued']],
    ['tglance image-show "my', ['my image\tqueued']],
    ['tglance image-list --marker=my', ['--marker=my image\tqueued']],
    ['tglance image-import x --stores fast,ch', ['fast,cheap\tA second place for data']],
    ['tglance --os-cloud sa', ['sandbox\tCloud of clouds.yaml to use, or sandbox']],
    ['tglance image-create --file fo', ['folder/']],
  ])('%s TAB', async (line, wanted) => {
    expect(await choices(line)).toEqual(wanted);
  });

  it('asks the program only where a name in the cloud is meant', async () => {
    expect((await choices('tglance image-show ')).length).toBe(names.length);
    desk.calls();
    for (const line of known) await choices(`tglance ${line}`);
    expect(desk.calls()).toEqual([]);
    await choices('tglance --os-region-name RegionOne image-tag-delete --insecure "my image" te');
    expect(desk.calls()).toEqual(['--os-region-name RegionOne --insecure __complete image-tag te my image']);
  });
});
