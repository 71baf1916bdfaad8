import type { App } from '../define/app.ts';
import { arg, command } from '../define/command.ts';
import { type Columns, done, record, rows } from '../define/view.ts';

export const whoami = command({
  about:
    'Show who is logged in: the user, the project, domain or system one works on, the roles there, and until when. Asks the cloud nothing when the login is kept from an earlier command.',
  examples: ['tglance whoami', 'tglance --os-cloud prod whoami -f json'],
  run: async (_, app) => {
    const settings = await app.settings();
    const about: About = (await (await app.keystone()).pass()).about;
    const { user, roles = [], methods = [], expires_at = null } = about;
    return record({
      cloud: settings.cloud ?? null,
      auth_url: settings.get('auth_url') ?? null,
      user: user?.name ?? null,
      user_id: user?.id ?? null,
      user_domain: user?.domain?.name ?? null,
      ...scopeOf(about),
      roles: roles.map(({ name }) => name).sort(),
      methods,
      expires: expires_at,
    });
  },
});

export const issue = command({
  about:
    'Show a token that other programs can use: the one that is kept from an earlier command, or with --no-cache a new one. Whoever reads it can do what you can.',
  examples: ['tglance token-issue', 'tglance token-issue -f value -c id'],
  run: async (_, app) => {
    const { token, about } = await (await app.keystone()).pass();
    const { user, project, domain, system, expires_at }: About = about;
    const shown = {
      expires: expires_at ?? null,
      id: token ?? null,
      ...(project && { project_id: project.id }),
      ...(domain && { domain_id: domain.id }),
      ...(system && { system: 'all' }),
      user_id: user?.id ?? null,
    };
    // a token that is broken into lines cannot be copied
    return record(shown, { width: Number.POSITIVE_INFINITY });
  },
});

export const revoke = command({
  about:
    'End the life of a token on the server: the one that is kept of this login, which is then forgotten, or one that is given.',
  args: { token: arg('[TOKEN]', 'Token to revoke instead of the one that is kept') },
  examples: ['tglance token-revoke'],
  run: async ({ args }, app) => {
    const keystone = await app.keystone();
    const token = args.token ?? keystone.kept()?.token;
    if (token === undefined) return done('No token of this login is kept');
    await keystone.revoke(token);
    if (token === keystone.kept()?.token) keystone.forget();
    return done('The token is good for nothing any more');
  },
});

interface Endpoint {
  readonly type: string | null;
  readonly name: string | null;
  readonly region: string | null;
  readonly interface: string | null;
  readonly url: string | null;
}

const columns: Columns<Endpoint> = {
  Type: 'type',
  Name: 'name',
  Region: 'region',
  Interface: 'interface',
  URL: 'url',
};

export const catalog = command({
  about: 'List the services of the cloud, as its catalog has them, an endpoint a line.',
  columns,
  examples: ['tglance catalog-list', 'tglance catalog-list -f value -c Type -c URL'],
  run: async (_, app) => rows(await endpointsOf(app), columns, Object.keys(columns)),
});

async function endpointsOf(app: App): Promise<Endpoint[]> {
  const { catalog } = await (await app.keystone()).pass();
  return catalog.flatMap(({ type = null, name = null, endpoints }) =>
    (Array.isArray(endpoints) ? endpoints : []).map((it) => ({
      type,
      name,
      region: it?.region_id ?? it?.region ?? null,
      interface: it?.interface ?? null,
      url: it?.url ?? null,
    })),
  );
}

interface Named {
  readonly id?: string;
  readonly name?: string;
  readonly domain?: Named;
}

/** What Identity says of a token: https://docs.openstack.org/api-ref/identity/v3/#validate-and-show-information-for-token */
interface About {
  readonly user?: Named;
  readonly project?: Named;
  readonly domain?: Named;
  readonly system?: object;
  readonly roles?: readonly Named[];
  readonly methods?: readonly string[];
  readonly expires_at?: string;
}

const scopeOf = ({ project, domain, system }: About) => ({
  ...(project && {
    project: project.name ?? null,
    project_id: project.id ?? null,
    project_domain: project.domain?.name ?? null,
  }),
  ...(domain && { domain: domain.name ?? null, domain_id: domain.id ?? null }),
  ...(system && { system: 'all' }),
});
