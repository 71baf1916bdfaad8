import type { Api } from './api.ts';
import { path } from './path.ts';
import type { Image, Location } from './types.ts';

/** What the data at a location must hash to; the MD5 `checksum` only where clouds show locations. */
export interface Validation {
  readonly checksum?: string;
  readonly os_hash_algo?: string;
  readonly os_hash_value?: string;
}

/**
 * Where an image's data lie. All but `register` are steps of a JSON patch, and need a cloud that shows locations:
 * https://docs.openstack.org/api-ref/image/v2/#update-image
 */
export const locations = (api: Api) => {
  const patch = (id: string, ...operations: object[]) => api.patch<Image>(path`/v2/images/${id}`, operations);
  return {
    add: (id: string, location: Location & { validation_data?: Validation }) =>
      patch(id, { op: 'add', path: '/locations/-', value: location }),
    replace: (id: string, all: readonly Location[]) =>
      patch(id, { op: 'replace', path: '/locations', value: all }),
    /** By their places in the list. */
    remove: (id: string, places: readonly number[]) => {
      const fromTheEnd = [...places].sort((one, other) => other - one);
      return patch(id, ...fromTheEnd.map((at) => ({ op: 'remove', path: `/locations/${at}` })));
    },
    /** For an image without data, on clouds that speak 2.17: https://docs.openstack.org/api-ref/image/v2/#add-location */
    register: (id: string, url: string, validation: Validation) =>
      api.post(path`/v2/images/${id}/locations`, { url, validation_data: validation }),
  };
};
