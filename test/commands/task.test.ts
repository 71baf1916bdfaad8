import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { json } from '../../src/sandbox/exchange.ts';
import { on, refused } from '../../src/sandbox/faults.ts';
import { it as inCloud, startCloud, type TestCloud } from '../support/cloud.ts';
import { servePages } from '../support/web.ts';

type Task = Record<string, unknown> & { id: string; status: string };

/** A test with an image of project demo that was imported, and the administrator. */
const it = inCloud.extend<{ admin: TestCloud; id: string }>({
  admin: async ({ cloud }, use) => use(cloud.as('admin')),
  id: async ({ cloud, path }, use) => {
    writeFileSync(path('disk'), 'hello world');
    const words = `image-create-via-import --name one --disk-format raw --container-format bare --file ${path('disk')} --wait`;
    await use((await cloud.json<{ id: string }>(words)).id);
  },
});

const cells = (line = '') =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

describe('image-tasks', () => {
  it('shows what is going on with an image, and all of it when asked to', async ({ cloud, id }) => {
    const short = (await cloud.run('image-tasks one')).out.split('\n');
    expect(cells(short[1])).toEqual(['Message', 'Status', 'Updated at']);
    expect(cells(short[3])).toEqual(['Copied 0 MiB', 'success', expect.stringMatching(/^\d{4}-.*\.\d{6}$/)]);
    const long = (await cloud.run('--verbose image-tasks one')).out.split('\n');
    expect(cells(long[1])).toEqual([
      'Image Id',
      'Task Id',
      'Message',
      'Status',
      'Updated at',
      'User Id',
      'Request Id',
      'Result',
      'Owner',
      'Input',
      'Expires at',
    ]);
    const [task] = await cloud.json<Task[]>('image-tasks one');
    const row = cells(long[3]);
    expect(row.slice(0, 2)).toEqual([id, task?.id]);
    expect(row[7]).toBe(`{'image_id': '${id}'}`);
    expect(row[9]).toContain("'import_req': {'method': {'name': 'glance-direct'}}");
  });

  it('defect q: works on servers that do not list the version', async ({ path }) => {
    const versions = { versions: [{ id: 'v2.15', status: 'CURRENT' }] };
    const faults = [on('GET /versions', () => async () => json(200, versions))];
    const cloud = await startCloud({ dir: path('state'), faults });
    try {
      await cloud.run('image-create --name one');
      const { out, err, code } = await cloud.run('image-tasks one');
      expect({ err, code }).toEqual({ err: '', code: 0 });
      expect(out.split('\n')).toHaveLength(5);
    } finally {
      await cloud.stop();
    }
  });

  it('tells a missing image from a server that has no tasks', async ({ path }) => {
    const faults = [on('GET /v2/images/:id/tasks', refused(404))];
    const cloud = await startCloud({ dir: path('state'), faults });
    try {
      await cloud.run('image-create --name one');
      const without = await cloud.run('image-tasks one');
      expect(without).toMatchObject({
        code: 1,
        err: 'Server does not support image tasks API (v2.12)\n',
      });
      const nobody = '00000000-0000-4000-8000-000000000000';
      expect(await cloud.run(`image-tasks ${nobody}`)).toMatchObject({
        code: 4,
        err: `Image ${nobody} not found.\n`,
      });
    } finally {
      await cloud.stop();
    }
  });
});

describe('task-list and task-show', () => {
  it('show the tasks as glance does', async ({ cloud, admin, id }) => {
    const [task] = await admin.json<Task[]>('task-list');
    const owner = cloud.sandbox.credentials.demo.projectId;
    expect((await admin.run('task-list')).out).toBe(
      [
        '+--------------------------------------+------------------+---------+----------------------------------+',
        '| ID                                   | Type             | Status  | Owner                            |',
        '+--------------------------------------+------------------+---------+----------------------------------+',
        `| ${task?.id} | api_image_import | success | ${owner} |`,
        '+--------------------------------------+------------------+---------+----------------------------------+',
        '',
      ].join('\n'),
    );
    const shown = (await admin.run(`task-show ${task?.id}`)).out;
    expect(shown).toContain(`| result     | {"image_id": "${id}"} `);
    expect(shown).not.toMatch(/^\| (self|schema) /m);
    expect(await admin.json(`task-show ${task?.id}`)).toHaveProperty('self');
  });

  it('are sorted by status from the end of the alphabet, page after page', async ({ admin }) => {
    for (const type of ['import', 'api_image_import']) {
      const input = type === 'import' ? { import_from: 'http://127.0.0.1:9/' } : {};
      await admin.run(['task-create', '--type', type, '--input', JSON.stringify(input)]);
    }
    const ids = async (words: string) => (await admin.json<Task[]>(`task-list ${words}`)).map(({ id }) => id);
    const byId = await ids('--sort-key id --sort-dir asc');
    expect(byId).toEqual([...byId].sort());
    expect(await ids('--sort-key id --sort-dir asc --page-size 1')).toEqual(byId);
    expect(await ids('--type import')).toHaveLength(1);
    expect(await ids('--status success')).toEqual([]);
  });

  it.for([
    ['task-list --status bogus', 1, 'bogus'],
    ['task-list --sort-key bogus', 2, "'bogus' is not one of id, type, status"],
    ['task-show 00000000-0000-4000-8000-000000000000', 4, 'Could not find task'],
    ['task-create', 2, 'Unable to create task. Specify task type and input.'],
    ['task-create --type bogus', 1, "'bogus' is not one of"],
    [
      'task-create --type import --input no',
      2,
      'Failed to parse the "input" parameter. Must be a valid JSON object.',
    ],
    ['task-create --type import --input [1]', 2, 'Must be a valid JSON object.'],
    ['task-create --type import', 1, 'Invalid location: None'],
  ] as const)('P37: %s is refused', async ([words, code, message], { admin }) => {
    const ran = await admin.run(words);
    expect(ran).toMatchObject({ out: '', code });
    expect(ran.err).toContain(message);
    expect(await admin.json('task-list')).toEqual([]);
  });

  it('are for administrators', async ({ cloud }) => {
    for (const words of ['task-list', 'task-show x', 'task-create --type import']) {
      expect(await cloud.run(words)).toMatchObject({ out: '', code: 3 });
    }
  });
});

it('task-create imports a URL, and shows the task', async ({ admin }) => {
  const web = await servePages({ '/disk': 'twelve bytes' });
  const image_properties = { name: 'fetched', disk_format: 'raw', container_format: 'bare' };
  const input = { import_from: `${web}/disk`, import_from_format: 'raw', image_properties };
  const { out } = await admin.run(['task-create', '--type', 'import', '--input', JSON.stringify(input)]);
  expect(out).toMatch(/^\| status +\| pending/m);
  const id = /^\| id +\| (\S+)/m.exec(out)?.[1];
  await expect.poll(async () => (await admin.json<Task>(`task-show ${id}`)).status).toBe('success');
  expect(await admin.json('image-show fetched')).toMatchObject({ status: 'active', size: 12 });
});
