import { createApi, type Sends } from './api.ts';
import { cache } from './cache.ts';
import { callOver } from './call.ts';
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
import { imageRoot, withVersions } from './versions.ts';

/** The Image service's nouns, hung on one API. `endpoint` may carry a version or not. */
export function createGlance(sends: Sends, endpoint: () => Promise<URL>, signal: AbortSignal) {
  let known: Promise<string> | undefined;
  const root = () => {
    known ??= endpoint().then(imageRoot);
    return known;
  };
  const api = createApi(withVersions(sends, root), root, signal);
  return {
    call: callOver(sends.signed, root, signal),
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
