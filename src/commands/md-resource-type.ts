import { arg, command } from '../define/command.ts';
import { required, text } from '../define/option.ts';
import { type Columns, done, record, rows } from '../define/view.ts';
import type { Association, ResourceType } from '../glance/metadefs/types.ts';
import { namespace } from './definition.ts';

const columns: Columns<ResourceType> = { name: 'name' };

export const list = command({
  about: 'List the types of things that metadata definitions are for.',
  columns,
  examples: ['tglance md-resource-type-list'],
  run: async (_input, app) => {
    const { metadefs } = await app.glance();
    return rows(metadefs.resourceTypes.list(), columns, ['name']);
  },
});

const associationColumns: Columns<Association> = {
  name: 'name',
  prefix: 'prefix',
  properties_target: 'properties_target',
};

export const ofNamespace = command({
  about: 'List the types of things that the definitions of a namespace are for.',
  args: { namespace },
  columns: associationColumns,
  examples: ['tglance md-namespace-resource-type-list OS::Compute::Watchdog'],
  run: async ({ args }, app) => {
    const { metadefs } = await app.glance();
    const found = metadefs.resourceTypes.ofNamespace(args.namespace);
    return rows(found, associationColumns, ['name', 'prefix', 'properties_target']);
  },
});

export const associate = command({
  about: `Say that the definitions of a namespace are for things of a type. A type that is not there yet is made. The
--prefix for shell variables, which other commands have, stands before this command's name.`,
  args: { namespace },
  options: {
    name: required(text('--name <RESOURCE_TYPE>', 'Type of the things', { complete: 'resource-type' })),
    prefix: text('--prefix <PREFIX>', 'What the names of properties begin with on these things, as in hw_'),
    properties_target: text(
      '--properties-target <TARGET>',
      'Which of their metadata are meant where they have several kinds, as in image',
    ),
  },
  examples: ['tglance md-resource-type-associate My::Rack --name OS::Nova::Flavor --prefix rack:'],
  run: async ({ args, options }, app) => {
    const { metadefs } = await app.glance();
    return record(await metadefs.resourceTypes.associate(args.namespace, options));
  },
});

export const deassociate = command({
  about: 'Say that the definitions of a namespace are not for things of a type.',
  args: { namespace, resourceType: arg('<RESOURCE_TYPE>', 'Type of the things', 'resource-type') },
  examples: ['tglance md-resource-type-deassociate My::Rack OS::Nova::Flavor'],
  run: async ({ args }, app) => {
    const { metadefs } = await app.glance();
    await metadefs.resourceTypes.deassociate(args.namespace, args.resourceType);
    return done(`The definitions of ${args.namespace} are not for ${args.resourceType} any more`);
  },
});
