import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { catalog } from '../../src/commands/index.ts';
import { it } from '../support/cloud.ts';
import { ext4 } from '../support/ext4.ts';
import { divided } from '../support/guests.ts';
import { debian } from '../support/trees.ts';

const loaded = await Promise.all(catalog.map(async ({ name, load }) => ({ name, command: await load() })));
const lists = loaded.flatMap(({ name, command }) =>
  command.columns === undefined ? [] : [{ name, columns: Object.keys(command.columns) }],
);

const rack = 'OS::Compute::Watchdog';

/** What the commands that want more than their name are given. */
const words: Readonly<Record<string, string>> = {
  'file-check': 'DISK',
  'file-hash': 'DISK',
  'file-ls': 'DISK',
  'image-check': 'disk',
  'image-verify': 'disk --file DISK',
  'image-compare': 'disk DISK',
  explain: 'image',
  'image-tag-update': 'one tested',
  'image-tasks': 'one',
  'member-list': 'one',
  'member-create': 'one demo',
  'member-update': 'one demo accepted',
  'md-object-list': rack,
  'md-property-list': rack,
  'md-tag-list': rack,
  'md-tag-create-multiple': `${rack} --names tall,wide`,
  'md-namespace-resource-type-list': rack,
};

it('the columns that a list says it has are those that it shows', async ({ cloud, path }) => {
  const admin = cloud.as('admin');
  await admin.run('image-create --name one');
  writeFileSync(path('disk'), divided({ content: ext4(debian, { label: 'root' }) }));
  await admin.run(['image-create', '--name', 'disk', '--file', path('disk')]);
  for (const { name, columns } of lists) {
    const chosen = columns.flatMap((column) => ['-c', column]);
    const line = `${name} --quiet ${words[name] ?? ''}`.trim().replace('DISK', path('disk')).split(' ');
    const { out, err, code } = await admin.run([...line, '-f', 'csv', ...chosen]);
    expect({ name, err, code }).toEqual({ name, err: '', code: 0 });
    expect(out.split('\n')[0]).toBe(columns.map((column) => `"${column}"`).join(','));
  }
});
