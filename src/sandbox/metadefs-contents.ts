import type { Cloud } from './cloud.ts';
import { isObject } from './exchange.ts';
import { breakDown, keyOf, type Namespace, type Times } from './metadefs.ts';
import { objectIn, withObject } from './metadefs-objects.ts';
import { withProperty } from './metadefs-properties.ts';
import { withAssociation } from './metadefs-resource-types.ts';
import { rulesByName } from './metadefs-rules.ts';
import { withTag } from './metadefs-tags.ts';
import { refuse } from './refusal.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Makes a namespace and everything that the fields of a request put into it. Within a change. */
export function makeNamespace(cloud: Cloud, fields: Fields, owner: string, times: Times): Namespace {
  const { namespaces } = cloud.store;
  const said = saidOf(fields, owner);
  const name = said.namespace;
  if (namespaces.get(keyOf(name)) !== undefined) {
    throw refuse(409, `The metadata definition namespace=${name} already exists.`);
  }
  const id = namespaces.all().reduce((last, it) => Math.max(last, it.id), 0) + 1;
  const bare = { id, ...said, associations: [], properties: [], objects: [], tags: [], ...times };
  const made = filled(cloud, bare, fields, times);
  namespaces.put(keyOf(name), made);
  return made;
}

/** What a namespace says of itself, in the fields of a request. */
export function saidOf({ namespace, display_name, description, ...fields }: Fields, owner: string) {
  return {
    namespace: String(namespace),
    ...(typeof display_name === 'string' && { display_name }),
    ...(typeof description === 'string' && { description }),
    visibility: String(fields.visibility ?? 'private'),
    protected: fields.protected === true,
    owner: String(fields.owner || owner),
  };
}

function filled(cloud: Cloud, bare: Namespace, fields: Fields, times: Times): Namespace {
  const associations = itemsOf(fields, 'resource_type_associations').map((item) => ({ ...item, ...times }));
  const properties = Object.entries(rulesByName(fields.properties)).map(([name, rules]) => ({ name, rules }));
  const objects = itemsOf(fields, 'objects').map((item) => ({ ...objectIn(item), ...times }));
  const tags = itemsOf(fields, 'tags');
  const associated = associations.reduce((it, association) => withAssociation(cloud, it, association), bare);
  const described = properties.reduce(withProperty, associated);
  const grouped = objects.reduce(withObject, described);
  return tags.reduce((it, { name }) => withTag(it, name, times.created_at), grouped);
}

/** The contents as the answer to their making tells them: as they were given. */
export const contentsTold = (fields: Fields): Fields => ({
  ...(fields.resource_type_associations !== undefined && {
    resource_type_associations: itemsOf(fields, 'resource_type_associations'),
  }),
  ...(fields.properties !== undefined && { properties: rulesByName(fields.properties) }),
  ...(fields.objects !== undefined && {
    objects: itemsOf(fields, 'objects').map(({ properties, ...object }) => ({
      ...object,
      ...(properties !== undefined && { properties: rulesByName(properties) }),
    })),
  }),
  ...(fields.tags !== undefined && { tags: itemsOf(fields, 'tags') }),
});

/** What may be said of the things in a namespace. */
const words = {
  resource_type_associations: ['name', 'prefix', 'properties_target'],
  objects: ['name', 'description', 'required', 'properties'],
  tags: ['name'],
} as const;

/** What Glance takes and does not heed. */
const ignored = ['created_at', 'updated_at'];

type Item = Fields & { readonly name: string };

function itemsOf(fields: Fields, key: keyof typeof words): readonly Item[] {
  const items = Array.isArray(fields[key]) ? fields[key] : [];
  const known: readonly string[] = words[key];
  return items.map((item: unknown) => {
    if (!isObject(item) || typeof item.name !== 'string') throw breakDown();
    const { name, ...rest } = item;
    const entries = Object.entries(rest).filter(([word]) => !ignored.includes(word));
    if (entries.some(([word]) => !known.includes(word))) throw breakDown();
    return { name, ...Object.fromEntries(entries) };
  });
}
