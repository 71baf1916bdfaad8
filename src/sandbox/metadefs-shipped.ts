import type { Known } from './calls.ts';
import type { Cloud } from './cloud.ts';
import { makeNamespace } from './metadefs-contents.ts';

/** A route of metadata definitions: those that Glance ships are there from the first time that one is asked. */
export const shipped =
  (answer: Known): Known =>
  async (cloud, call) => {
    if (isEmpty(cloud)) await ship(cloud);
    return answer(cloud, call);
  };

/** Namespaces may all be deleted; types stay. */
const isEmpty = (cloud: Cloud) => cloud.store.resourceTypes.all().length === 0;

async function ship(cloud: Cloud): Promise<void> {
  const { default: namespaces } = await import('./metadefs-shipped.json', { with: { type: 'json' } });
  const times = { created_at: cloud.clock() };
  cloud.store.change(() => {
    // another process may have been quicker
    if (isEmpty(cloud)) for (const fields of namespaces) makeNamespace(cloud, fields, 'admin', times);
  });
}
