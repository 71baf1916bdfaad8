/** What is known of a public cloud: an entry as a file has it, and how the cloud fares. */
export interface Vendor {
  readonly auth?: Readonly<Record<string, string>>;
  readonly identity_api_version?: string;
  readonly region_name?: string;
  readonly regions?: readonly string[];
  /** Where the vendor itself says all this. */
  readonly profile?: string;
  readonly status?: 'deprecated' | 'shutdown';
  readonly message?: string;
}

/**
 * The public clouds that `profile` can name, with what concerns images.
 * https://docs.openstack.org/openstacksdk/latest/user/config/vendor-support.html
 */
export const vendors: Readonly<Record<string, Vendor>> = {
  auro: { ...at('https://api.van2.auro.io:5000/v3', 'Default'), region_name: 'RegionOne' },
  betacloud: {
    ...at('https://api-1.betacloud.de:5000'),
    regions: ['betacloud-1'],
    ...gone('betacloud.de has ceased business'),
  },
  binero: { ...at('https://auth.binero.cloud:5000/v3'), regions: ['europe-se-1'] },
  bluebox: { region_name: 'RegionOne' },
  catalyst: {
    auth: { auth_url: 'https://api.cloud.catalyst.net.nz:5000/v2.0' },
    regions: ['nz-por-1', 'nz_wlg_2'],
  },
  citycloud: {
    ...at('https://{region_name}.citycloud.com:5000/v3/'),
    regions: ['Buf1', 'Fra1', 'Sto2', 'Kna1', 'dx1', 'tky1'],
  },
  conoha: {
    ...at('https://identity.{region_name}.conoha.io'),
    identity_api_version: '2',
    regions: ['sin1', 'sjc1', 'tyo1'],
  },
  dreamcompute: { ...at('https://iad2.dream.io:5000'), region_name: 'RegionOne' },
  elastx: { ...at('https://ops.elastx.cloud:5000/v3'), region_name: 'se-sto' },
  entercloudsuite: { ...at('https://api.entercloudsuite.com/'), regions: ['it-mil1', 'nl-ams1', 'de-fra1'] },
  fuga: {
    ...at('https://identity.api.fuga.io:5000', 'Default'),
    regions: ['cystack'],
    status: 'deprecated',
    message: 'the API endpoint no longer answers',
  },
  ibmcloud: {
    ...at('https://identity.open.softlayer.com'),
    regions: ['london'],
    ...gone('the API endpoint no longer answers'),
  },
  internap: {
    ...at('https://identity.api.cloud.inap.com'),
    regions: ['ams01', 'da01', 'nyj01', 'sin01', 'sjc01'],
    ...gone('Internap is HorizonIQ now'),
  },
  limestonenetworks: { ...at('https://auth.cloud.lstn.net:5000/v3'), regions: ['us-dfw-1', 'us-slc'] },
  otc: { ...at('https://iam.{region_name}.otc.t-systems.com/v3'), regions: ['eu-de', 'eu-nl'] },
  'otc-swiss': { ...at('https://iam-pub.eu-ch2.sc.otc.t-systems.com/v3'), regions: ['eu-ch2'] },
  ovh: { profile: 'https://ovhcloud.com' },
  'ovh-us': {
    ...at('https://auth.cloud.ovh.us/', 'Default'),
    regions: ['US-EAST-VA-1', 'US-WEST-OR-1', 'US-EAST-VA', 'US-WEST-OR'],
  },
  rackspace: {
    ...at('https://identity.api.rackspacecloud.com/v2.0/'),
    identity_api_version: '2',
    regions: ['DFW', 'HKG', 'IAD', 'ORD', 'SYD', 'LON'],
  },
  switchcloud: { ...at('https://identity.compute.cloud.switch.ch/v3'), regions: ['zhw', 'zhc'] },
  switchengines: { ...at('https://keystone.cloud.switch.ch:5000/v3'), regions: ['LS', 'ZH'] },
  ultimum: {
    ...at('https://console.ultimum-cloud.com:5000/'),
    region_name: 'RegionOne',
    ...gone('ultimum-cloud.com has ceased business'),
  },
  unitedstack: {
    ...at('https://identity.api.ustack.com/v3'),
    regions: ['bj1', 'gd1'],
    ...gone('the API endpoint no longer answers'),
  },
  vexxhost: { profile: 'https://vexxhost.com' },
  zetta: { ...at('https://identity.api.zetta.io/v3'), regions: ['no-osl1'] },
};

function at(auth_url: string, domain?: string): Pick<Vendor, 'auth' | 'identity_api_version'> {
  const domains = domain === undefined ? {} : { user_domain_name: domain, project_domain_name: domain };
  return { auth: { auth_url, ...domains }, identity_api_version: '3' };
}

function gone(message: string): Pick<Vendor, 'status' | 'message'> {
  return { status: 'shutdown', message };
}
