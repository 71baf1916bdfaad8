import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './support/ask.ts';
import { both, expectRefusal, fill, hasGlance } from './support/beside.ts';
import { servePages } from './support/pages.ts';
import { admin, demo } from './support/people.ts';
import { alike, meanwhile } from './support/twins.ts';
import { drop, type Later, make } from './support/witness.ts';

const afterwards: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const act of afterwards) await act();
});
const later: Later = (act) => void afterwards.push(act);

const words = new Map<string, string>();

interface Task {
  readonly id: string;
  readonly status: string;
  readonly result: { readonly image_id: string } | null;
}

/** Tasks of two ends: an import that succeeded, and one that could not. */
beforeAll(async () => {
  const web = await servePages({ '/disk': 'twelve bytes' }, later);
  for (const [name, page] of [
    ['good', 'disk'],
    ['bad', 'missing'],
  ] as const) {
    const image_properties = { name: 'größe', disk_format: 'raw', container_format: 'bare' };
    const input = { import_from: `${web}/${page}`, import_from_format: 'raw', image_properties };
    const begun = JSON.parse((await ask(admin, 'POST /v2/tasks', { type: 'import', input })).body) as Task;
    const task = await ended(begun.id);
    if (task.result !== null) await drop(admin, task.result.image_id);
    words.set(name, task.id);
  }
  const { id } = await make(admin, later, {}, Buffer.from('data'));
  words.set('image', id);
  const copy = { method: { name: 'copy-image' }, stores: ['cheap'] };
  await ask(admin, `POST /v2/images/${id}/import`, copy);
  const { tasks } = JSON.parse((await ask(admin, `GET /v2/images/${id}/tasks`)).body) as { tasks: Task[] };
  words.set('copy', (await ended(tasks[0]?.id ?? '')).id);
  words.set('idle', (await make(admin, later)).id);
});

async function ended(id: string): Promise<Task> {
  for (;;) {
    const { status, body } = await ask(admin, `GET /v2/tasks/${id}`);
    if (status !== 200) throw new Error(body);
    const task = JSON.parse(body) as Task;
    if (task.status === 'success' || task.status === 'failure') return task;
    await wait(100);
  }
}

describe.skipIf(!hasGlance)('beside glance', () => {
  it.each([
    'task-list',
    'task-list --status success',
    'task-list --type import --sort-key id --sort-dir asc',
    'task-list --page-size 1 --sort-key type',
    'task-list --status pending --type import',
  ])('prints the same for %s', async (line) => {
    const { ours, theirs } = await meanwhile(admin, line);
    expect(theirs).toMatchObject({ code: 0 });
    expect(ours).toMatchObject({ code: 0, out: theirs.out, err: '' });
  });

  it.concurrent.each(['task-show {good}', 'task-show {bad}', 'task-show {copy}'])(
    'prints the same for %s',
    async (line) => {
      const { ours, theirs } = await both(admin, fill(line, words));
      expect(theirs).toMatchObject({ code: 0 });
      expect(ours).toMatchObject({ code: 0, out: theirs.out, err: '' });
    },
  );

  it.concurrent.each([
    'image-tasks {image}',
    '--verbose image-tasks {image}',
    'image-tasks {idle}',
    '--verbose image-tasks {idle}',
  ])('prints the same for %s', async (line) => {
    const { ours, theirs } = await both(admin, fill(line, words));
    expect(theirs).toMatchObject({ code: 0 });
    expect(ours).toMatchObject({ code: 0, out: theirs.out, err: '' });
  });

  it('does the same, and prints the same, for task-create', async () => {
    const line = 'task-create --type api_image_import --input {"größe":[1,null,true]}';
    const { ours, theirs } = await alike(admin, async () => new Map(), line);
    expect(theirs).toMatchObject({ code: 0 });
    expect(ours).toEqual(theirs);
  });

  it.concurrent.each([
    'task-list --status bogus',
    'task-list --type bogus',
    'task-list --sort-key bogus',
    'task-show',
    'task-show 00000000-0000-4000-8000-000000000000',
    'task-create',
    'task-create --type import',
    'task-create --type bogus',
    'task-create --type import --input no',
    'task-create --type import --input {"import_from":"file:///etc/passwd"}',
    'image-tasks 00000000-0000-4000-8000-000000000000',
  ])('P37: refuses with a word, as glance does, %s', async (line) => {
    expectRefusal(await both(admin, fill(line, words), { input: 'closed' }));
  });
});

it('tasks are for administrators', async () => {
  expect(await demo.tglance('task-list')).toMatchObject({ code: 3, out: '' });
});
