import { didYouMean } from '../define/nearest.ts';
import { AnswerError, UsageError } from '../errors.ts';
import type { CloudFile } from './clouds.ts';
import { isEntry, lookUp, type Section, section } from './section.ts';

/** Asks the address of a vendor what there is to know of its cloud; `own` is what the user's files say of it. */
export type AskVendor = (url: URL, own: readonly Section[]) => Promise<unknown>;

/** Where profiles are looked up. */
export interface ProfileSources {
  readonly file: CloudFile | undefined;
  /** Missing where nothing is to be sent. */
  readonly ask: AskVendor | undefined;
  readonly notes: string[];
  /** What a person should know. */
  readonly warnings: string[];
}

/**
 * What a vendor says of all its clouds; the cloud's own words stand above it. The profile that is wanted is one of
 * clouds-public.yaml, one that is built in, or an address that is asked.
 * https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html#vendor-profiles
 */
export async function findProfile(
  { word: wanted, section: asking }: { word: string; section: Section },
  own: readonly Section[],
  from: ProfileSources,
): Promise<readonly Section[]> {
  const inFile = from.file?.section(wanted);
  if (inFile !== undefined) return [inFile];
  const { vendors } = await import('./vendors.ts');
  const known = Object.hasOwn(vendors, wanted) ? vendors[wanted] : undefined;
  const address = known?.profile ?? wanted;
  const found =
    known !== undefined && known.profile === undefined
      ? [section(`built-in profile ${wanted}`, known, () => `The built-in profile ${wanted}`)]
      : URL.canParse(address)
        ? await asked(new URL(address), own, from)
        : undefined;
  if (found !== undefined) {
    heedStatus(wanted, found, from.warnings);
    return found;
  }
  const names = Object.keys(vendors);
  const problem = `${asking.where('profile')}: profile ${wanted} is neither in a clouds-public.yaml nor built in${didYouMean(wanted, names)}`;
  if (lookUp(own, ['auth.auth_url']) === undefined) {
    throw new UsageError(`${problem}; built in are ${names.join(', ')}`);
  }
  from.notes.push(problem);
  return [];
}

/** What the vendor's own address says. */
async function asked(
  vendor: URL,
  own: readonly Section[],
  { ask, notes, warnings }: ProfileSources,
): Promise<Section[]> {
  if (vendor.protocol !== 'https:') {
    throw new UsageError(
      // schemes without a host have an origin called null
      `The profile ${vendor.origin === 'null' ? vendor.href : vendor.origin} must come over https: it says where the password goes`,
    );
  }
  const url = new URL('/.well-known/openstack/api', vendor);
  if (ask === undefined) {
    notes.push(`${url} was not asked`);
    return [];
  }
  const answer = await ask(url, own);
  if (!isEntry(answer) || !isEntry(answer.profile)) {
    throw new AnswerError(`${url} answered with something that is no profile of a cloud`);
  }
  const said = section(`profile ${vendor.origin}`, harmlessly(answer.profile), () => url.href);
  const authUrl = said.text('auth.auth_url');
  if (/^http:/i.test(authUrl ?? '')) warnings.push(`${url} leads to ${authUrl}, which is not encrypted`);
  return [said];
}

/** What the network may say of a cloud: where it is, never whom to trust, and nothing about this machine. */
const top = new Set([
  'auth_type',
  'identity_api_version',
  'interface',
  'region_name',
  'status',
  'message',
  'image_api_version',
  'image_endpoint_override',
  'image_interface',
  'image_region_name',
  'image_service_type',
]);
const inAuth = new Set([
  'auth_url',
  'user_domain_id',
  'user_domain_name',
  'project_domain_id',
  'project_domain_name',
  'domain_id',
  'domain_name',
  'identity_provider',
  'protocol',
  'client_id',
  'openid_scope',
  'discovery_endpoint',
  'access_token_endpoint',
  'device_authorization_endpoint',
]);

function harmlessly(profile: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { auth, regions } = profile;
  return {
    ...chosen(profile, top),
    ...(isEntry(auth) && { auth: chosen(auth, inAuth) }),
    ...(Array.isArray(regions) && { regions: regions.map(harmlessRegion) }),
  };
}

const harmlessRegion = (region: unknown) =>
  isEntry(region) && isEntry(region.values) ? { ...region, values: harmlessly(region.values) } : region;

const chosen = (entry: Readonly<Record<string, unknown>>, keys: ReadonlySet<string>) =>
  Object.fromEntries(
    Object.entries(entry)
      .filter(([key, value]) => keys.has(key.replaceAll('-', '_')) && value !== null)
      .map(([key, value]) => [key, typeof value === 'object' ? value : String(value)]),
  );

function heedStatus(name: string, profile: readonly Section[], warnings: string[]): void {
  const status = lookUp(profile, ['status'])?.word;
  const message = lookUp(profile, ['message'])?.word ?? '';
  if (status === 'shutdown') {
    throw new UsageError(`The profile ${name} is of a cloud that is no more: ${message}`);
  }
  if (status === 'deprecated') warnings.push(`The profile ${name} is not to be used any more: ${message}`);
}
