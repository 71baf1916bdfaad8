import { arg, command } from '../define/command.ts';
import { required, text } from '../define/option.ts';
import { type Columns, done, record, rows } from '../define/view.ts';
import { NotFound } from '../errors.ts';
import type { MetadefObject } from '../glance/metadefs/types.ts';
import { namespace, outline, schema, showOptions } from './definition.ts';

const object = arg('<OBJECT>', 'Name of the object', 'object');

const columns: Columns<MetadefObject> = {
  name: 'name',
  description: 'description',
  required: 'required',
  properties: ({ properties }) => Object.keys(properties ?? {}),
};

export const list = command({
  about: 'List the objects of a namespace.',
  args: { namespace },
  columns,
  examples: ['tglance md-object-list OS::Software::WebServers'],
  run: async ({ args }, app) => {
    const { metadefs } = await app.glance();
    const widths = new Map([['description', 50]]);
    return rows(metadefs.objects.list(args.namespace), columns, ['name', 'description'], { widths });
  },
});

export const show = command({
  about: 'Show an object: a group of properties.',
  args: { namespace, object },
  options: showOptions,
  examples: ['tglance md-object-show OS::Software::WebServers Nginx'],
  run: async ({ args, options }, app) => {
    const { metadefs } = await app.glance();
    const found = await metadefs.objects.show(args.namespace, args.object);
    return record(found, { shown: outline(found), width: options.max_column_width });
  },
});

export const showProperty = command({
  about: 'Show one property of an object.',
  args: { namespace, object, property: arg('<PROPERTY>', 'Name of the property', 'property') },
  options: showOptions,
  examples: ['tglance md-object-property-show OS::Compute::Quota cpu_limits quota:cpu_shares'],
  run: async ({ args, options }, app) => {
    const { metadefs } = await app.glance();
    const { properties = {} } = await metadefs.objects.show(args.namespace, args.object);
    if (!Object.hasOwn(properties, args.property)) {
      throw new NotFound(`Property ${args.property} not found in object ${args.object}.`);
    }
    const property = { ...properties[args.property], name: args.property };
    return record(property, { width: options.max_column_width });
  },
});

export const create = command({
  about: 'Define an object in a namespace.',
  args: { namespace },
  options: {
    name: required(text('--name <NAME>', 'Name of the new object')),
    schema: required(schema),
  },
  examples: [`tglance md-object-create My::Rack --name Slot --schema '{"description":"A place in a rack"}'`],
  run: async ({ args, options }, app) => {
    const { metadefs } = await app.glance();
    const made = await metadefs.objects.create(args.namespace, { name: options.name, ...options.schema });
    return record(made, { shown: outline(made) });
  },
});

export const update = command({
  about: 'Change an object; fields that the schema does not name stay as they are.',
  args: { namespace, object },
  options: { name: text('--name <NEW_NAME>', 'New name of the object'), schema },
  examples: [`tglance md-object-update My::Rack Slot --name Place --schema '{"required":["height"]}'`],
  run: async ({ args, options }, app) => {
    const { metadefs } = await app.glance();
    const changes = { ...(options.name && { name: options.name }), ...options.schema };
    const updated = await metadefs.objects.update(args.namespace, args.object, changes);
    return record(updated, { shown: outline(updated) });
  },
});

export const remove = command({
  about: 'Delete an object of a namespace.',
  args: { namespace, object },
  examples: ['tglance md-object-delete My::Rack Slot'],
  run: async ({ args }, app) => {
    const { metadefs } = await app.glance();
    await metadefs.objects.delete(args.namespace, args.object);
    return done(`Deleted the object ${args.object} of ${args.namespace}`);
  },
});

export const removeAll = command({
  about: 'Delete all objects of a namespace.',
  args: { namespace },
  examples: ['tglance md-namespace-objects-delete My::Rack'],
  run: async ({ args }, app) => {
    const { metadefs } = await app.glance();
    await metadefs.objects.deleteAll(args.namespace);
    return done(`Deleted all objects of ${args.namespace}`);
  },
});
