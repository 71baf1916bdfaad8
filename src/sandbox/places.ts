const writable = [
  { id: 'fast', description: 'Where data go when no store is named', type: 'file' },
  { id: 'cheap', description: 'A second place for data', type: 'file' },
] as const;

/** Data on other servers are read from there; nothing is written. */
const web = {
  id: 'web',
  description: 'Web servers that data lie on',
  type: 'http',
  'read-only': 'true',
} as const;

/** Where image data can be, as Glance's stores. */
export const stores = [...writable, web];

/** Where data can be put; the first one is the default. */
export const storeIds: readonly string[] = writable.map(({ id }) => id);
export const defaultStore: string = writable[0].id;
export const webStore: string = web.id;

/** Every folder that holds data under the name of an image. */
export const places: readonly string[] = [...storeIds, 'staging'];
