/** Where image data can be, as Glance's store ids; the first one is the default. */
export const stores = [
  { id: 'fast', description: 'Where data go when no store is named' },
  { id: 'cheap', description: 'A second place for data' },
] as const;

export const storeIds: readonly string[] = stores.map(({ id }) => id);
export const defaultStore: string = stores[0].id;

/** Every folder that holds data under the name of an image. */
export const places: readonly string[] = [...storeIds, 'staging'];
