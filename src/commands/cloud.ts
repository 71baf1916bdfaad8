import { command } from '../define/command.ts';
import type { CloudSummary } from '../define/preferences.ts';
import { type Columns, rows } from '../define/view.ts';

const columns: Columns<CloudSummary> = {
  Name: 'name',
  Current: ({ current }) => (current ? '*' : ''),
  'Auth type': 'auth_type',
  'Auth URL': 'auth_url',
  Regions: ({ regions }) => regions.join(', '),
  User: 'user',
  Project: 'project',
  From: ({ from }) => from.join(', '),
};

export const list = command({
  about:
    'List the clouds that --os-cloud can name: the one of the OS_* variables, those of clouds.yaml, and the sandbox that is built in. A star marks the one that a command uses when no other is named. Asks no cloud, and shows no secrets.',
  columns,
  examples: ['tglance cloud-list', 'tglance cloud-list -f json'],
  run: async (_, app) => rows(await app.clouds(), columns, Object.keys(columns)),
});
