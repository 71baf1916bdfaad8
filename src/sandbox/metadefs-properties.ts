import { type Known, type KnownCall, param } from './calls.ts';
import type { Cloud } from './cloud.ts';
import { empty, json } from './exchange.ts';
import {
  byName,
  fieldsOf,
  keyOf,
  type Namespace,
  namespaceOf,
  ownTimes,
  type Property,
  refuseProtected,
  revise,
} from './metadefs.ts';
import { rulesOf } from './metadefs-rules.ts';
import { property as schema } from './metadefs-schemas.ts';
import { refuse } from './refusal.ts';

/** GET /v2/metadefs/namespaces/:namespace/properties */
export const listProperties: Known = (cloud, call) =>
  json(200, { properties: propertiesView(namespaceOf(cloud, call).properties) });

/** Properties by their names, which the database gives in their order. */
export const propertiesView = (properties: readonly Property[], prefix = '') =>
  Object.fromEntries(
    properties
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .map(({ name, rules }) => [prefix + name, rules]),
  );

/** GET /v2/metadefs/namespaces/:namespace/properties/:property */
export const showProperty: Known = (cloud, call) => {
  const namespace = namespaceOf(cloud, call);
  const type = call.query.get('resource_type');
  const asked = param(call, 'property');
  const name = type ? asked.slice(prefixOf(cloud, namespace, type, asked).length) : asked;
  return json(200, propertyView(propertyOf(namespace, name)));
};

/** What the property's name begins with on things of a type. */
function prefixOf(cloud: Cloud, namespace: Namespace, type: string, property: string): string {
  if (cloud.store.resourceTypes.get(keyOf(type)) === undefined) {
    throw refuse(404, `The metadata definition resource-type with name=${type}, was not found.`);
  }
  const association = byName(namespace.associations, type);
  if (association === undefined) {
    throw refuse(
      404,
      `The metadata definition resource-type association of resource-type=${type} to namespace=${namespace.namespace}, was not found.`,
    );
  }
  const { prefix } = association;
  if (prefix && property.startsWith(prefix)) return prefix;
  throw refuse(
    404,
    `Property ${property} does not start with the expected resource type association prefix of '${prefix ?? 'None'}'.`,
  );
}

/** POST /v2/metadefs/namespaces/:namespace/properties */
export const createProperty: Known = async (cloud, call) => {
  const property = await propertyIn(call);
  return revise(cloud, call, 'add_metadef_property', (old) => ({
    namespace: withProperty(old, property),
    reply: json(201, propertyView(property)),
  }));
};

async function propertyIn(call: KnownCall): Promise<Property> {
  const fields = await fieldsOf(call, schema, ownTimes);
  return { name: String(fields.name), rules: rulesOf(fields) };
}

/** The namespace with one property more. */
export function withProperty(namespace: Namespace, property: Property): Namespace {
  if (byName(namespace.properties, property.name) !== undefined) {
    throw refuse(
      409,
      `A metadata definition property with name=${property.name} already exists in namespace=${namespace.namespace}.`,
    );
  }
  return { ...namespace, properties: [...namespace.properties, property] };
}

/** PUT /v2/metadefs/namespaces/:namespace/properties/:property */
export const updateProperty: Known = async (cloud, call) => {
  const property = await propertyIn(call);
  return revise(cloud, call, 'modify_metadef_property', (namespace) => {
    const old = propertyOf(namespace, param(call, 'property'));
    if (property.name !== old.name && byName(namespace.properties, property.name) !== undefined) {
      throw refuse(
        409,
        `Invalid update. It would result in a duplicate metadata definition property with the same name=${old.name} in namespace=${namespace.namespace}.`,
      );
    }
    const properties = namespace.properties.map((it) => (it === old ? property : it));
    return { namespace: { ...namespace, properties }, reply: json(200, propertyView(property)) };
  });
};

/** DELETE /v2/metadefs/namespaces/:namespace/properties/:property */
export const removeProperty: Known = (cloud, call) =>
  revise(cloud, call, 'remove_metadef_property', (namespace) => {
    const gone = propertyOf(namespace, param(call, 'property'));
    refuseProtected(namespace, `property ${gone.name}`);
    const properties = namespace.properties.filter((it) => it !== gone);
    return { namespace: { ...namespace, properties }, reply: empty(204) };
  });

/** DELETE /v2/metadefs/namespaces/:namespace/properties */
export const removeProperties: Known = (cloud, call) =>
  revise(cloud, call, 'delete_metadef_namespace', (namespace) => {
    refuseProtected(namespace);
    return { namespace: { ...namespace, properties: [] }, reply: empty(204) };
  });

function propertyOf({ properties }: Namespace, name: string): Property {
  const property = byName(properties, name);
  if (property === undefined) throw refuse(404, `Could not find property ${name}`);
  return property;
}

const propertyView = ({ name, rules }: Property) => ({ ...rules, name });
