import { didYouMean } from '../define/nearest.ts';
import { leniently, otherwise, text } from '../define/option.ts';
import { UsageError } from '../errors.ts';
import type { Glance } from '../glance/client.ts';
import type { ImportRequest } from '../glance/imports.ts';
import { refuseUnknownStore } from './deliver.ts';
import { storeOption } from './image-fields.ts';

/** Where an import takes the data from, and which stores it puts them into. */
export const importOptions = {
  uri: text('--uri <URL>', 'Where the cloud fetches the data (web-download)'),
  remote_region: text('--remote-region <REGION>', 'Region of the image to fetch (glance-download)'),
  remote_image_id: text('--remote-image-id <ID>', 'ID of the image to fetch (glance-download)'),
  remote_service_interface: otherwise(
    text('--remote-service-interface <INTERFACE>', 'Interface of the other region (glance-download)'),
    'public',
  ),
  store: storeOption,
  stores: text('--stores <STORE,…>', 'Stores to put the data into, separated by commas', {
    env: ['OS_IMAGE_STORES'],
    complete: 'store',
  }),
  all_stores: leniently('--all-stores <BOOL>', 'Put the data into every store'),
  allow_failure: otherwise(
    leniently('--allow-failure <BOOL>', 'Go on when some of the stores fail', {
      env: ['OS_IMAGE_ALLOW_FAILURE'],
    }),
    true,
  ),
};

/** An import as the command line wants it. */
export interface ImportWish {
  readonly method: string;
  readonly uri?: string;
  readonly remote_region?: string;
  readonly remote_image_id?: string;
  readonly remote_service_interface: string;
  readonly store?: string;
  readonly stores?: string;
  readonly all_stores?: boolean;
  readonly allow_failure: boolean;
}

/** The stores that a wish names, one by one. */
export const namedStores = ({ store, stores }: Pick<ImportWish, 'store' | 'stores'>): string[] =>
  stores?.split(',').map((word) => word.trim()) ?? (store === undefined ? [] : [store]);

/** Refuses stores that exclude each other. */
export function refuseSeveralStores({ store, stores, all_stores }: Partial<ImportWish>): void {
  if ([store, stores, all_stores || undefined].filter((word) => word !== undefined).length > 1) {
    throw new UsageError('Only one of --store, --stores and --all-stores can be provided');
  }
}

/** Refuses what this cloud cannot do: a method or a store that it does not offer. */
export async function refuseNotOffered(glance: Glance, wish: ImportWish): Promise<void> {
  const offered = await glance.info.importMethods();
  if (!offered.includes(wish.method)) {
    throw new UsageError(
      `Import method '${wish.method}' is not valid for this cloud.${didYouMean(wish.method, offered)} Valid values can be retrieved with import-info command.`,
    );
  }
  for (const store of namedStores(wish)) await refuseUnknownStore(glance, store);
}

/** The wish in the API's words. */
export function importRequest(wish: ImportWish): ImportRequest {
  const { method: name, uri, remote_region, remote_image_id, remote_service_interface } = wish;
  const remote =
    remote_region !== undefined && remote_image_id !== undefined
      ? {
          glance_region: remote_region,
          glance_image_id: remote_image_id,
          glance_service_interface: remote_service_interface,
        }
      : {};
  const several = wish.stores !== undefined || wish.all_stores === true;
  return {
    method: { name, ...(uri !== undefined && { uri }), ...remote },
    ...(wish.stores !== undefined && { stores: namedStores(wish) }),
    ...(wish.all_stores === true && { all_stores: true }),
    ...(several && wish.allow_failure && { all_stores_must_succeed: false }),
  };
}
