import { describe, expect } from 'vitest';
import type { Values } from '../../src/config/resolve.ts';
import { AnswerError } from '../../src/errors.ts';
import { given, it } from './place.ts';

const OS_CLOUD = 'prod';
const prod = (entry: string) => ({ 'cwd/clouds.yaml': `clouds:\n  prod: {${entry}}\n` });

describe('a profile of clouds-public.yaml', () => {
  const vendor = {
    'home/.config/openstack/clouds-public.yaml':
      'public-clouds: {acme: {auth: {auth_url: "http://{region_name}.acme", username: x}, regions: [east, west], interface: internal}, otc: {auth: {auth_url: http://own}}}',
  };

  it('stands below the cloud', async ({ machine }) => {
    const own = prod('profile: acme, region_name: west, auth: {username: u}');
    expect(given(await machine.resolve({ OS_CLOUD }, {}, { ...own, ...vendor }))).toEqual({
      cloud: 'prod',
      auth_url: 'http://west.acme',
      username: 'u',
      region_name: 'west',
      interface: 'internal',
    });
  });

  it('hides the one that is built in', async ({ machine }) => {
    const settings = await machine.resolve({ OS_CLOUD }, {}, { ...prod('profile: otc'), ...vendor });
    expect(settings.get('auth_url')).toBe('http://own');
  });
});

describe('a profile that is built in', () => {
  it('says where to log in and which regions there are', async ({ machine }) => {
    const settings = await machine.resolve(
      { OS_CLOUD, OS_REGION_NAME: 'eu-nl' },
      {},
      prod('profile: otc, auth: {username: u}'),
    );
    expect(given(settings)).toEqual({
      cloud: 'prod',
      auth_url: 'https://iam.eu-nl.otc.t-systems.com/v3',
      identity_api_version: '3',
      region_name: 'eu-nl',
      username: 'u',
    });
    expect(settings.origin('auth_url')).toBe("cloud 'prod' (built-in profile otc)");
    expect(await machine.problem({ OS_CLOUD, OS_REGION_NAME: 'us' })).toBe(
      'UsageError: Region us (OS_REGION_NAME) is not a valid region name for cloud prod. Valid choices are eu-de, eu-nl',
    );
  });

  it('may be named by the old key', async ({ machine }) => {
    const settings = await machine.resolve({ OS_CLOUD }, {}, prod('cloud: elastx'));
    expect(settings.get('region_name')).toBe('se-sto');
  });

  it('of a cloud that is leaving is used, with a warning', async ({ machine }) => {
    const settings = await machine.resolve({ OS_CLOUD }, {}, prod('profile: fuga'));
    expect(settings.get('auth_url')).toBe('https://identity.api.fuga.io:5000');
    expect(settings.warnings).toEqual([
      'The profile fuga is not to be used any more: the API endpoint no longer answers',
    ]);
  });

  it('of a cloud that has gone is refused', async ({ machine }) => {
    expect(await machine.problem({ OS_CLOUD }, {}, prod('profile: betacloud'))).toBe(
      'UsageError: The profile betacloud is of a cloud that is no more: betacloud.de has ceased business',
    );
  });

  it('that there is not is an error when the cloud cannot do without, and else noted', async ({
    machine,
  }) => {
    const problem =
      '$ROOT/cwd/clouds.yaml, line 2: profile ovx is neither in a clouds-public.yaml nor built in (Did you mean ovh?)';
    expect(await machine.problem({ OS_CLOUD }, {}, prod('profile: ovx'))).toMatch(
      `UsageError: ${problem}; built in are auro, betacloud,`,
    );
    const { notes } = await machine.resolve(
      { OS_CLOUD },
      {},
      prod('profile: ovx, auth: {auth_url: http://k}'),
    );
    expect(notes.map((note) => note.replaceAll(machine.root, '$ROOT'))).toContain(problem);
  });

  it('is not found among what every object has', async ({ machine }) => {
    expect(await machine.problem({ OS_CLOUD }, {}, prod('profile: constructor'))).toContain('nor built in');
  });
});

