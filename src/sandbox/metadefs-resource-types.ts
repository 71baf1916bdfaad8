import { type Known, param } from './calls.ts';
import type { Cloud } from './cloud.ts';
import { empty, json } from './exchange.ts';
import {
  type Association,
  byName,
  fieldsOf,
  keyOf,
  type Namespace,
  namespaceOf,
  ownTimes,
  refuseProtected,
  revise,
  timesOf,
  timesView,
} from './metadefs.ts';
import { association as schema } from './metadefs-schemas.ts';
import { refuse } from './refusal.ts';

/** GET /v2/metadefs/resource_types: they stay when nothing is associated with them any more */
export const listResourceTypes: Known = (cloud) => {
  const types = cloud.store.resourceTypes
    .all()
    .toSorted((one, other) => one.id - other.id)
    .map((type) => ({ name: type.name, ...timesView(type) }));
  return json(200, { resource_types: types });
};

/** GET /v2/metadefs/namespaces/:namespace/resource_types */
export const listAssociations: Known = (cloud, call) =>
  json(200, { resource_type_associations: namespaceOf(cloud, call).associations.map(associationView) });

/** An association as the API tells it. */
export const associationView = (association: Association) => ({ ...association, ...timesView(association) });

/** POST /v2/metadefs/namespaces/:namespace/resource_types */
export const associate: Known = async (cloud, call) => {
  const fields = await fieldsOf(call, schema, ownTimes);
  const now = cloud.clock();
  const association = { name: '', ...fields, created_at: now, updated_at: now };
  return revise(cloud, call, 'add_metadef_resource_type_association', (old) => ({
    namespace: withAssociation(cloud, old, association),
    reply: json(201, associationView(association)),
  }));
};

/** The namespace with one association more; its type is made where there is none of that name. Within a change. */
export function withAssociation(cloud: Cloud, namespace: Namespace, association: Association): Namespace {
  const { name } = association;
  if (byName(namespace.associations, name) !== undefined) {
    throw refuse(
      409,
      `The metadata definition resource-type association of resource-type=${name} to namespace=${namespace.namespace} already exists.`,
    );
  }
  const { resourceTypes } = cloud.store;
  if (resourceTypes.get(keyOf(name)) === undefined) {
    resourceTypes.put(keyOf(name), { id: resourceTypes.all().length, name, ...timesOf(association) });
  }
  return { ...namespace, associations: [...namespace.associations, association] };
}

/** DELETE /v2/metadefs/namespaces/:namespace/resource_types/:type */
export const deassociate: Known = (cloud, call) =>
  revise(cloud, call, 'remove_metadef_resource_type_association', (namespace) => {
    const name = param(call, 'type');
    if (byName(namespace.associations, name) === undefined) {
      throw refuse(404, `Failed to find resource type ${name} to delete`);
    }
    refuseProtected(namespace, `resource-type-association ${name}`);
    const associations = namespace.associations.filter((it) => it.name !== name);
    return { namespace: { ...namespace, associations }, reply: empty(204) };
  });
