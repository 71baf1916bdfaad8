import { createApi, type Sends } from './api.ts';
import { cache } from './cache.ts';
import { images } from './images.ts';
import { imports } from './imports.ts';
import { info } from './info.ts';
import { locations } from './locations.ts';
import { members } from './members.ts';
import { namespaces } from './metadefs/namespaces.ts';
import { objects } from './metadefs/objects.ts';
import { properties } from './metadefs/properties.ts';
import { resourceTypes } from './metadefs/resource-types.ts';
import { tags } from './metadefs/tags.ts';
import { tasks } from './tasks.ts';

/** The Image service's nouns, hung on one API. `endpoint` may carry a version or not. */
export function createGlance(sends: Sends, endpoint: () => Promise<URL>, signal: AbortSignal) {
  const api = createApi(sends, async () => unversioned(await endpoint()), signal);
  return {
    images: images(api),
    imports: imports(api),
    members: members(api),
    locations: locations(api),
    tasks: tasks(api),
    cache: cache(api),
    info: info(api),
    metadefs: {
      namespaces: namespaces(api),
      resourceTypes: resourceTypes(api),
      properties: properties(api),
      objects: objects(api),
      tags: tags(api),
    },
  };
}

export type Glance = ReturnType<typeof createGlance>;

/** Catalogs list the service with and without `/v2`, `/v1` and slashes; every path here begins with its own. */
const unversioned = (url: URL) => url.origin + url.pathname.replace(/(\/v[0-9.]+)?\/*$/, '');
