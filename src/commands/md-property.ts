import { arg, command } from '../define/command.ts';
import { oneOf, required, text } from '../define/option.ts';
import { type Columns, done, record, rows } from '../define/view.ts';
import { UsageError } from '../errors.ts';
import type { Property } from '../glance/metadefs/types.ts';
import { namespace, schema, showOptions } from './definition.ts';

const property = arg('<PROPERTY>', 'Name of the property', 'property');

const columns: Columns<Property> = {
  name: 'name',
  title: 'title',
  type: 'type',
  description: 'description',
};

export const list = command({
  about: 'List the properties of a namespace.',
  args: { namespace },
  columns,
  examples: ['tglance md-property-list OS::Compute::LibvirtImage'],
  run: async ({ args }, app) => {
    const { metadefs } = await app.glance();
    return rows(await metadefs.properties.list(args.namespace), columns, ['name', 'title', 'type']);
  },
});

export const show = command({
  about: 'Show a property: its type and the values that it may have.',
  args: { namespace, property },
  options: showOptions,
  examples: ['tglance md-property-show OS::Compute::LibvirtImage hw_disk_bus'],
  run: async ({ args, options }, app) => {
    const { metadefs } = await app.glance();
    const found = await metadefs.properties.show(args.namespace, args.property);
    return record(found, { width: options.max_column_width });
  },
});

export const create = command({
  about: 'Define a property in a namespace.',
  args: { namespace },
  options: {
    name: required(text('--name <NAME>', 'Name of the new property')),
    title: required(text('--title <TITLE>', 'Name shown to people')),
    type: oneOf('--type <TYPE>', 'What its values are; the schema may say it too', [
      'string',
      'integer',
      'number',
      'boolean',
      'array',
      'object',
    ]),
    schema: required(schema),
  },
  examples: [
    `tglance md-property-create My::Rack --name height --title Height --type integer --schema '{"minimum":1}'`,
  ],
  run: async ({ args, options: { name, title, type, schema } }, app) => {
    // glance 4.1 had no --type, later ones want it: scripts for either go on working
    if (type === undefined && !('type' in schema)) {
      throw new UsageError('Say what its values are, with --type or in the schema');
    }
    const { metadefs } = await app.glance();
    const fields = { name, title, ...(type && { type }), ...schema };
    return record(await metadefs.properties.create(args.namespace, fields));
  },
});

export const update = command({
  about: 'Change a property; fields that the schema does not name stay as they are.',
  args: { namespace, property },
  options: {
    name: text('--name <NEW_NAME>', 'New name of the property'),
    title: text('--title <TITLE>', 'Name shown to people'),
    schema,
  },
  examples: [`tglance md-property-update My::Rack height --schema '{"maximum":52}'`],
  run: async ({ args, options: { name, title, schema } }, app) => {
    const { metadefs } = await app.glance();
    const changes = { ...(name && { name }), ...(title && { title }), ...schema };
    return record(await metadefs.properties.update(args.namespace, args.property, changes));
  },
});

export const remove = command({
  about: 'Delete a property of a namespace.',
  args: { namespace, property },
  examples: ['tglance md-property-delete My::Rack height'],
  run: async ({ args }, app) => {
    const { metadefs } = await app.glance();
    await metadefs.properties.delete(args.namespace, args.property);
    return done(`Deleted the property ${args.property} of ${args.namespace}`);
  },
});

export const removeAll = command({
  about: 'Delete all properties of a namespace.',
  args: { namespace },
  examples: ['tglance md-namespace-properties-delete My::Rack'],
  run: async ({ args }, app) => {
    const { metadefs } = await app.glance();
    await metadefs.properties.deleteAll(args.namespace);
    return done(`Deleted all properties of ${args.namespace}`);
  },
});
