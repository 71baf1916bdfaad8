import { arg, command } from '../define/command.ts';
import { didYouMean } from '../define/nearest.ts';
import { on } from '../define/option.ts';
import { type Columns, record, rows } from '../define/view.ts';
import { ServiceError } from '../errors.ts';

export const stores = command({
  about: 'Show the stores of this cloud.',
  options: { detail: on('--detail', "Show each store's properties (administrators)") },
  examples: ['tglance stores-info'],
  run: async ({ options }, app) => {
    const { info } = await app.glance();
    return record(
      await orMissing(info.stores(options.detail ?? false), 'Multi Backend support is not enabled'),
    );
  },
});

export const imports = command({
  about: 'Show the ways of importing an image that this cloud offers.',
  examples: ['tglance import-info'],
  run: async (_input, app) => {
    const { info } = await app.glance();
    return record(await orMissing(info.imports(), 'Target Glance does not support Image Import workflow'));
  },
});

interface Quota {
  readonly quota: string;
  readonly limit?: unknown;
  readonly usage?: unknown;
}

const quotaColumns: Columns<Quota> = { Quota: 'quota', Limit: 'limit', Usage: 'usage' };

export const usage = command({
  about: 'Show the quotas of your project and how much of them is used.',
  columns: quotaColumns,
  examples: ['tglance usage'],
  run: async (_input, app) => {
    const { info } = await app.glance();
    const usage = await info.usage();
    const quotas: Quota[] = Object.entries(usage).map(([quota, amounts]) => ({ quota, ...amounts }));
    return rows(quotas, quotaColumns, ['Quota', 'Limit', 'Usage'], { exact: true });
  },
});

interface Attribute {
  readonly attribute: string;
  readonly description?: string;
}

const attributeColumns: Columns<Attribute> = { Attribute: 'attribute', Description: 'description' };

/** Those that Glance describes. */
const models = [
  'image',
  'images',
  'member',
  'members',
  'task',
  'tasks',
  'metadefs/namespace',
  'metadefs/namespaces',
  'metadefs/resource_type',
  'metadefs/resource_types',
  'metadefs/property',
  'metadefs/properties',
  'metadefs/object',
  'metadefs/objects',
  'metadefs/tag',
  'metadefs/tags',
];

export const explain = command({
  about: 'Describe the fields of a model, such as image, member, task or metadefs/namespace.',
  args: { model: arg('<MODEL>', 'Name of the model', models) },
  columns: attributeColumns,
  examples: ['tglance explain image'],
  run: async ({ args }, app) => {
    const { info } = await app.glance();
    const { model } = args;
    const missing = `Unable to find requested model '${model}'${didYouMean(model, models)}`;
    const schema = await orMissing(info.schema(model), missing);
    const attributes: Attribute[] = Object.entries(schema.properties ?? {}).map(([attribute, of]) => ({
      attribute,
      ...of,
    }));
    return rows(attributes, attributeColumns, ['Attribute', 'Description']);
  },
});

/** What a 404 means here. */
async function orMissing<T>(answer: Promise<T>, meaning: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status !== 404) throw error;
    throw new ServiceError(404, error.detail, meaning, error.requestId);
  }
}
