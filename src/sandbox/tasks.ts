import { randomUUID } from 'node:crypto';
import { imageOf, isId, type Known, type KnownCall, param, permitAdmin } from './calls.ts';
import type { Cloud } from './cloud.ts';
import { json } from './exchange.ts';
import { isotime } from './image.ts';
import { compare, limitOf, links, sortDirection } from './listing.ts';
import { refuse } from './refusal.ts';

/** The record of work in the background, as it is kept; the names are the API's. Times in ms. */
export interface Task {
  readonly id: string;
  readonly type: 'api_image_import' | 'import' | 'location_import';
  readonly status: 'pending' | 'processing' | 'success' | 'failure';
  readonly owner: string;
  readonly user_id: string;
  /** Missing where the task makes the image. */
  readonly image_id?: string;
  readonly request_id: string;
  readonly input: object;
  readonly result: object | null;
  readonly message: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly expires_at: number | null;
}

/** Within a change: takes up a task for whoever calls. */
export function newTask(
  { store, clock }: Cloud,
  { caller, requestId }: KnownCall,
  what: Pick<Task, 'type' | 'status' | 'input'>,
  image?: string,
): Task {
  const now = clock();
  const task: Task = {
    id: randomUUID(),
    ...what,
    owner: caller.projectId ?? '',
    user_id: caller.userId,
    ...(image !== undefined && { image_id: image }),
    request_id: requestId,
    result: null,
    message: '',
    created_at: now,
    updated_at: now,
    expires_at: null,
  };
  store.tasks.put(task.id, task);
  return task;
}

const lifetime = 48 * 3600 * 1000;

/** The task once it has done its work. */
export const succeeded = (task: Task, message: string, now: number, image = task.image_id): Task => ({
  ...ended(task, message, now),
  status: 'success',
  result: { image_id: image },
});

/** The task once it is clear that it cannot. */
export const failed = (task: Task, now: number, why = 'Task failed due to Internal Error'): Task => ({
  ...ended(task, why, now),
  status: 'failure',
});

const ended = (task: Task, message: string, now: number) => ({
  ...task,
  message,
  updated_at: now,
  expires_at: now + lifetime,
});

/** Tasks are for admins. */
export const guardTasks = (call: KnownCall) => permitAdmin(call, 'tasks_api_access');

/** GET /v2/tasks */
export const listTasks: Known = (cloud, call) => {
  guardTasks(call);
  const { query } = call;
  const limit = limitOf(query.get('limit'));
  const key = taskKey(query.get('sort_key') ?? 'created_at');
  const direction = sortDirection(query.get('sort_dir') ?? 'desc') === 'asc' ? 1 : -1;
  const order = (one: Task, other: Task) =>
    direction *
    (compare(one[key] ?? '', other[key] ?? '') ||
      compare(one.created_at, other.created_at) ||
      compare(one.id, other.id));
  const asked = taskFilters.flatMap((name) => (query.has(name) ? [[name, query.get(name)] as const] : []));
  checkWord('status', query.get('status'), ['pending', 'processing', 'success', 'failure']);
  checkWord('type', query.get('type'), ['import']);
  const marker = query.get('marker');
  const start = marker === null ? undefined : markedTask(cloud.store.tasks.get, marker);
  const page = cloud.store.tasks
    .all()
    .filter((task) => asked.every(([name, value]) => task[name] === value))
    .filter((task) => start === undefined || order(task, start) > 0)
    .sort(order)
    .slice(0, limit);
  return json(200, {
    tasks: page.map(({ input, result, message, image_id, user_id, request_id, ...stub }) => taskView(stub)),
    ...links('/v2/tasks', call, page.length === limit ? page.at(-1)?.id : undefined),
    schema: '/v2/schemas/tasks',
  });
};

/** GET /v2/tasks/:id */
export const showTask: Known = (cloud, call) => {
  guardTasks(call);
  const id = param(call, 'id');
  const task = isId(id) ? cloud.store.tasks.get(id) : undefined;
  if (task === undefined) throw refuse(404, `Could not find task ${id}`);
  return json(200, taskView(task));
};

/** DELETE /v2/tasks/:id: nobody may. */
export const deleteTask: Known = (_cloud, call) => {
  guardTasks(call);
  throw refuse(
    405,
    'This operation is currently not permitted on Glance Tasks. They are auto deleted after reaching the time based on their expires_at property.',
    { allow: 'GET' },
  );
};

/** GET /v2/images/:id/tasks: those of the caller's project, in the database's own form. */
export const imageTasks: Known = (cloud, call) => {
  const image = imageOf(cloud, call, () => undefined);
  const { admin, projectId } = call.caller;
  const tasks = cloud.store.tasks
    .all()
    .filter((task) => task.image_id === image.id && (admin || task.owner === projectId))
    .sort((one, other) => compare(one.created_at, other.created_at))
    .map((task) => ({
      ...task,
      created_at: rawTime(task.created_at),
      updated_at: rawTime(task.updated_at),
      expires_at: task.expires_at === null ? null : rawTime(task.expires_at),
      deleted: false,
      deleted_at: null,
    }));
  return json(200, { tasks });
};

const taskFilters = ['status', 'type', 'owner', 'id'] as const;
const taskKeys = ['id', 'type', 'status', 'owner', 'created_at', 'updated_at', 'expires_at'] as const;

function taskKey(word: string) {
  const key = taskKeys.find((it) => it === word);
  if (key === undefined) throw refuse(400, 'Sort key supplied was not valid.');
  return key;
}

function checkWord(name: string, word: string | null, words: readonly string[]): void {
  if (word && !words.includes(word)) throw refuse(400, `Invalid ${name} value: ${word}`);
}

function markedTask(get: (id: string) => Task | undefined, id: string): Task {
  if (!isId(id)) throw refuse(400, 'Invalid marker format');
  const task = get(id);
  if (task === undefined) throw refuse(400, `Task with the given id ${id} was not found`);
  return task;
}

export const taskView = (task: Pick<Task, 'id' | 'created_at' | 'updated_at' | 'expires_at'>) => {
  const { expires_at, ...fields } = task;
  return {
    ...fields,
    created_at: isotime(task.created_at),
    updated_at: isotime(task.updated_at),
    ...(expires_at === null ? {} : { expires_at: isotime(expires_at) }),
    self: `/v2/tasks/${task.id}`,
    schema: '/v2/schemas/task',
  };
};

/** `2026-01-31T12:00:00.123000`, without a zone. */
const rawTime = (time: number) => new Date(time).toISOString().replace('Z', '000');
