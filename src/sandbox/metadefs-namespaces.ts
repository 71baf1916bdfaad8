import { type Known, type KnownCall, permitAdmin } from './calls.ts';
import type { Cloud } from './cloud.ts';
import { empty, json } from './exchange.ts';
import { compare, limitOf, links, sortDirection } from './listing.ts';
import {
  breakDown,
  byName,
  fieldsOf,
  isShown,
  keyOf,
  type Namespace,
  namespaceOf,
  notFoundExactly,
  ownFields,
  refuseProtected,
  revise,
  timesView,
} from './metadefs.ts';
import { contentsTold, makeNamespace, saidOf } from './metadefs-contents.ts';
import { objectsView } from './metadefs-objects.ts';
import { propertiesView } from './metadefs-properties.ts';
import { associationView } from './metadefs-resource-types.ts';
import { namespace as schema } from './metadefs-schemas.ts';
import { inOrder } from './metadefs-tags.ts';
import { refuse } from './refusal.ts';

const all = '/v2/metadefs/namespaces';

/** GET /v2/metadefs/namespaces, https://docs.openstack.org/api-ref/image/v2/metadefs-index.html#list-namespaces */
export const listNamespaces: Known = (cloud, call) => {
  const { query, caller } = call;
  const asked = query.get('limit');
  if (asked !== null && !/^\s*[+-]?\d+\s*$/.test(asked)) throw breakDown();
  const limit = limitOf(asked);
  const order = orderOf(query.get('sort_key') ?? 'created_at', query.get('sort_dir') ?? 'desc');
  const keep = keeps(query);
  const marker = markerOf(cloud, call);
  const page = cloud.store.namespaces
    .all()
    .filter((it) => isShown(it, caller) && keep(it) && (marker === undefined || order(it, marker) > 0))
    .toSorted(order)
    .slice(0, limit);
  return json(200, {
    namespaces: page.map((it) => ({ ...namespaceView(it), ...associationsView(it) })),
    ...links(all, call, page.length === limit ? page.at(-1)?.namespace : undefined),
    schema: '/v2/schemas/metadefs/namespaces',
  });
};

const sortKeys = [
  ...(['id', 'namespace', 'display_name', 'description', 'visibility', 'protected', 'owner'] as const),
  ...(['created_at', 'updated_at'] as const),
];

function orderOf(word: string, direction: string): (one: Namespace, other: Namespace) => number {
  const turn = sortDirection(direction) === 'asc' ? 1 : -1;
  const key = sortKeys.find((it) => it === word);
  if (key === undefined) throw breakDown();
  const value = (namespace: Namespace) =>
    key === 'protected' ? Number(namespace[key]) : (namespace[key] ?? '');
  return (one, other) =>
    turn *
    (compare(value(one), value(other)) ||
      compare(one.created_at, other.created_at) ||
      compare(one.id, other.id));
}

function keeps(query: URLSearchParams): (namespace: Namespace) => boolean {
  const visibility = query.get('visibility');
  if (visibility && !['public', 'private'].includes(visibility)) {
    throw refuse(400, `Invalid visibility value: ${visibility}`);
  }
  const types = query.get('resource_types')?.split(',');
  return (namespace) =>
    (visibility === null || namespace.visibility === visibility) &&
    (types === undefined || namespace.associations.some(({ name }) => types.includes(name)));
}

function markerOf(cloud: Cloud, { query, caller }: KnownCall): Namespace | undefined {
  const name = query.get('marker');
  if (name === null) return undefined;
  const namespace = cloud.store.namespaces.get(keyOf(name));
  if (namespace === undefined) throw refuse(404, notFoundExactly(name, false));
  if (isShown(namespace, caller)) return namespace;
  throw refuse(403, `Forbidding request, metadata definition namespace=${name} is not visible.`);
}

/** GET /v2/metadefs/namespaces/:namespace; `resource_type` is whose prefix the properties get */
export const showNamespace: Known = (cloud, call) => {
  const namespace = namespaceOf(cloud, call, (name, isHidden) =>
    isHidden ? undefined : notFoundExactly(name, false),
  );
  const type = call.query.get('resource_type') ?? '';
  const { prefix = '' } = byName(namespace.associations, type) ?? {};
  const { properties, objects, tags } = namespace;
  return json(200, {
    ...namespaceView(namespace),
    ...associationsView(namespace),
    ...(properties.length > 0 && { properties: propertiesView(properties, prefix) }),
    ...(objects.length > 0 && { objects: objectsView(namespace, prefix) }),
    ...(tags.length > 0 && { tags: inOrder(tags, 'created_at', 'desc').map(({ name }) => ({ name })) }),
  });
};

const namespaceView = (namespace: Namespace) => {
  const { id, associations, properties, objects, tags, ...said } = namespace;
  return {
    ...said,
    ...timesView(namespace),
    self: `${all}/${namespace.namespace}`,
    schema: '/v2/schemas/metadefs/namespace',
  };
};

const associationsView = ({ associations }: Namespace) =>
  associations.length === 0 ? {} : { resource_type_associations: associations.map(associationView) };

/** POST /v2/metadefs/namespaces, with contents or without */
export const createNamespace: Known = async (cloud, call) => {
  const fields = await fieldsOf(call, schema, ownFields);
  const told = contentsTold(fields);
  permitAdmin(call, 'add_metadef_namespace');
  const location = encodeURI(`${call.origin}/image${all}/${fields.namespace}`);
  const now = cloud.clock();
  const times = { created_at: now, updated_at: now };
  const owner = call.caller.projectId ?? '';
  const made = cloud.store.change(() => makeNamespace(cloud, fields, owner, times));
  return json(201, { ...namespaceView(made), ...told }, { location });
};

/** PUT /v2/metadefs/namespaces/:namespace: what it says of itself; its contents stay */
export const updateNamespace: Known = async (cloud, call) => {
  const fields = await fieldsOf(call, schema, ownFields);
  return revise(cloud, call, 'modify_metadef_namespace', (old) => {
    const said = saidOf(fields, call.caller.projectId ?? '');
    const name = said.namespace;
    if (name !== old.namespace && cloud.store.namespaces.get(keyOf(name)) !== undefined) {
      throw refuse(
        409,
        `Invalid update. It would result in a duplicate metadata definition namespace with the same name of ${name}`,
      );
    }
    const { display_name, description, ...kept } = old;
    const told = { ...kept, ...said };
    return { namespace: { ...told, updated_at: cloud.clock() }, reply: json(200, namespaceView(told)) };
  });
};

/** DELETE /v2/metadefs/namespaces/:namespace: with everything in it */
export const deleteNamespace: Known = (cloud, call) =>
  cloud.store.change(() => {
    const gone = namespaceOf(cloud, call);
    permitAdmin(call, 'delete_metadef_namespace');
    refuseProtected(gone);
    cloud.store.namespaces.remove(keyOf(gone.namespace));
    return empty(204);
  });