describe('a profile that the vendor serves', () => {
  const said = {
    name: 'acme',
    profile: {
      auth: { auth_url: 'https://{region_name}.acme', password: 'p', user_domain_name: 'acme' },
      regions: [
        'east',
        { name: 'west', values: { interface: 'admin', verify: false, auth: { token: 't' } } },
      ],
      interface: 'internal',
      identity_api_version: 3,
      cacert: '/tmp/theirs',
      verify: false,
      insecure: 'true',
      profile: 'https://elsewhere',
      image_format: 'raw',
    },
  };

  it('is asked for by its address, once, and trusted as far as where the cloud is', async ({ machine }) => {
    const asked: string[] = [];
    const fetch = async (url: URL) => {
      asked.push(url.href);
      return said;
    };
    const own = prod('profile: "https://acme.example/some/page", region_name: west, auth: {username: u}');
    const settings = await machine.resolve({ OS_CLOUD }, {}, own, { fetch });
    expect(asked).toEqual(['https://acme.example/.well-known/openstack/api']);
    expect(given(settings)).toEqual({
      cloud: 'prod',
      auth_url: 'https://west.acme',
      username: 'u',
      user_domain_name: 'acme',
      region_name: 'west',
      interface: 'internal',
      identity_api_version: '3',
    });
    const first = await machine.resolve(
      { OS_CLOUD },
      { region_name: 'west' },
      prod('profile: "https://acme.example"'),
      { fetch },
    );
    expect(given(first)).toMatchObject({ interface: 'admin' });
    expect(first.get('insecure')).toBe(undefined);
    expect(first.get('auth_token')).toBe(undefined);
  });

  it('may stand behind a name', async ({ machine }) => {
    const asked: string[] = [];
    const fetch = async (url: URL) => {
      asked.push(url.href);
      return said;
    };
    await machine.resolve({ OS_CLOUD }, {}, prod('profile: vexxhost'), { fetch });
    expect(asked).toEqual(['https://vexxhost.com/.well-known/openstack/api']);
  });

  it('P28: is asked for with the certificates that are trusted, and verified whatever else is not', async ({
    machine,
  }) => {
    let trust: Values | undefined;
    const fetch = async (_url: URL, values: Values) => {
      trust = values;
      return said;
    };
    const own = prod('profile: "https://acme.example", cacert: /own/ca.pem, verify: false');
    const settings = await machine.resolve({ OS_CLOUD, OS_INSECURE: 'true' }, {}, own, { fetch });
    expect(settings.get('insecure')).toBe('true');
    expect(trust?.get('cacert')).toBe('/own/ca.pem');
    expect(trust?.get('insecure')).toBe(undefined);
  });

  it('P28: is not asked for in the open', async ({ machine }) => {
    const fetch = async () => said;
    expect(await machine.problem({ OS_CLOUD }, {}, prod('profile: "http://acme.example"'), { fetch })).toBe(
      'UsageError: The profile http://acme.example must come over https: it says where the password goes',
    );
  });

  it('P28: says aloud that it leads to an Identity service that is not encrypted', async ({ machine }) => {
    const fetch = async () => ({ profile: { auth: { auth_url: 'http://acme' } } });
    const own = prod('profile: "https://acme.example"');
    expect((await machine.resolve({ OS_CLOUD }, {}, own, { fetch })).warnings).toEqual([
      'https://acme.example/.well-known/openstack/api leads to http://acme, which is not encrypted',
    ]);
  });

  it('can say that the cloud has gone', async ({ machine }) => {
    const fetch = async () => ({ profile: { status: 'shutdown', message: 'it was nice' } });
    expect(await machine.problem({ OS_CLOUD }, {}, prod('profile: "https://acme.example"'), { fetch })).toBe(
      'UsageError: The profile https://acme.example is of a cloud that is no more: it was nice',
    );
  });

  it.for([[], 'text', null, {}, { profile: [] }])('P35: cannot be %j', async (answer, { machine }) => {
    const fetch = async () => answer;
    expect(await machine.problem({ OS_CLOUD }, {}, prod('profile: "https://acme.example"'), { fetch })).toBe(
      'AnswerError: https://acme.example/.well-known/openstack/api answered with something that is no profile of a cloud',
    );
  });

  it('that cannot be had is an error', async ({ machine }) => {
    const fetch = () => Promise.reject(new AnswerError('no'));
    expect(await machine.problem({ OS_CLOUD }, {}, prod('profile: "https://acme.example"'), { fetch })).toBe(
      'AnswerError: no',
    );
  });
});
