import { arg, command } from '../define/command.ts';
import { type FlagsFor, many, oneOf, several, text, truth, whole } from '../define/option.ts';
import { type Columns, done, record, rows } from '../define/view.ts';
import { UsageError } from '../errors.ts';
import type { Namespace, NamespaceFields } from '../glance/metadefs/types.ts';
import { bytesOf } from './bytes-of.ts';
import { namespace, outline, showOptions } from './definition.ts';
import { dataOf } from './deliver.ts';

/** The key is the API's word, the flag is the user's. */
const fields = {
  display_name: text('--display-name <NAME>', 'Name shown to people'),
  description: text('--description <TEXT>', 'What it is about'),
  visibility: oneOf('--visibility <SCOPE>', 'Who may read it', ['public', 'private']),
  protected: truth('--protected <BOOL>', 'Refuse to delete it and what is in it'),
  owner: text('--owner <PROJECT_ID>', 'Project that owns it'),
} satisfies FlagsFor<NamespaceFields>;

const columns: Columns<Namespace> = {
  namespace: 'namespace',
  display_name: 'display_name',
  description: 'description',
  visibility: 'visibility',
  protected: 'protected',
  owner: 'owner',
  resource_types: ({ resource_type_associations: all }) => all?.map(({ name }) => name),
  created_at: 'created_at',
  updated_at: 'updated_at',
};

/** The largest page that Glance gives. */
const fullPage = 1000;

export const list = command({
  about: 'List the namespaces of metadata definitions that you may read.',
  options: {
    resource_types: many(
      text(
        '--resource-types <RESOURCE_TYPE>',
        'Only those for things of this type; repeatable, any may fit',
        {
          complete: 'resource-type',
        },
      ),
    ),
    visibility: oneOf('--visibility <SCOPE>', 'Only public or private ones', ['public', 'private']),
    page_size: whole('--page-size <N>', 'Namespaces to ask for in one request'),
  },
  columns,
  examples: [
    'tglance md-namespace-list --resource-types OS::Glance::Image',
    'tglance md-namespace-list -c namespace -c description -f value',
  ],
  run: async ({ options: { resource_types: types, visibility, page_size } }, app) => {
    const { metadefs } = await app.glance();
    const query = { resource_types: types?.join(','), visibility, limit: String(page_size || fullPage) };
    const asked = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return rows(metadefs.namespaces.list(asked), columns, ['namespace']);
  },
});

export const show = command({
  about: 'Show a namespace and what it contains: names in tables, everything in JSON and YAML.',
  args: { namespace },
  options: {
    resource_type: text(
      '--resource-type <TYPE>',
      'Call properties as they are called on things of this type',
      { complete: 'resource-type' },
    ),
    ...showOptions,
  },
  examples: [
    'tglance md-namespace-show OS::Compute::Watchdog',
    'tglance md-namespace-show OS::Compute::Watchdog --resource-type OS::Nova::Flavor',
  ],
  run: async ({ args, options }, app) => {
    const { metadefs } = await app.glance();
    const found = await metadefs.namespaces.show(args.namespace, options.resource_type);
    return record(found, { shown: outline(found), width: options.max_column_width });
  },
});

export const create = command({
  about: 'Create a namespace for metadata definitions.',
  args: { namespace: arg('<NAMESPACE>', 'Name of the new namespace') },
  options: {
    ...fields,
    resource_type_associations: several(
      '--resource-type-associations <RESOURCE_TYPE...>',
      'Types of things that the definitions are for',
    ),
  },
  examples: ['tglance md-namespace-create My::Rack --visibility public --description Racks'],
  run: async ({ args, options: { resource_type_associations: types, ...fields } }, app) => {
    const { metadefs } = await app.glance();
    const associations = types?.map((name) => ({ name }));
    const made = await metadefs.namespaces.create({
      namespace: args.namespace,
      ...fields,
      ...(associations && { resource_type_associations: associations }),
    });
    return record(made, { shown: outline(made) });
  },
});

export const createFromFile = command({
  about: `Create a namespace with its contents from a JSON file or standard input. What md-namespace-show prints as
JSON can be imported.`,
  options: {
    file: text('--file <FILE>', 'File with the namespace as JSON; - is standard input', { complete: 'file' }),
  },
  examples: ['tglance md-namespace-import --file rack.json'],
  run: async ({ options }, app) => {
    const source = await dataOf(app, options);
    if (source === undefined) {
      throw new UsageError('No metadata definition namespace passed via stdin or --file argument.');
    }
    const given = namespaceIn(
      (await bytesOf(source, mostText, `${source.name} is too large for a namespace`)).toString(),
    );
    const { metadefs } = await app.glance();
    const made = await metadefs.namespaces.create(given);
    return record(made, { shown: outline(made) });
  },
});

/** Bytes; what the largest of Glance's own namespaces has, many times over. */
const mostText = 4 * 1024 * 1024;

function namespaceIn(text: string): { namespace: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && isNamed(value)) return value;
  } catch {
    throw new UsageError('Schema is not a valid JSON object.');
  }
  throw new UsageError("Schema is not a JSON object with a 'namespace', the name");
}

const isNamed = (value: object): value is { namespace: string } =>
  'namespace' in value && typeof value.namespace === 'string';

export const update = command({
  about: 'Change what a namespace says of itself; its contents stay.',
  args: { namespace },
  options: { namespace: text('--namespace <NEW_NAME>', 'New name of the namespace'), ...fields },
  examples: ['tglance md-namespace-update My::Rack --namespace My::Racks --visibility private'],
  run: async ({ args, options }, app) => {
    const { metadefs } = await app.glance();
    const updated = await metadefs.namespaces.update(args.namespace, options);
    return record(updated, { shown: outline(updated) });
  },
});

export const remove = command({
  about: 'Delete a namespace and everything in it.',
  args: { namespace },
  examples: ['tglance md-namespace-delete My::Rack'],
  run: async ({ args }, app) => {
    const { metadefs } = await app.glance();
    await metadefs.namespaces.delete(args.namespace);
    return done(`Deleted the namespace ${args.namespace}`);
  },
});
