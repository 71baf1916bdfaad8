import type { Known } from './calls.ts';
import * as namespaces from './metadefs-namespaces.ts';
import * as objects from './metadefs-objects.ts';
import * as properties from './metadefs-properties.ts';
import * as resourceTypes from './metadefs-resource-types.ts';
import { shipped } from './metadefs-shipped.ts';
import * as tags from './metadefs-tags.ts';

/** What can be asked of metadata definitions without a body. */
export const metadefRequests = afterShipping({
  'GET /v2/metadefs/resource_types': resourceTypes.listResourceTypes,
  'GET /v2/metadefs/namespaces': namespaces.listNamespaces,
  'GET /v2/metadefs/namespaces/:namespace': namespaces.showNamespace,
  'DELETE /v2/metadefs/namespaces/:namespace': namespaces.deleteNamespace,
  'GET /v2/metadefs/namespaces/:namespace/resource_types': resourceTypes.listAssociations,
  'DELETE /v2/metadefs/namespaces/:namespace/resource_types/:type': resourceTypes.deassociate,
  'GET /v2/metadefs/namespaces/:namespace/properties': properties.listProperties,
  'DELETE /v2/metadefs/namespaces/:namespace/properties': properties.removeProperties,
  'GET /v2/metadefs/namespaces/:namespace/properties/:property': properties.showProperty,
  'DELETE /v2/metadefs/namespaces/:namespace/properties/:property': properties.removeProperty,
  'GET /v2/metadefs/namespaces/:namespace/objects': objects.listObjects,
  'DELETE /v2/metadefs/namespaces/:namespace/objects': objects.removeObjects,
  'GET /v2/metadefs/namespaces/:namespace/objects/:object': objects.showObject,
  'DELETE /v2/metadefs/namespaces/:namespace/objects/:object': objects.removeObject,
  'GET /v2/metadefs/namespaces/:namespace/tags': tags.listTags,
  'DELETE /v2/metadefs/namespaces/:namespace/tags': tags.removeTags,
  'GET /v2/metadefs/namespaces/:namespace/tags/:tag': tags.showTag,
  'POST /v2/metadefs/namespaces/:namespace/tags/:tag': tags.createTag,
  'DELETE /v2/metadefs/namespaces/:namespace/tags/:tag': tags.removeTag,
});

/** What is said to them with one. */
export const metadefRequestsWithBody = afterShipping({
  'POST /v2/metadefs/namespaces': namespaces.createNamespace,
  'PUT /v2/metadefs/namespaces/:namespace': namespaces.updateNamespace,
  'POST /v2/metadefs/namespaces/:namespace/resource_types': resourceTypes.associate,
  'POST /v2/metadefs/namespaces/:namespace/properties': properties.createProperty,
  'PUT /v2/metadefs/namespaces/:namespace/properties/:property': properties.updateProperty,
  'POST /v2/metadefs/namespaces/:namespace/objects': objects.createObject,
  'PUT /v2/metadefs/namespaces/:namespace/objects/:object': objects.updateObject,
  'POST /v2/metadefs/namespaces/:namespace/tags': tags.createTags,
  'PUT /v2/metadefs/namespaces/:namespace/tags/:tag': tags.updateTag,
});

function afterShipping(answers: Readonly<Record<string, Known>>): Readonly<Record<string, Known>> {
  return Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, shipped(answer)]));
}
