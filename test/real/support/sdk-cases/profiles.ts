import { auth, type Case, caseOf, type Difference, differs, entry, named, only } from './case.ts';

const user = { username: 'u', password: 'p', project_name: 'x' };
const publicCloud = (it: object) => ({ 'public-clouds': { v: it } });
const regions = [{ name: 'V1' }, { name: 'V2', values: { interface: 'admin' } }];

const builtIn = (name: string, difference?: Difference): Case =>
  entry(`profile ${name}`, { profile: name, auth: user }, difference);

const ended = differs('newer openstacksdk knows, too, that this cloud has ended', 'refused');
const unknown = differs('newer openstacksdk knows this cloud, too', 'refused');
const old = differs('no Glance has version 1 any more', 'image_api_version');

/** What vendors' servers say of their clouds. */
export const vendors = {
  good: {
    status: 200,
    profile: {
      auth: { auth_url: 'https://{region_name}.good', user_domain_name: 'VD' },
      regions: ['east', { name: 'west', values: { interface: 'admin' } }],
      interface: 'internal',
      identity_api_version: '3',
    },
  },
  sly: {
    status: 200,
    profile: {
      auth: { auth_url: 'https://sly' },
      verify: false,
      image_endpoint_override: 'http://i',
    },
  },
  ended: {
    status: 200,
    profile: { auth: { auth_url: 'https://ended' }, status: 'shutdown', message: 'bye' },
  },
  missing: { status: 404, profile: {} },
};

/** A cloud that one of them describes. */
const served = (title: string, vendor: keyof typeof vendors, difference?: Difference): Case =>
  entry(title, { profile: `$VENDOR/${vendor}`, cacert: '$ROOT/ca.pem', auth: user }, difference);

/** What a profile adds to a cloud. The two that their vendors serve, ovh and vexxhost, are left in peace. */
export const profiles: readonly Case[] = [
  caseOf(
    'a profile of clouds-public.yaml',
    {
      ...only({ profile: 'v', auth: user }),
      'cwd/clouds-public.yaml': publicCloud({
        auth: { auth_url: 'http://{region_name}.v', username: 'vu', user_domain_name: 'VD' },
        regions: ['V1', 'V2'],
        interface: 'internal',
      }),
    },
    named,
  ),
  caseOf(
    'a profile whose region has words of its own',
    {
      ...only({ profile: 'v', region_name: 'V2', auth: user }),
      'home/.config/openstack/clouds-public.yaml': publicCloud({
        auth: { auth_url: 'http://{region_name}.v' },
        regions,
      }),
    },
    named,
  ),
  caseOf(
    'a profile by its old key',
    {
      ...only({ cloud: 'v', auth: user }),
      'cwd/clouds-public.yaml': publicCloud({ auth: { auth_url: 'http://v' }, region_name: 'V' }),
    },
    named,
  ),
  caseOf(
    'a profile that is built in, and in clouds-public.yaml',
    {
      ...only({ profile: 'otc', auth: user }),
      'cwd/clouds-public.yaml': { 'public-clouds': { otc: { auth: { auth_url: 'http://own' } } } },
    },
    named,
  ),
  entry('a profile that nobody knows, and a URL', { profile: 'nope', auth }),
  entry('a profile that nobody knows, and no URL', { profile: 'nope', auth: { username: 'u' } }),
  entry('a profile and one of its regions', { profile: 'otc', region_name: 'eu-nl', auth: user }),
  entry('a profile and a region of one’s own', { profile: 'otc', region_name: 'mars', auth: user }),
  entry('a profile and a URL of one’s own', { profile: 'otc', auth }),
  ...['auro', 'citycloud', 'conoha', 'dreamcompute', 'elastx', 'fuga', 'limestonenetworks'].map((it) =>
    builtIn(it),
  ),
  ...['otc', 'ovh-us', 'switchengines', 'zetta'].map((it) => builtIn(it)),
  builtIn('rackspace', differs('newer openstacksdk says so, too', 'identity_api_version')),
  entry('profile bluebox', { profile: 'bluebox', auth: { ...user, auth_url: 'http://blue' } }),
  ...['catalyst', 'entercloudsuite'].map((it) => builtIn(it, old)),
  ...['betacloud', 'ibmcloud', 'internap', 'ultimum', 'unitedstack'].map((it) => builtIn(it, ended)),
  ...['binero', 'otc-swiss', 'switchcloud'].map((it) => builtIn(it, unknown)),
  served('a profile that a vendor serves', 'good'),
  entry('one of its regions', {
    profile: '$VENDOR/good',
    cacert: '$ROOT/ca.pem',
    region_name: 'west',
    auth: user,
  }),
  served(
    'a profile that says whom to trust',
    'sly',
    differs('the network cannot switch verification off', 'cacert', 'insecure'),
  ),
  served('a profile of a cloud that has ended', 'ended'),
  served('a profile that is not there', 'missing'),
  entry('a profile from nowhere', { profile: 'https://127.0.0.1:1', auth: user }),
];
