import { arg, command } from '../define/command.ts';
import { oneOf, otherwise, text, usually, whole } from '../define/option.ts';
import { type Columns, record, rows } from '../define/view.ts';
import { ServiceError, UsageError } from '../errors.ts';
import type { Task } from '../glance/types.ts';
import { jsonObject } from './json-option.ts';

const columns: Columns<Task> = {
  ID: 'id',
  Type: 'type',
  Status: 'status',
  Owner: 'owner',
  'Created at': 'created_at',
  'Updated at': 'updated_at',
  'Expires at': 'expires_at',
};

const types = ['import', 'api_image_import', 'location_import'];

/** The largest page that Glance gives. */
const fullPage = 1000;

export const list = command({
  about: "List the service's tasks (administrators).",
  options: {
    sort_key: otherwise(oneOf('--sort-key <KEY>', 'Sort by this', ['id', 'type', 'status']), 'status'),
    sort_dir: otherwise(oneOf('--sort-dir <DIRECTION>', 'Direction of the order', ['asc', 'desc']), 'desc'),
    page_size: whole('--page-size <N>', 'Tasks to ask for in one request'),
    type: text('--type <TYPE>', 'Only tasks of this type', { complete: types }),
    status: usually(
      '--status <STATUS>',
      'Only tasks in this state: pending, processing, success or failure',
      ['pending', 'processing', 'success', 'failure'],
    ),
  },
  columns,
  examples: ['tglance task-list --status failure'],
  run: async ({ options }, app) => {
    const { sort_key, sort_dir, page_size, type, status } = options;
    const query = { type, status, limit: String(page_size || fullPage), sort_key, sort_dir };
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const { tasks } = await app.glance();
    return rows(tasks.list(given), columns, ['ID', 'Type', 'Status', 'Owner']);
  },
});

export const show = command({
  about: 'Show one task of the service, with what it was asked and what came of it (administrators).',
  args: { task: arg('<TASK_ID>', 'ID of the task', 'task') },
  examples: ['tglance task-show 5b0e0e2c-3b0f-4f7e-9d5e-3f1f0f9c7a11'],
  run: async ({ args }, app) => {
    const { tasks } = await app.glance();
    const task = await tasks.show(args.task);
    return record(task, { shown: shownTask(task) });
  },
});

export const create = command({
  about: 'Start a task of the service (administrators); image-import is what replaces it.',
  options: {
    type: text('--type <TYPE>', 'What to do: import', { complete: types }),
    input: jsonObject(
      '--input <JSON>',
      'What the task needs to know',
      'Failed to parse the "input" parameter. Must be a valid JSON object.',
    ),
  },
  examples: [`tglance task-create --type import --input '{"import_from":"https://example.org/cirros.img"}'`],
  run: async ({ options }, app) => {
    if (!options.type) throw new UsageError('Unable to create task. Specify task type and input.');
    const { tasks } = await app.glance();
    const task = await tasks.create(options.type, options.input ?? {});
    return record(task, { shown: shownTask(task) });
  },
});

const shownTask = ({ self: _self, schema: _schema, ...shown }: Task) => shown;

const imageColumns: Columns<Task> = {
  'Image Id': 'image_id',
  'Task Id': 'id',
  Message: 'message',
  Status: 'status',
  'Updated at': 'updated_at',
  'User Id': 'user_id',
  'Request Id': 'request_id',
  Result: 'result',
  Owner: 'owner',
  Input: 'input',
  'Expires at': 'expires_at',
};

export const ofImage = command({
  about: "List the service's tasks for an image: its imports.",
  args: { image: arg('<IMAGE>', 'Name or ID of the image', 'image') },
  columns: imageColumns,
  examples: ['tglance image-tasks cirros', 'tglance --verbose image-tasks cirros'],
  run: async ({ args }, app) => {
    const { images, imports } = await app.glance();
    const id = await images.idOf(args.image);
    const found = await imports.tasks(id).catch(async (error: unknown) => {
      if (!(error instanceof ServiceError) || error.status !== 404) throw error;
      // a server that does not list the version may know the path all the same: only the image tells
      await images.show(id).catch((other: unknown) => {
        if (!(other instanceof ServiceError) || other.status !== 404) throw other;
        throw new ServiceError(404, other.detail, `Image ${args.image} not found.`, other.requestId);
      });
      throw new ServiceError(
        501,
        error.detail,
        'Server does not support image tasks API (v2.12)',
        error.requestId,
      );
    });
    const shown = app.verbose ? Object.keys(imageColumns) : ['Message', 'Status', 'Updated at'];
    return rows(found, imageColumns, shown, { exact: true });
  },
});
