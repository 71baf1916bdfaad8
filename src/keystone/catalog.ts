import { NoEndpoint } from '../errors.ts';
import { digList, digText } from './dig.ts';

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
  /** The service's name, where several are of one type. */
  readonly name?: string | undefined;
}

/** What else catalogs call a service, the best first. */
const aliases = new Map([
  ['image', ['glance']],
  ['volumev3', ['block-storage', 'volume']],
]);

/** The endpoint that fits, or an error that names the region, the interface and the choices there are. */
export function findEndpoint(catalog: readonly CatalogService[], wish: EndpointWish): URL {
  const types = [wish.type, ...(aliases.get(wish.type) ?? [])];
  const candidates = types.flatMap((type) => catalog.filter((it) => digText(it, 'type') === type));
  const services = candidates.filter((it) => wish.name === undefined || digText(it, 'name') === wish.name);
  const offers = services.flatMap((service) => digList(service, 'endpoints').flatMap(offersOf));
  const { region } = wish;
  const here = offers.filter(({ regions }) => region === undefined || regions.includes(region));
  const interfaces = wish.interfaces.map(plainInterface).filter((name) => name !== '');
  for (const name of interfaces) {
    const url = here.find((offer) => offer.interface === name)?.url;
    if (url !== undefined) return url;
  }
  const service = wish.name === undefined ? 'service' : `service ${wish.name}`;
  const wanted = `${interfaces.join(' or ')} endpoint for ${wish.type} ${service}`;
  const place = region === undefined ? '' : ` in ${region} region`;
  const choices = () => {
    if (offers.length > 0) return listed(offers);
    const names = candidates.map((it) => digText(it, 'name') ?? 'one without a name');
    if (services.length < candidates.length) return `there is ${names.join(', ')}`;
    return otherwise(catalog, services.length > 0, wish.type);
  };
  throw new NoEndpoint(`${wanted}${place} not found; ${choices()}`);
}

/** An endpoint that can be used, as far as the catalog tells. */
interface Offer {
  readonly interface: string;
  /** Its ID and its name, where these differ. */
  readonly regions: readonly string[];
  readonly url: URL;
}

function offersOf(endpoint: unknown): Offer[] {
  const url = digText(endpoint, 'url') ?? '';
  if (!URL.canParse(url)) return [];
  const regions = [digText(endpoint, 'region_id'), digText(endpoint, 'region')].filter(
    (it) => it !== undefined,
  );
  return [{ interface: plainInterface(digText(endpoint, 'interface') ?? ''), regions, url: new URL(url) }];
}

/** `publicURL`, the old spelling of an interface, as `public`. */
const plainInterface = (name: string): string => name.trim().replace(/URL$/, '');

function listed(offers: readonly Offer[]): string {
  const places = offers.map(
    ({ interface: name, regions: [region = 'no region'] }) => `${name || 'an endpoint'} in ${region}`,
  );
  return `there is ${[...new Set(places)].join(', ')}`;
}

function otherwise(catalog: readonly CatalogService[], isListed: boolean, type: string): string {
  if (isListed) return `the catalog gives no address of the ${type} service`;
  const types = new Set(catalog.map((service) => digText(service, 'type')).filter((it) => it !== undefined));
  return types.size === 0
    ? 'the catalog is empty: log in with a project'
    : `the catalog has no ${type} service, only ${[...types].join(', ')}`;
}
