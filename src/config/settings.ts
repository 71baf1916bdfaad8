import type { Option } from '../define/option.ts';
import { UsageError } from '../errors.ts';
import { loginSettings, methodSettings } from './login-settings.ts';
import { readTruth, type Setting, setting } from './setting.ts';

const ambient = { ambient: true };
const file = { ambient: true, complete: 'file' } as const;

/** The settings, one row each. */
export const settings = {
  cloud: setting('--os-cloud <NAME>', 'Cloud of clouds.yaml to use, or sandbox', ['OS_CLOUD'], [], {
    complete: 'cloud',
  }),
  ...loginSettings,
  image_url: setting(
    '--os-url, --os-endpoint, --os-image-url <URL>',
    'URL of the Image service, instead of what the catalog says',
    ['OS_IMAGE_URL', 'OS_IMAGE_ENDPOINT_OVERRIDE', 'OS_IMAGE_ENDPOINT', 'OS_ENDPOINT', 'OS_URL'],
    ['image_endpoint_override', 'image_endpoint', 'auth.endpoint', 'auth.url'],
  ),
  service_type: setting(
    '--os-service-type <TYPE>',
    "The Image service's type in the catalog",
    ['OS_SERVICE_TYPE', 'OS_IMAGE_SERVICE_TYPE'],
    ['image_service_type'],
    { fallback: 'image' },
  ),
  service_name: setting(
    undefined,
    "The Image service's name in the catalog",
    ['OS_IMAGE_SERVICE_NAME'],
    ['image_service_name'],
  ),
  interface: setting(
    '--os-interface, --os-endpoint-type <NAME>',
    'Which endpoint to use: public, internal or admin; several in order of preference, with commas',
    ['OS_IMAGE_ENDPOINT_TYPE', 'OS_IMAGE_INTERFACE', 'OS_ENDPOINT_TYPE', 'OS_INTERFACE'],
    ['image_endpoint_type', 'image_interface', 'endpoint_type', 'interface'],
    { ambient: true, fallback: 'public' },
  ),
  region_name: setting(
    '--os-region-name <NAME>',
    'Region of the catalog',
    ['OS_IMAGE_REGION_NAME', 'OS_REGION_NAME'],
    ['image_region_name', 'region_name'],
    { ambient: true, read: (word) => word.replace(/,.*/s, '') },
  ),
  image_api_version: setting(
    '--os-image-api-version <VERSION>',
    'Version of the Image API: 2',
    ['OS_IMAGE_API_VERSION'],
    ['image_api_version'],
    { ambient: true, fallback: '2', read: readVersion },
  ),
  cacert: setting(
    '--os-cacert <FILE>',
    'Certificate authorities to trust (PEM)',
    ['OS_CACERT'],
    ['cacert'],
    file,
  ),
  cert: setting('--os-cert <FILE>', 'Client certificate (PEM)', ['OS_CERT'], ['cert'], file),
  key: setting('--os-key <FILE>', "The client certificate's key (PEM)", ['OS_KEY'], ['key'], file),
  insecure: setting('--insecure', "Do not verify servers' certificates", ['OS_INSECURE'], ['insecure'], {
    ambient: true,
    bare: true,
    read: readTruth,
  }),
  verify: setting(undefined, "Whether to verify servers' certificates", ['OS_VERIFY'], ['verify'], {
    ambient: true,
    read: readTruth,
  }),
  timeout: setting(
    '--timeout <SECONDS>',
    'Longest silence of a server to put up with',
    ['OS_API_TIMEOUT'],
    ['api_timeout'],
    { ...ambient, read: readSeconds },
  ),
  ...methodSettings,
} satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/** What somebody said of a setting, and where. */
export interface Word {
  readonly word: string;
  readonly origin: string;
}

export const settingNames = Object.keys(settings) as readonly SettingName[];

/**
 * The settings that have a flag, as options. They name no variables: a variable may only be looked at once it is
 * known whether a cloud was named, which is for `resolveSettings` to decide.
 */
export const settingOptions = Object.fromEntries(
  settingNames.filter((name) => settings[name].flags).map((name) => [name, optionOf(settings[name])]),
) as { readonly [K in Exclude<SettingName, 'service_name' | 'verify'>]: Option<string> };

function optionOf({ flags = '', about, read, bare, complete, beyond }: Setting): Option<string> {
  return {
    flags,
    about,
    read: (word) => read(word),
    ...(bare && { bare: 'true' }),
    ...(complete && { complete }),
    ...(beyond && { beyond }),
  };
}

function readSeconds(word: string): string {
  if (/^[0-9]+(\.[0-9]+)?$/.test(word) && Number(word) > 0) return word;
  throw new UsageError(`'${word}' is not a number of seconds above 0`);
}

function readVersion(word: string): string {
  if (/^2(\.[0-9]+)?$/.test(word)) return '2';
  throw new UsageError(
    word === '1'
      ? 'Version 1 of the Image API is not supported: Glance itself has removed it, use 2'
      : 'Invalid API version parameter. Supported values are [1, 2]',
  );
}
