import { auth, type Case, caseOf, differs, entry, openrc, written } from './case.ts';

const { project_name: _, ...login } = auth;
const plainly = { auth_url: 'http://k', username: 'u', password: 'p', project_name: 'x' };
const both = 'who has no domain gets the default one here already, not in keystoneauth';

/** What an entry, or the variables, may say, and what wins. */
export const words: readonly Case[] = [
  entry('words beside auth only', { ...auth, auth: { auth_url: 'http://k/v3' } }),
  entry('no auth', auth),
  entry('a user in auth and beside it', { auth, username: 'out' }),
  entry('a project in auth and beside it', { auth, project_name: 'out' }),
  entry('a URL in auth and beside it', { auth, auth_url: 'http://out/v3' }),
  entry('a token in auth and beside it', {
    auth: { auth_url: 'http://k', token: 'in' },
    token: 'out',
    auth_type: 'token',
  }),
  entry('an old word in auth, a new one beside it', {
    auth: { ...login, tenant_name: 'in' },
    project_name: 'out',
  }),
  entry('an old user in auth, a new one beside it', {
    auth: { auth_url: 'http://k', user_name: 'in', password: 'p' },
    username: 'out',
  }),
  entry('tenants', { auth: { ...login, tenant_name: 'ten', tenant_id: 'tid' } }),
  entry('a tenant and a project', { auth: { ...auth, tenant_name: 'ten' } }),
  entry('dashes', {
    auth: { 'auth-url': 'http://k', username: 'u', password: 'p', 'project-name': 'x' },
    'region-name': 'R',
  }),
  entry('words without a letter', { auth: { ...auth, project_name: '' }, region_name: '' }),
  entry('a domain beside a project', { auth: { ...plainly, domain_id: 'd' } }),
  entry('a domain outside auth', { auth: plainly, domain_name: 'd' }),
  entry('a domain and a user’s', { auth: { ...auth, domain_id: 'd' } }),
  entry('a domain and a project’s', { auth: { ...auth, domain_name: 'd', user_domain_name: undefined } }),
  entry('a domain alone', { auth: { ...plainly, project_name: undefined, domain_id: 'd' } }),
  entry(
    'a default domain',
    { auth: { ...plainly, default_domain_id: 'd' } },
    differs(both, 'auth.project_domain_id', 'auth.user_domain_id'),
  ),
  entry(
    'a default domain by its old name',
    { auth: { ...plainly, default_domain: 'd' } },
    differs('this is openstackclient’s word, on which openstacksdk itself breaks', 'refused'),
  ),

  entry('an interface', { auth, interface: 'admin' }),
  entry('several interfaces', { auth, interface: ['internal', 'public'] }),
  entry('the image service’s interface', { auth, interface: 'admin', image_interface: 'internal' }),
  entry('an endpoint type', { auth, endpoint_type: 'internalURL' }),
  entry('an endpoint type and an interface', { auth, endpoint_type: 'internal', interface: 'admin' }),
  entry('the image service’s endpoint type', { auth, image_endpoint_type: 'internal', interface: 'admin' }),
  entry('image_endpoint', { auth, image_endpoint: 'http://i' }),
  entry('image_endpoint_override', { auth, image_endpoint_override: 'http://o', image_endpoint: 'http://i' }),
  entry('the region in a URL of the image service', {
    auth,
    region_name: 'R',
    image_endpoint_override: 'http://{region_name}.i',
  }),
  entry('the image service’s type', { auth, image_service_type: 'img' }),
  entry('the image service’s name', { auth, image_service_name: 'glance' }),
  entry('the image service’s region', { auth, region_name: 'R', image_region_name: 'I' }),
  entry('the image service’s version', { auth, image_api_version: 2 }),
  entry('a time-out', { auth, api_timeout: 30 }),
  entry('a broken time-out', { auth, api_timeout: 2.5 }),

  entry('verify: false', { auth, verify: false }),
  entry('verify: false and a CA file', { auth, verify: false, cacert: '/x' }),
  entry('insecure over verify', { auth, verify: true, insecure: 'true' }),
  entry('insecure: false and verify: false', { auth, verify: false, insecure: false }),
  written(
    'insecure: yes',
    'clouds: {prod: {auth: {auth_url: http://k, username: u, password: p}, insecure: yes}}\n',
  ),
  written(
    'verify: no',
    'clouds: {prod: {auth: {auth_url: http://k, username: u, password: p}, verify: no}}\n',
  ),
  entry('files of certificates', { auth, cacert: '~/ca', cert: '~/c', key: '~/k' }),
  entry('a certificate with its key in one file', { auth, cert: '/c' }),

  entry('regions', { auth, regions: ['A', 'B'] }),
  entry('one region', { auth, region_name: 'B' }),
  entry('regions with words of their own', {
    auth: { ...auth, auth_url: 'http://{region_name}.k' },
    regions: [
      {
        name: 'A',
        values: {
          interface: 'admin',
          auth: { username: 'ra' },
          image_endpoint_override: 'http://{region_name}.i',
        },
      },
      'B',
    ],
  }),
  entry('regions and one of them', { auth, regions: ['A', 'B'], region_name: 'B' }),
  entry('regions with commas', { auth, region_name: 'A,B' }),
  entry('regions as a list in region_name', { auth, region_name: ['A', 'B'] }),
  entry('a region that is none', { auth, regions: [{ nom: 'A' }] }),
  entry('no regions', { auth, regions: [] }),

  caseOf('variables', {}, openrc),
  caseOf(
    'variables of old',
    {},
    {
      OS_AUTH_URL: 'http://e',
      OS_USER_NAME: 'u',
      OS_PASSWORD: 'p',
      OS_TENANT_NAME: 't',
      OS_TENANT_ID: 'tid',
    },
  ),
  caseOf(
    'an empty variable before one of old',
    {},
    { ...openrc, OS_PROJECT_NAME: '', OS_TENANT_NAME: 't' },
    differs('an empty variable says nothing', 'auth.project_name'),
  ),
  caseOf('a project and a tenant', {}, { ...openrc, OS_TENANT_NAME: 't' }),
  caseOf('both names of the user', {}, { ...openrc, OS_USER_NAME: 'old' }),
  caseOf(
    'OS_ENDPOINT_TYPE and OS_INTERFACE',
    {},
    { ...openrc, OS_ENDPOINT_TYPE: 'internal', OS_INTERFACE: 'admin' },
  ),
  caseOf('OS_IMAGE_INTERFACE', {}, { ...openrc, OS_IMAGE_INTERFACE: 'internal' }),
  caseOf('OS_IMAGE_ENDPOINT_OVERRIDE', {}, { ...openrc, OS_IMAGE_ENDPOINT_OVERRIDE: 'http://i' }),
  caseOf('regions by variable', {}, { ...openrc, OS_REGION_NAME: 'A,B' }),
  caseOf(
    'OS_TOKEN',
    {},
    { OS_AUTH_URL: 'http://e/v3', OS_AUTH_TYPE: 'token', OS_TOKEN: 'a', OS_PROJECT_NAME: 'x' },
  ),
  caseOf(
    'OS_TOKEN and OS_AUTH_TOKEN',
    {},
    { OS_AUTH_URL: 'http://e', OS_AUTH_TYPE: 'token', OS_TOKEN: 'a', OS_AUTH_TOKEN: 'b' },
  ),
  caseOf('OS_INSECURE=True', {}, { ...openrc, OS_INSECURE: 'True' }),
  caseOf('OS_INSECURE=False', {}, { ...openrc, OS_INSECURE: 'False' }),
  caseOf(
    'OS_INSECURE=1',
    {},
    { ...openrc, OS_INSECURE: '1' },
    differs('1 is a truth, as it is for OpenStack’s services', 'insecure'),
  ),
  caseOf('certificates by variable', {}, { ...openrc, OS_CACERT: '~/ca.pem', OS_CERT: '/c', OS_KEY: '~/k' }),
  caseOf(
    'OS_DOMAIN_NAME',
    {},
    { ...openrc, OS_USER_DOMAIN_NAME: '', OS_PROJECT_DOMAIN_NAME: '', OS_DOMAIN_NAME: 'Both' },
  ),
  caseOf(
    'a region in OS_AUTH_URL',
    {},
    { ...openrc, OS_AUTH_URL: 'http://{region_name}.e/v3', OS_REGION_NAME: 'r1' },
    differs('the region is put into every URL, whoever says it', 'auth.auth_url'),
  ),
  caseOf(
    'OS_PROFILE',
    {},
    { ...openrc, OS_AUTH_URL: '', OS_PROFILE: 'elastx' },
    differs(
      'profiles are for files; no document knows this variable',
      'auth.auth_url',
      'identity_api_version',
      'region_name',
    ),
  ),
];
