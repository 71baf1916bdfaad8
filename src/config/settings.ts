import type { Option } from '../define/option.ts';
import { UsageError } from '../errors.ts';

/** One setting of the connection: everything there is to know of it, for parsing, resolving, help and redaction. */
export interface Setting {
  /** In the form of an Option's; undefined when only files and variables can say it. */
  readonly flags: string | undefined;
  readonly about: string;
  /** Variables, first one first; empty ones count as unset. */
  readonly env: readonly string[];
  /** Keys of a cloud's entry, first one first; what is under `auth` may also stand beside it. */
  readonly cloud: readonly string[];
  /** From the word of a flag, variable or file to the value, or a UsageError. */
  readonly read: (word: string) => string;
  /** A flag without a value, meaning 'true'. */
  readonly bare: boolean;
  readonly fallback: string | undefined;
  readonly complete: Option['complete'];
  /** Never shown. */
  readonly secret: boolean;
  /** Says how to connect, not as whom: its variables apply beside a named cloud, and by themselves choose no cloud. */
  readonly ambient: boolean;
}

const setting = (
  flags: string | undefined,
  about: string,
  env: readonly string[],
  cloud: readonly string[] = [],
  extra: Partial<Setting> = {},
): Setting => ({
  flags,
  about,
  env,
  cloud,
  read: (word) => word,
  bare: false,
  fallback: undefined,
  complete: undefined,
  secret: false,
  ambient: false,
  ...extra,
});

const ambient = { ambient: true };
const file = { ambient: true, complete: 'file' } as const;
const secret = { secret: true };

/** The settings, one row each. */
export const settings = {
  cloud: setting('--os-cloud <NAME>', 'Cloud of clouds.yaml to use, or sandbox', ['OS_CLOUD'], [], {
    complete: 'cloud',
  }),
  auth_type: setting(
    '--os-auth-plugin, --os-auth-type <NAME>',
    'How to log in',
    ['OS_AUTH_TYPE', 'OS_AUTH_PLUGIN'],
    ['auth_type'],
  ),
  auth_url: setting('--os-auth-url <URL>', 'URL of the Identity service', ['OS_AUTH_URL'], ['auth.auth_url']),
  username: setting(
    '--os-user-name, --os-username <NAME>',
    'User to log in as',
    ['OS_USERNAME', 'OS_USER_NAME'],
    ['auth.username', 'auth.user_name'],
  ),
  user_id: setting('--os-user-id <ID>', 'ID of the user', ['OS_USER_ID'], ['auth.user_id']),
  password: setting(
    '--os-password <PASSWORD>',
    "The user's password",
    ['OS_PASSWORD'],
    ['auth.password'],
    secret,
  ),
  user_domain_id: setting(
    '--os-user-domain-id <ID>',
    "ID of the user's domain",
    ['OS_USER_DOMAIN_ID'],
    ['auth.user_domain_id'],
  ),
  user_domain_name: setting(
    '--os-user-domain-name <NAME>',
    "Name of the user's domain",
    ['OS_USER_DOMAIN_NAME'],
    ['auth.user_domain_name'],
  ),
  project_id: setting(
    '--os-tenant-id, --os-project-id <ID>',
    'ID of the project to work in',
    ['OS_PROJECT_ID', 'OS_TENANT_ID'],
    ['auth.project_id', 'auth.tenant_id'],
  ),
  project_name: setting(
    '--os-tenant-name, --os-project-name <NAME>',
    'Name of the project to work in',
    ['OS_PROJECT_NAME', 'OS_TENANT_NAME'],
    ['auth.project_name', 'auth.tenant_name'],
  ),
  project_domain_id: setting(
    '--os-project-domain-id <ID>',
    "ID of the project's domain",
    ['OS_PROJECT_DOMAIN_ID'],
    ['auth.project_domain_id'],
  ),
  project_domain_name: setting(
    '--os-project-domain-name <NAME>',
    "Name of the project's domain",
    ['OS_PROJECT_DOMAIN_NAME'],
    ['auth.project_domain_name'],
  ),
  domain_id: setting(
    '--os-domain-id <ID>',
    'ID of the domain of both user and project',
    ['OS_DOMAIN_ID'],
    ['auth.domain_id'],
  ),
  domain_name: setting(
    '--os-domain-name <NAME>',
    'Name of the domain of both user and project',
    ['OS_DOMAIN_NAME'],
    ['auth.domain_name'],
  ),
  default_domain_id: setting(
    '--os-default-domain-id <ID>',
    'ID of the domain where none is given',
    ['OS_DEFAULT_DOMAIN_ID', 'OS_DEFAULT_DOMAIN'],
    ['auth.default_domain_id', 'auth.default_domain'],
  ),
  default_domain_name: setting(
    '--os-default-domain-name <NAME>',
    'Name of the domain where none is given',
    ['OS_DEFAULT_DOMAIN_NAME'],
    ['auth.default_domain_name'],
  ),
  system_scope: setting(
    '--os-system-scope <SCOPE>',
    'Work on the whole system instead of a project',
    ['OS_SYSTEM_SCOPE'],
    ['auth.system_scope'],
  ),
  trust_id: setting(
    '--os-trust-id <ID>',
    'Work with what another user entrusted',
    ['OS_TRUST_ID'],
    ['auth.trust_id'],
  ),
  auth_token: setting(
    '--os-token, --os-auth-token <TOKEN>',
    'Token to use instead of logging in',
    ['OS_TOKEN', 'OS_AUTH_TOKEN'],
    ['auth.token', 'auth.auth_token'],
    secret,
  ),
  image_url: setting(
    '--os-image-url <URL>',
    'URL of the Image service, instead of what the catalog says',
    ['OS_IMAGE_URL', 'OS_IMAGE_ENDPOINT_OVERRIDE', 'OS_IMAGE_ENDPOINT'],
    ['image_endpoint_override', 'image_endpoint'],
  ),
  service_type: setting(
    '--os-service-type <TYPE>',
    "The Image service's type in the catalog",
    ['OS_SERVICE_TYPE', 'OS_IMAGE_SERVICE_TYPE'],
    ['image_service_type'],
    { fallback: 'image' },
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
  Object.entries(settings as Record<string, Setting>).flatMap(([name, it]) =>
    it.flags === undefined ? [] : [[name, optionOf(it.flags, it)]],
  ),
) as { readonly [K in Exclude<SettingName, 'verify'>]: Option<string> };

function optionOf(flags: string, { about, read, bare, complete }: Setting): Option<string> {
  return {
    flags,
    about,
    read: (word) => read(word),
    ...(bare && { bare: 'true' }),
    ...(complete && { complete }),
  };
}

function readTruth(word: string): string {
  if (/^(true|yes|on|y|t|1)$/i.test(word)) return 'true';
  if (/^(false|no|off|n|f|0)$/i.test(word)) return 'false';
  throw new UsageError(`'${word}' is not a boolean: say true or false`);
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
