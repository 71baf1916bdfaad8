import { NoEndpoint } from '../errors.ts';

/** One service of the catalog as Identity v3 lists it: https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management */
export interface CatalogService {
  readonly type?: string;
  readonly name?: string;
  readonly endpoints?: readonly CatalogEndpoint[];
}

export interface CatalogEndpoint {
  readonly interface?: string;
  readonly region?: string | null;
  readonly region_id?: string | null;
  readonly url?: string;
}

/** What to look for: the first interface that the catalog has wins. */
export interface EndpointWish {
  readonly type: string;
  readonly interfaces: readonly string[];
  readonly region: string | undefined;
}

/** What else catalogs call a service, the best first. */
const aliases = new Map([
  ['image', ['glance']],
  ['volumev3', ['block-storage', 'volume']],
]);

/** The endpoint that fits, or an error that names the region, the interface and the choices there are. */
export function findEndpoint(catalog: readonly CatalogService[], wish: EndpointWish): URL {
  const offered = [wish.type, ...(aliases.get(wish.type) ?? [])]
    .flatMap((type) => catalog.filter((service) => service.type === type))
    .flatMap(({ endpoints }) => (Array.isArray(endpoints) ? endpoints : []))
    .filter((endpoint) => typeof endpoint?.url === 'string' && URL.canParse(endpoint.url));
  const here = offered.filter((endpoint) => wish.region === undefined || regionOf(endpoint) === wish.region);
  for (const name of wish.interfaces) {
    const url = here.find((endpoint) => endpoint.interface === plainInterface(name))?.url;
    if (url !== undefined) return new URL(url);
  }
  const wanted = `${wish.interfaces.map(plainInterface).join(' or ')} endpoint for ${wish.type} service`;
  const place = wish.region === undefined ? '' : ` in ${wish.region} region`;
  throw new NoEndpoint(`${wanted}${place} not found; ${choices(catalog, offered, wish.type)}`);
}

/** `publicURL`, the old spelling of an interface, as `public`. */
const plainInterface = (name: string) => name.replace(/URL$/, '');

const regionOf = (endpoint: CatalogEndpoint) => endpoint.region_id ?? endpoint.region ?? '';

function choices(
  catalog: readonly CatalogService[],
  offered: readonly CatalogEndpoint[],
  type: string,
): string {
  if (offered.length === 0) {
    const types = new Set(catalog.map((service) => service.type).filter((it) => typeof it === 'string'));
    return types.size === 0
      ? 'the catalog is empty: log in with a project'
      : `the catalog has no ${type} service, only ${[...types].join(', ')}`;
  }
  const places = new Set(offered.map((endpoint) => `${endpoint.interface} in ${regionOf(endpoint)}`));
  return `there is ${[...places].join(', ')}`;
}
