import { randomUUID } from 'node:crypto';
import { jsonBody, type Known } from './calls.ts';
import { claim, release, settle } from './claims.ts';
import { type Cloud, inBackground } from './cloud.ts';
import { isObject, json } from './exchange.ts';
import { fetched, isLoopback } from './fetched.ts';
import { blank, withData } from './image.ts';
import { withField } from './images.ts';
import { defaultStore } from './places.ts';
import { refuse } from './refusal.ts';
import { imageObject, taskObject } from './schema.ts';
import { failed, guardTasks, newTask, succeeded, type Task, taskView } from './tasks.ts';
import { validate } from './validate.ts';

type Input = Readonly<Record<string, unknown>>;

/** POST /v2/tasks: what images were imported with before they could be told to import. */
export const createTask: Known = async (cloud, call) => {
  guardTasks(call);
  const body = await jsonBody(call);
  const { type, input } = isObject(body) ? body : {};
  for (const [name, value] of Object.entries({ type, input })) {
    if (value === undefined) throw refuse(400, `Task '${name}' is required`);
  }
  validate('task', taskObject, body);
  const wish = isObject(input) ? input : {};
  if (type === 'import') refuseSource(wish.import_from);
  const kind = type === 'import' ? 'import' : 'api_image_import';
  const task = cloud.store.change(() => newTask(cloud, call, { type: kind, status: 'pending', input: wish }));
  inBackground(cloud, carryOut(cloud, task, wish));
  return json(201, taskView(task), { location: `${call.origin}/image/v2/tasks/${task.id}` });
};

function refuseSource(uri: unknown): void {
  const word = String(uri ?? 'None');
  if (word.startsWith('file:')) {
    throw refuse(400, 'File based imports are not allowed. Please use a non-local source of image data.');
  }
  if (uri === undefined) throw refuse(400, `Invalid location: ${word}`);
  if (!/^https?:/.test(word)) {
    const supported = "Please specify a valid uri from the following list of supported uri ['http']";
    throw refuse(400, `The given uri is not valid. ${supported}`);
  }
  if (!isLoopback(uri)) throw refuse(400, `URI for legacy import task does not pass filtering: ${word}`);
}

async function carryOut(cloud: Cloud, task: Task, input: Input): Promise<void> {
  const { store, blobs, clock, stopping } = cloud;
  const missing = ['import_from', 'import_from_format', 'image_properties'].find((key) => !(key in input));
  const why =
    task.type === 'api_image_import'
      ? 'Input to api_image_import task is empty.'
      : missing && `Input does not contain '${missing}' field`;
  if (why !== undefined) {
    store.change(() => store.tasks.put(task.id, failed(task, clock(), why)));
    return;
  }
  const id = randomUUID();
  const note = store.change(() => claim(cloud, id, task.id));
  try {
    const { image_properties: fields } = input;
    validate('image', imageObject, fields);
    const digest = await blobs.receive(note.nonce, fetched(String(input.import_from), stopping.signal));
    store.change(() => {
      const now = clock();
      const record = Object.entries(fields as Input).reduce(
        (image, [name, value]) => withField(image, name, value),
        blank(id, null, now),
      );
      blobs.place(note.nonce, defaultStore, id);
      store.images.put(id, withData(record, digest, [defaultStore]));
      store.tasks.put(task.id, succeeded(task, '', now, id));
      release(cloud, note);
    });
  } catch {
    settle(cloud, note);
  }
}
