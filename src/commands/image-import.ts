import type { App } from '../define/app.ts';
import { arg, command } from '../define/command.ts';
import { otherwise, text } from '../define/option.ts';
import { done, record } from '../define/view.ts';
import { UsageError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';
import type { Image } from '../glance/types.ts';
import type { Source } from '../transfer/source.ts';
import { compare, dataOf, measured, type Sending, send } from './deliver.ts';
import { changes, chosen, dataOptions, fields, shownImage } from './image-fields.ts';
import {
  type ImportWish,
  importOptions,
  importRequest,
  namedStores,
  refuseNotOffered,
  refuseSeveralStores,
} from './import-wish.ts';
import { createRecord, filled, newImageOptions } from './new-image.ts';
import { declaredIn, preparationOptions, prepared, refuseUnprepared, say } from './prepared.ts';
import { lookAtImport, waitFor, waitOptions } from './wait.ts';
import { ownerOf } from './whose.ts';

const image = arg('<IMAGE>', 'Name or ID of the image', 'image');
const method = text(
  '--import-method <METHOD>',
  'glance-direct, web-download, copy-image or glance-download',
  {
    complete: 'import-method',
  },
);

export const stage = command({
  about: 'Send the data of an image to where an import takes them from.',
  args: { image },
  options: { ...dataOptions, ...preparationOptions },
  examples: ['tglance image-stage cirros --file cirros.img --progress'],
  run: async ({ args, options }, app) => {
    const data = await dataOf(app, options);
    if (data === undefined) {
      throw new UsageError('There are no data: give --file, or send them to standard input');
    }
    const { images, imports } = await app.glance();
    const found = await images.find(args.image);
    const { source } = await prepared(app, data, found, options);
    await measured(app, found, source, options.progress, (meter) =>
      send(app, meter, source, options, (body) => imports.stage(found.id, body)),
    );
    return done(`The data of image ${found.id} are staged; image-import makes them the image's own`);
  },
});

export const start = command({
  about: 'Import the data of an image: those that were staged, or those that the cloud fetches or copies.',
  args: { image },
  options: { import_method: otherwise(method, 'glance-direct'), ...importOptions, ...waitOptions },
  examples: [
    'tglance image-import cirros --import-method web-download --uri https://example.org/cirros.img --wait',
    'tglance image-import cirros --import-method copy-image --stores fast,cheap --wait',
  ],
  run: async ({ args, options }, app) => {
    const wish = { ...options, method: options.import_method };
    refuseSeveralStores(wish);
    refuseDetails(wish);
    const glance = await app.glance();
    await refuseNotOffered(glance, wish);
    const found = await glance.images.find(args.image);
    refuseState(found, wish.method);
    await glance.imports.start(found.id, importRequest(wish), wish.store);
    const after = options.wait
      ? await waitFor(app, options.timeout, () => lookAtImport(glance, found.id, namedStores(wish)))
      : await glance.images.show(found.id);
    return record(after, { shown: shownImage(after) });
  },
});

function refuseDetails({
  method,
  uri,
  remote_region,
  remote_image_id,
  stores,
  all_stores,
}: ImportWish): void {
  const remote = remote_region !== undefined && remote_image_id !== undefined;
  const problems: readonly (readonly [boolean, string])[] = [
    [method === 'web-download' && uri === undefined, 'Provide URI for web-download import method.'],
    [
      method !== 'web-download' && uri !== undefined,
      "Import method should be 'web-download' if URI is provided.",
    ],
    [
      method === 'glance-download' && !remote,
      "Provide REMOTE_IMAGE_ID and remote-region for 'glance-download' import method.",
    ],
    [
      method !== 'glance-download' && remote_region !== undefined,
      "Import method should be 'glance-download' if REMOTE REGION is provided.",
    ],
    [
      method !== 'glance-download' && remote_image_id !== undefined,
      "Import method should be 'glance-download' if REMOTE IMAGE ID is provided.",
    ],
    [
      method === 'copy-image' && stores === undefined && !all_stores,
      "Provide either --stores or --all-stores for 'copy-image' import method.",
    ],
  ];
  refuseFirst(problems);
}

function refuseState({ container_format, disk_format, status }: Image, method: string): void {
  refuseFirst([
    [
      !container_format || !disk_format,
      "The 'container_format' and 'disk_format' properties must be set on an image before it can be imported.",
    ],
    [
      method === 'glance-direct' && status !== 'uploading',
      "The 'glance-direct' import method can only be applied to an image in status 'uploading'",
    ],
    [
      method === 'web-download' && status !== 'queued',
      "The 'web-download' import method can only be applied to an image in status 'queued'",
    ],
    [
      method === 'copy-image' && status !== 'active',
      "The 'copy-image' import method can only be used on an image with status 'active'.",
    ],
  ]);
}

function refuseFirst(problems: readonly (readonly [boolean, string])[]): void {
  const problem = problems.find(([holds]) => holds);
  if (problem !== undefined) throw new UsageError(problem[1]);
}

export const create = command({
  about: `Create an image and import its data: from a file or standard input, from a URL that the cloud
fetches, or from another region. Without any of them, only the record is made.`,
  options: {
    ...fields,
    ...changes,
    ...dataOptions,
    ...preparationOptions,
    ...newImageOptions,
    import_method: { ...method, env: ['OS_IMAGE_IMPORT_METHOD'] },
    ...importOptions,
    ...waitOptions,
  },
  examples: [
    'tglance image-create-via-import --name cirros --disk-format qcow2 --container-format bare --import-method web-download --uri https://example.org/cirros.img --wait',
  ],
  run: async ({ options }, app) => {
    const data = await dataOf(app, options);
    const given = options.import_method ?? (data === undefined ? undefined : 'glance-direct');
    const isPiped = app.stdio.input() !== undefined;
    refuseCreation(options, given, data !== undefined, isPiped);
    if (data === undefined) refuseUnprepared(options);
    const set = chosen({ ...options, ...(await ownerOf(app, options)) }, app.stdio.tell);
    const ready = data && (await prepared(app, data, declaredIn(set), options));
    if (ready !== undefined) say(set, ready.learned);
    const glance = await app.glance();
    if (given === undefined) {
      const created = await createRecord(app, glance, set, options);
      return record(created, { shown: shownImage(created) });
    }
    const wish = { ...options, method: given };
    await refuseNotOffered(glance, wish);
    const created = await createRecord(app, glance, set, options);
    const after = await filled(app, created, options, () =>
      bringIn(app, glance, created, ready?.source, wish, options),
    );
    return record(after, { shown: shownImage(after) });
  },
});

interface Staying extends Sending {
  readonly wait?: boolean;
  readonly timeout: number;
}

async function bringIn(
  app: App,
  glance: Glance,
  created: Image,
  source: Source | undefined,
  wish: ImportWish,
  staying: Staying,
): Promise<Image> {
  const { id } = created;
  if (source === undefined) return imported(app, glance, id, wish, staying);
  return measured(app, created, source, staying.progress, async (meter) => {
    const sent = await send(app, meter, source, staying, (body) => glance.imports.stage(id, body));
    meter.stage('waiting for import');
    const after = await imported(app, glance, id, wish, staying);
    if (staying.wait) await compare(after, sent, source, meter, app.stdio.tell);
    return after;
  });
}

async function imported(
  app: App,
  glance: Glance,
  id: string,
  wish: ImportWish,
  { wait, timeout }: Staying,
): Promise<Image> {
  await glance.imports.start(id, importRequest(wish), wish.store);
  return wait
    ? waitFor(app, timeout, () => lookAtImport(glance, id, namedStores(wish)))
    : glance.images.show(id);
}

function refuseCreation(
  options: Partial<ImportWish> & { file?: string; size?: number },
  method: string | undefined,
  hasData: boolean,
  isPiped: boolean,
): void {
  const { uri, remote_region, remote_image_id, file, size } = options;
  const data = file === undefined ? 'pass data via stdin' : 'specify a --file';
  const fetching = method === 'web-download' || method === 'glance-download';
  refuseFirst([
    [method === 'copy-image', "Import method 'copy-image' cannot be used while creating the image."],
    [
      size !== undefined && !hasData,
      '--size is the size of data: give them with --file or on standard input',
    ],
  ]);
  refuseSeveralStores(options);
  refuseFirst([
    [method === undefined && uri !== undefined, 'You cannot use --uri without specifying an import method.'],
    [
      method === 'glance-direct' && uri !== undefined,
      'You cannot specify a --uri with the glance-direct import method.',
    ],
    [
      method === 'glance-direct' && !hasData,
      'You must specify a --file or provide data via stdin for the glance-direct import method.',
    ],
    [
      method === 'glance-direct' && file !== undefined && file !== '-' && isPiped,
      'You cannot use both --file and stdin with the glance-direct import method.',
    ],
    [
      method === 'web-download' && uri === undefined,
      "URI is required for web-download import method. Please use '--uri <uri>'.",
    ],
    [
      method === 'glance-download' && (remote_region === undefined || remote_image_id === undefined),
      'REMOTE GlANCE REGION and REMOTE IMAGE ID are required for glance-download import method. Please use --remote-region <region> and --remote-image-id <remote-image-id>.',
    ],
    [
      method === 'glance-download' && uri !== undefined,
      'You cannot specify a --uri with the glance-download import method.',
    ],
    [fetching && hasData, `You cannot ${data} with the ${method} import method.`],
  ]);
}
