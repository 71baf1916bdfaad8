import { collection, type Definitions, paged, type Schema } from './schema.ts';

const text = (description: string, more: Schema = {}): Schema => ({ type: 'string', description, ...more });
const name: Schema = { type: 'string', maxLength: 80 };
const time = (description: string) => text(description, { readOnly: true, format: 'date-time' });
const times = {
  created_at: time('When the record was made'),
  updated_at: time('When the record was last changed'),
};
const link: Schema = { readOnly: true, type: 'string' };
const ref = (definition: string): Schema => ({ $ref: `#/definitions/${definition}` });

const type: Schema = {
  type: 'string',
  enum: ['array', 'boolean', 'integer', 'number', 'object', 'string', null],
};

/** What can be said of the values of a property. */
const rules: Readonly<Record<string, Schema>> = {
  name,
  title: { type: 'string' },
  description: { type: 'string' },
  operators: { type: 'array', items: { type: 'string' } },
  type,
  required: ref('stringArray'),
  minimum: { type: 'number' },
  maximum: { type: 'number' },
  maxLength: ref('positiveInteger'),
  minLength: ref('positiveIntegerDefault0'),
  pattern: { type: 'string', format: 'regex' },
  enum: { type: 'array' },
  readonly: { type: 'boolean' },
  default: {},
  items: { type: 'object', properties: { type, enum: { type: 'array' } } },
  maxItems: ref('positiveInteger'),
  minItems: ref('positiveIntegerDefault0'),
  uniqueItems: { type: 'boolean', default: false },
  additionalItems: { type: 'boolean' },
};

const words: Schema = { type: 'array', items: { type: 'string' }, uniqueItems: true };
const numbers: Definitions = {
  positiveInteger: { type: 'integer', minimum: 0 },
  positiveIntegerDefault0: { allOf: [ref('positiveInteger'), { default: 0 }] },
};
const alone: Definitions = { ...numbers, stringArray: { ...words, minItems: 1 } };
const contained: Definitions = {
  ...numbers,
  stringArray: words,
  property: {
    type: 'object',
    additionalProperties: { type: 'object', required: ['title', 'type'], properties: rules },
  },
};

interface Named extends Schema {
  readonly name: string;
}

/** A property without its name, as objects contain it. */
export const unnamedProperty: Named = {
  name: 'property',
  properties: rules,
  additionalProperties: false,
  definitions: alone,
  required: ['type', 'title'],
};

export const property: Named = { ...unnamedProperty, required: ['type', 'title', 'name'] };

export const object: Named = {
  name: 'object',
  properties: {
    name,
    description: { type: 'string' },
    required: ref('stringArray'),
    properties: ref('property'),
    schema: link,
    self: link,
    ...times,
  },
  additionalProperties: false,
  definitions: contained,
  required: ['name'],
};

export const tag: Named = {
  name: 'tag',
  properties: { name, ...times },
  additionalProperties: false,
  required: ['name'],
};

/** Several tags at once. Not told to anybody: `tags` is the schema of a list that is read. */
export const newTags: Named = {
  name: 'tags',
  properties: {
    tags: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' } },
        required: ['name'],
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
};

export const association: Named = {
  name: 'resource_type_association',
  properties: {
    name: text('Type of the things, as Heat calls it where it has a name for it', { maxLength: 80 }),
    prefix: text('What the names of properties begin with on these things, with the separator', {
      maxLength: 80,
    }),
    properties_target: text('Which metadata of the things are meant, where there are several kinds', {
      maxLength: 80,
    }),
    ...times,
  },
  additionalProperties: false,
  required: ['name'],
};

const parts = (...fields: string[]): Schema => ({
  type: 'object',
  properties: Object.fromEntries(fields.map((field) => [field, { type: 'string' }])),
});

export const namespace: Named = {
  name: 'namespace',
  properties: {
    namespace: text('Identifies the namespace', { maxLength: 80 }),
    display_name: text('What people call the namespace', { maxLength: 80 }),
    description: text('What the namespace is about', { maxLength: 500 }),
    visibility: text('Who may read the namespace', { enum: ['public', 'private'] }),
    protected: { type: 'boolean', description: 'Whether deleting is refused' },
    owner: text('Project that the namespace belongs to', { maxLength: 255 }),
    ...times,
    schema: link,
    self: link,
    resource_type_associations: { type: 'array', items: parts('name', 'prefix', 'properties_target') },
    properties: ref('property'),
    objects: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          description: { type: 'string' },
          required: ref('stringArray'),
          properties: ref('property'),
        },
      },
    },
    tags: { type: 'array', items: parts('name') },
  },
  additionalProperties: false,
  definitions: contained,
  required: ['namespace'],
};

const pages = ['first', 'next'];

/** A list and its items; definitions stand at the top of a schema. */
function listOf(name: string, { definitions, ...item }: Named): object {
  return { ...collection(name, item, pages), ...(definitions && { definitions }) };
}

const { definitions, ...unnamed } = unnamedProperty;
const propertiesByName = { type: 'object', additionalProperties: unnamed };

/** What GET /v2/schemas/metadefs/NAME answers. */
export const metadefSchemas: Readonly<Record<string, object>> = {
  namespace,
  namespaces: listOf('namespaces', namespace),
  resource_type: association,
  resource_types: listOf('resource_type_associations', association),
  property,
  properties: { ...paged('properties', propertiesByName, pages), definitions },
  object,
  objects: listOf('objects', object),
  tag,
  tags: listOf('tags', tag),
};
