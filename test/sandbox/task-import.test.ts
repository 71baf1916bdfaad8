import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { servePages } from '../support/web.ts';
import { freshSandbox, jsonOf, said, type Voice } from './talk.ts';

const tasks = '/image/v2/tasks';
type Task = Record<string, unknown> & { id: string; status: string };

const begin = (user: Voice, json: unknown) => user('POST', tasks, { json });

async function ended(admin: Voice, id: string): Promise<Task> {
  for (;;) {
    const task = jsonOf<Task>(await admin('GET', `${tasks}/${id}`));
    if (task.status === 'success' || task.status === 'failure') return task;
    await wait(5);
  }
}

const formats = { disk_format: 'raw', container_format: 'bare' };

it('imports a URL as an image that nobody owns', async () => {
  const { admin } = await freshSandbox({ clock: () => 0 });
  const web = await servePages({ '/disk': 'twelve bytes' });
  const input = {
    import_from: `${web}/disk`,
    import_from_format: 'raw',
    image_properties: { name: 'i', ...formats },
  };
  const created = await begin(admin, { type: 'import', input });
  const task = jsonOf<Task>(created);
  expect(created.status).toBe(201);
  expect(created.headers.location).toBe(`http://sandbox.invalid/image/v2/tasks/${task.id}`);
  expect(task).toEqual({
    id: task.id,
    type: 'import',
    status: 'pending',
    input,
    result: null,
    message: '',
    owner: expect.any(String),
    user_id: expect.any(String),
    request_id: expect.stringMatching(/^req-/),
    created_at: '1970-01-01T00:00:00Z',
    updated_at: '1970-01-01T00:00:00Z',
    self: `/v2/tasks/${task.id}`,
    schema: '/v2/schemas/task',
  });
  const { status, result, expires_at } = await ended(admin, task.id);
  expect({ status, expires_at }).toEqual({ status: 'success', expires_at: '1970-01-03T00:00:00Z' });
  const { image_id: id } = result as { image_id: string };
  expect(jsonOf(await admin('GET', `/image/v2/images/${id}`))).toMatchObject({
    name: 'i',
    status: 'active',
    owner: null,
    size: 12,
  });
});

it.each([
  ['import', { import_from_format: 'raw' }, "Input does not contain 'image_properties' field"],
  ['import', { image_properties: formats }, "Input does not contain 'import_from_format' field"],
  ['api_image_import', {}, 'Input to api_image_import task is empty.'],
  ['import', { import_from_format: 'raw', image_properties: formats }, 'Task failed due to Internal Error'],
])('fails at %s of %j', async (type, more, message) => {
  const { admin } = await freshSandbox();
  const web = await servePages({});
  const input = type === 'import' ? { import_from: `${web}/missing`, ...more } : more;
  const { id } = jsonOf<Task>(await begin(admin, { type, input }));
  expect(await ended(admin, id)).toMatchObject({ status: 'failure', message, result: null });
  expect(jsonOf(await admin('GET', '/image/v2/images'))).toMatchObject({ images: [] });
});

it.each([
  [{ input: {} }, "Task 'type' is required"],
  [[], "Task 'type' is required"],
  [{ type: 'import' }, "Task 'input' is required"],
  [{ type: 'bogus', input: {} }, "'bogus' is not one of ['import', 'api_image_import']"],
  [{ type: 'import', input: 'x' }, "'x' is not of type 'null', 'object'"],
  [{ type: 'import', input: {}, extra: 1 }, "Additional properties are not allowed ('extra' was unexpected)"],
  [{ type: 'import', input: null }, 'Invalid location: None'],
  [{ type: 'import', input: { import_from: 'file:///etc/passwd' } }, 'File based imports are not allowed.'],
  [{ type: 'import', input: { import_from: 'ftp://127.0.0.1/x' } }, 'The given uri is not valid.'],
  [
    { type: 'import', input: { import_from: 'http://192.0.2.1/x' } },
    'URI for legacy import task does not pass filtering: http://192.0.2.1/x',
  ],
])('refuses the task %j', async (body, words) => {
  const { admin } = await freshSandbox();
  const answer = await begin(admin, body);
  expect([answer.status, said(answer)]).toEqual([400, expect.stringContaining(words)]);
});

it('is for admins', async () => {
  const { demo } = await freshSandbox();
  const answer = await begin(demo, { type: 'import', input: {} });
  expect([answer.status, said(answer)]).toEqual([
    403,
    'You are not authorized to complete tasks_api_access action.',
  ]);
});
