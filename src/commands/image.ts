import { arg, args, command } from '../define/command.ts';
import { beyond, leniently, many, on, otherwise, several, text, whole } from '../define/option.ts';
import { done, record, rows } from '../define/view.ts';
import { ServiceError, UsageError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';
import { each } from './each.ts';
import { changes, chosen, fields, imageColumns, shownImage } from './image-fields.ts';
import { imageQuery, queryOptions } from './image-query.ts';
import { lookAtDeletion, waitFor, waitOptions } from './wait.ts';
import { ownerOf } from './whose.ts';

const image = arg('<IMAGE>', 'Name or ID of the image', 'image');

export const list = command({
  about: 'List the images you may see.',
  options: {
    ...queryOptions,
    include_stores: leniently('--include-stores [BOOL]', 'Show the stores that hold each image'),
  },
  columns: imageColumns,
  examples: ['tglance image-list --visibility shared --limit 20', 'tglance image-list --tag ci -f json'],
  run: async ({ options }, app) => {
    imageQuery(options); // refuses before anything is asked
    const { images } = await app.glance();
    const marker = options.marker === undefined ? {} : { marker: await images.idOf(options.marker) };
    const query = imageQuery({ ...options, ...marker, ...(await ownerOf(app, options)) });
    const { verbose } = app;
    const shown = [
      ...['ID', 'Name'],
      ...(verbose ? ['Disk_format', 'Container_format', 'Size', 'Status', 'Owner'] : []),
      ...(options.include_stores ? ['Stores'] : []),
    ];
    return rows(images.list(query, options.limit || options.max_items || undefined), imageColumns, shown);
  },
});

export const show = command({
  about: 'Show one image with all its fields and properties.',
  args: { image },
  options: {
    human_readable: on('--human-readable', 'Show the size in units that people read'),
    max_column_width: otherwise(whole('--max-column-width <N>', 'Widest a column of the table gets'), 80),
  },
  examples: ['tglance image-show cirros', 'tglance image-show cirros -f value -c status'],
  run: async ({ args, options }, app) => {
    const { images } = await app.glance();
    const found = await images.find(args.image);
    const shown = shownImage(found);
    if (options.human_readable) shown.size = humanSize(found.size ?? 0);
    return record(found, { shown, width: options.max_column_width });
  },
});

/** Steps of 1024 and one decimal, as glance writes sizes: `11B`, `1.5GB`. */
function humanSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size.toFixed(1).replace(/\.0$/, '')}${units[unit]}`;
}

export const update = command({
  about: 'Change fields and properties of an image.',
  args: { image },
  options: {
    ...fields,
    ...changes,
    remove_property: many(text('--remove-property <KEY>', 'Remove a property; repeatable')),
    ...beyond({
      tags: several('--tags <TAG...>', 'Tags to have instead of the present ones'),
      tag: many(text('--tag <TAG>', 'Add a tag; repeatable')),
      remove_tag: many(text('--remove-tag <TAG>', 'Take a tag off; repeatable', { complete: 'image-tag' })),
      activate: on('--activate', 'Allow the use of a deactivated image again'),
      deactivate: on('--deactivate', 'Keep everybody but administrators from using it'),
    }),
  },
  examples: ['tglance image-update cirros --min-disk 1 --property os_distro=cirros'],
  run: async ({ args, options }, app) => {
    const { remove_property: removed = [], activate, deactivate, ...rest } = options;
    if (activate && deactivate) throw new UsageError('--activate and --deactivate exclude each other');
    const set = chosen({ ...rest, ...(await ownerOf(app, rest)) }, app.stdio.tell);
    const { images } = await app.glance();
    const found = await images.find(args.image);
    const tags = tagsAfter(found.tags ?? [], rest);
    if (tags !== undefined) set.set('tags', tags);
    for (const key of removed) {
      if (!Object.hasOwn(found, key)) app.stdio.tell(`Image ${found.id} has no property '${key}' to remove`);
    }
    const updated = await images.update(found, set, removed);
    if (!activate && !deactivate) return record(updated, { shown: shownImage(updated) });
    await images[activate ? 'reactivate' : 'deactivate'](found.id);
    const after = await images.show(found.id);
    return record(after, { shown: shownImage(after) });
  },
});

/** The tags that an image is to have, or undefined when nothing is said of them. */
function tagsAfter(
  present: readonly string[],
  { tags, tag, remove_tag }: { tags?: string[]; tag?: string[]; remove_tag?: string[] },
): string[] | undefined {
  if (tags === undefined && tag === undefined && remove_tag === undefined) return undefined;
  const all = new Set([...(tags ?? present), ...(tag ?? [])]);
  return [...all].filter((word) => !remove_tag?.includes(word));
}

const state = (verb: 'deactivate' | 'reactivate', about: string) =>
  command({
    about,
    args: { image },
    examples: [`tglance image-${verb} cirros`],
    run: async ({ args }, app) => {
      const { images } = await app.glance();
      const id = await images.idOf(args.image);
      await images[verb](id);
      return done(`Image ${id} is ${verb}d`);
    },
  });

export const deactivate = state('deactivate', 'Keep everybody but administrators from using an image.');
export const reactivate = state('reactivate', 'Allow the use of a deactivated image again.');

export const remove = command({
  about: 'Delete images.',
  args: { images: args('<IMAGE>', 'Names or IDs of the images', 'image') },
  options: waitOptions,
  examples: ['tglance image-delete cirros 0f0e9e4a-7a3c-4b3e-9d2f-1f6d8c0b7a55'],
  run: async ({ args, options }, app) => {
    const glance = await app.glance();
    const drop = async (word: string) => {
      const id = await removed(glance, word);
      if (options.wait) await waitFor(app, options.timeout, () => lookAtDeletion(glance, id));
    };
    await each(args.images, drop, app.signal);
    return done(`Deleted ${args.images.length === 1 ? 'the image' : `${args.images.length} images`}`);
  },
});

async function removed({ images }: Glance, word: string): Promise<string> {
  try {
    const id = await images.idOf(word);
    await images.delete(id);
    return id;
  } catch (error) {
    throw error instanceof ServiceError ? refusedDelete(word, error) : error;
  }
}

function refusedDelete(word: string, { status, detail, requestId }: ServiceError): ServiceError {
  const why: Readonly<Record<number, string>> = {
    403: `You are not permitted to delete the image '${word}'. (${detail})`,
    404: `No image with an ID of '${word}' exists.`,
    409: `Unable to delete image '${word}' because it is in use.`,
  };
  return new ServiceError(
    status,
    detail,
    why[status] ?? `'HTTP ${detail}': Unable to delete image '${word}'`,
    requestId,
  );
}
