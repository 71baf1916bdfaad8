import { arg, command } from '../define/command.ts';
import { on, required, text } from '../define/option.ts';
import { type Columns, done, record, rows } from '../define/view.ts';
import { UsageError } from '../errors.ts';
import type { Tag } from '../glance/metadefs/types.ts';
import { namespace } from './definition.ts';

const tag = arg('<TAG>', 'Name of the tag', 'definition-tag');
const columns: Columns<Tag> = { name: 'name' };

export const list = command({
  about: 'List the tags of a namespace.',
  args: { namespace },
  columns,
  examples: ['tglance md-tag-list My::Rack'],
  run: async ({ args }, app) => {
    const { metadefs } = await app.glance();
    return rows(metadefs.tags.list(args.namespace), columns, ['name']);
  },
});

export const show = command({
  about: 'Show a tag of a namespace.',
  args: { namespace, tag },
  examples: ['tglance md-tag-show My::Rack steel'],
  run: async ({ args }, app) => {
    const { metadefs } = await app.glance();
    return record(await metadefs.tags.show(args.namespace, args.tag));
  },
});

export const create = command({
  about: 'Define a tag in a namespace.',
  args: { namespace },
  options: { name: required(text('--name <NAME>', 'Name of the new tag')) },
  examples: ['tglance md-tag-create My::Rack --name steel'],
  run: async ({ args, options }, app) => {
    const name = visible(options.name);
    const { metadefs } = await app.glance();
    return record(await metadefs.tags.create(args.namespace, name));
  },
});

export const createSeveral = command({
  about: 'Give a namespace these tags in place of those it has, or with --append in addition to them.',
  args: { namespace },
  options: {
    names: required(text('--names <NAMES>', 'Names of the tags, with commas between them')),
    delim: text('--delim <DELIMITER>', 'What stands between the names, if it is no comma'),
    append: on('--append', 'Keep the tags that are there'),
  },
  columns,
  examples: ['tglance md-tag-create-multiple My::Rack --names steel,glass --append'],
  run: async ({ args, options }, app) => {
    const words = options.names.split(options.delim || ',').map((word) => word.trim());
    const names = words.filter((word) => word !== '');
    if (names.length === 0) {
      throw new UsageError('Please supply at least one tag name. For example: --names Tag1');
    }
    const { metadefs } = await app.glance();
    const made = await metadefs.tags.createSeveral(args.namespace, names, options.append ?? false);
    return rows(made, columns, ['name']);
  },
});

export const update = command({
  about: 'Rename a tag of a namespace.',
  args: { namespace, tag },
  options: { name: required(text('--name <NEW_NAME>', 'New name of the tag')) },
  examples: ['tglance md-tag-update My::Rack steel --name metal'],
  run: async ({ args, options }, app) => {
    const name = visible(options.name);
    const { metadefs } = await app.glance();
    return record(await metadefs.tags.rename(args.namespace, args.tag, name));
  },
});

function visible(word: string): string {
  const name = word.trim();
  if (name === '') throw new UsageError('Please supply at least one non-blank tag name.');
  return name;
}

export const remove = command({
  about: 'Delete a tag of a namespace.',
  args: { namespace, tag },
  examples: ['tglance md-tag-delete My::Rack steel'],
  run: async ({ args }, app) => {
    const { metadefs } = await app.glance();
    await metadefs.tags.delete(args.namespace, args.tag);
    return done(`Deleted the tag ${args.tag} of ${args.namespace}`);
  },
});

export const removeAll = command({
  about: 'Delete all tags of a namespace.',
  args: { namespace },
  examples: ['tglance md-namespace-tags-delete My::Rack'],
  run: async ({ args }, app) => {
    const { metadefs } = await app.glance();
    await metadefs.tags.deleteAll(args.namespace);
    return done(`Deleted all tags of ${args.namespace}`);
  },
});
