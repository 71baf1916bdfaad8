import { type Known, param } from './calls.ts';
import { empty, json } from './exchange.ts';
import { limitOf, sortDirection } from './listing.ts';
import {
  byName,
  fieldsOf,
  type MetadefObject,
  type Namespace,
  namespaceOf,
  notFoundExactly,
  ownFields,
  refuseProtected,
  revise,
  type Times,
  timesOf,
  timesView,
} from './metadefs.ts';
import { rulesByName } from './metadefs-rules.ts';
import { object as schema, unnamedProperty } from './metadefs-schemas.ts';
import { refuse } from './refusal.ts';
import { validate } from './validate.ts';

/** GET /v2/metadefs/namespaces/:namespace/objects: always all of them */
export const listObjects: Known = (cloud, call) => {
  const { query } = call;
  sortDirection(query.get('sort_dir') ?? 'desc');
  if (limitOf(query.get('limit')) === 0) throw refuse(400, 'limit param must be positive');
  const objects = objectsView(namespaceOf(cloud, call, notFoundExactly));
  return json(200, { objects, schema: 'v2/schemas/metadefs/objects' });
};

/** The objects of a namespace, which the database gives in the order of their names. */
export const objectsView = (namespace: Namespace, prefix = '') =>
  namespace.objects
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map((object) => objectView(namespace, prefixed(object, prefix)));

const prefixed = (object: MetadefObject, prefix: string): MetadefObject => ({
  ...object,
  required: object.required.map((name) => prefix + name),
  properties: Object.fromEntries(
    Object.entries(object.properties).map(([name, rules]) => [prefix + name, rules]),
  ),
});

/** GET /v2/metadefs/namespaces/:namespace/objects/:object */
export const showObject: Known = (cloud, call) => {
  const namespace = namespaceOf(cloud, call, notFoundExactly);
  return json(200, objectView(namespace, objectOf(namespace, param(call, 'object'))));
};

/** POST /v2/metadefs/namespaces/:namespace/objects */
export const createObject: Known = async (cloud, call) => {
  const fields = await fieldsOf(call, schema, ownFields);
  for (const rules of Object.values(fields.properties ?? {})) {
    validate(unnamedProperty.name, unnamedProperty, rules);
  }
  const now = cloud.clock();
  const object = { ...objectIn(fields), created_at: now, updated_at: now };
  const work = (old: Namespace) => ({
    namespace: withObject(old, object),
    reply: json(201, onlyTold(fields, objectView(old, object))),
  });
  return revise(cloud, call, 'add_metadef_object', work, notFoundExactly);
};

/** An object of the fields of a request or of a namespace's. */
export function objectIn(fields: Readonly<Record<string, unknown>>): Omit<MetadefObject, keyof Times> {
  const { name, description, required = [], properties = {} } = fields;
  return {
    name: String(name),
    ...(typeof description === 'string' && { description }),
    // Glance's database keeps them in one text
    required: (required as string[]).flatMap((names) => names.split(',')),
    properties: rulesByName(properties),
  };
}

/** What was not said is told as empty, and what was said as it is kept, only when the object is read again. */
function onlyTold(fields: Readonly<Record<string, unknown>>, view: ReturnType<typeof objectView>) {
  const { required: _required, properties, ...rest } = view;
  return {
    ...rest,
    ...(fields.required !== undefined && { required: fields.required }),
    ...(fields.properties !== undefined && { properties }),
  };
}

/** The namespace with one object more. */
export function withObject(namespace: Namespace, object: MetadefObject): Namespace {
  if (byName(namespace.objects, object.name) !== undefined) {
    throw refuse(
      409,
      `A metadata definition object with name=${object.name} already exists in namespace=${namespace.namespace}.`,
    );
  }
  return { ...namespace, objects: [...namespace.objects, object] };
}

/** PUT /v2/metadefs/namespaces/:namespace/objects/:object */
export const updateObject: Known = async (cloud, call) => {
  const fields = await fieldsOf(call, schema, ownFields);
  const said = objectIn(fields);
  const work = (namespace: Namespace) => {
    const old = objectOf(namespace, param(call, 'object'));
    const told = { ...said, ...timesOf(old) };
    if (told.name !== old.name && byName(namespace.objects, told.name) !== undefined) {
      throw refuse(
        409,
        `Invalid update. It would result in a duplicate metadata definition object with the same name=${old.name} in namespace=${namespace.namespace}.`,
      );
    }
    const changed = { ...told, updated_at: cloud.clock() };
    const objects = namespace.objects.map((it) => (it === old ? changed : it));
    const reply = json(200, onlyTold(fields, objectView(namespace, told)));
    return { namespace: { ...namespace, objects }, reply };
  };
  return revise(cloud, call, 'modify_metadef_object', work, notFoundExactly);
};

/** DELETE /v2/metadefs/namespaces/:namespace/objects/:object */
export const removeObject: Known = (cloud, call) => {
  const work = (namespace: Namespace) => {
    const gone = objectOf(namespace, param(call, 'object'));
    refuseProtected(namespace, `object ${gone.name}`);
    const objects = namespace.objects.filter((it) => it !== gone);
    return { namespace: { ...namespace, objects }, reply: empty(204) };
  };
  return revise(cloud, call, 'delete_metadef_object', work, notFoundExactly);
};

/** DELETE /v2/metadefs/namespaces/:namespace/objects */
export const removeObjects: Known = (cloud, call) =>
  revise(cloud, call, 'delete_metadef_namespace', (namespace) => {
    refuseProtected(namespace);
    return { namespace: { ...namespace, objects: [] }, reply: empty(204) };
  });

function objectOf({ objects }: Namespace, name: string): MetadefObject {
  const object = byName(objects, name);
  if (object === undefined) throw refuse(404, `Could not find metadata object ${name}`);
  return object;
}

const objectView = ({ namespace }: Namespace, object: MetadefObject) => ({
  ...object,
  ...timesView(object),
  self: `/v2/metadefs/namespaces/${namespace}/objects/${object.name}`,
  schema: '/v2/schemas/metadefs/object',
});
