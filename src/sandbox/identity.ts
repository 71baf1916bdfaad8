import { createHash, timingSafeEqual } from 'node:crypto';
import { type Call, type Known, type KnownCall, type Open, param } from './calls.ts';
import type { Cloud } from './cloud.ts';
import { isObject, json, type Reply, readJson } from './exchange.ts';
import { domain, type Person, type Project, region } from './people.ts';
import { Refusal, refuse } from './refusal.ts';
import { findToken, issue, revoke, type Token } from './tokens.ts';

/** GET / and GET /v3: what is spoken here. */
export const identityVersions: Open = (_cloud, { origin }) =>
  json(300, { versions: { values: [version(origin)] } }, { location: `${origin}/v3/` });
export const identityVersion: Open = (_cloud, { origin }) => json(200, { version: version(origin) });

const version = (origin: string) => ({
  id: 'v3.14',
  status: 'stable',
  updated: '2020-04-07T00:00:00Z',
  links: [{ rel: 'self', href: `${origin}/v3/` }],
  'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
});

/** POST /v3/auth/tokens, https://docs.openstack.org/api-ref/identity/v3/#password-authentication-with-scoped-authorization */
export const logIn: Open = async (cloud, call) => {
  const auth = await authOf(call);
  const identity = need(auth, 'identity', 'auth');
  if (!Array.isArray(identity.methods)) throw malformed('methods', 'identity');
  const methods = identity.methods.map(String);
  for (const method of methods) need(identity, method, 'identity');
  const unknown = methods.find((method) => method !== 'password' && method !== 'token');
  if (unknown !== undefined) throw refuse(401, 'Attempted to authenticate with an unsupported method.');
  if (methods.length === 0) throw refuse(401);
  const from = methods.includes('token') ? tokenFrom(cloud, need(identity, 'token', 'identity')) : undefined;
  const person = methods.includes('password')
    ? byPassword(cloud, need(need(identity, 'password', 'identity'), 'user', 'password'))
    : personOf(cloud, from);
  if (from !== undefined && from.userId !== person.id) throw refuse(401);
  const scoped = scopeOf(auth.scope, person);
  const used = [...new Set([...(from?.methods ?? []), ...methods])];
  const { secret, token } = issue(cloud, person, scoped, used, from);
  return json(201, tokenView(cloud, call, token), { 'x-subject-token': secret });
};

/** GET /v3/auth/tokens: a token of one's own, or for an admin any. */
export const showToken: Known = (cloud, call) => {
  const token = subject(cloud, call, 'validate_token');
  const secret = call.headers['x-subject-token'] ?? '';
  return json(200, tokenView(cloud, call, token), { 'x-subject-token': secret });
};

/** DELETE /v3/auth/tokens */
export const revokeToken: Known = (cloud, call) => {
  revoke(cloud, subject(cloud, call, 'revoke_token'));
  return { status: 204, headers: {}, body: undefined };
};

/** GET /v3/auth/catalog */
export const showCatalog: Known = (cloud, call) => {
  guard(call.caller.projectId !== undefined, 'get_auth_catalog');
  return json(200, {
    catalog: catalog(cloud, call.origin, call.caller.projectId),
    links: { self: `${call.origin}/v3/auth/catalog` },
  });
};

/** GET /v3/auth/projects: where the caller has roles. */
export const ownProjects: Known = (cloud, call) =>
  projectList(call, [personOf(cloud, call.caller.token).project]);

/** GET /v3/projects */
export const listProjects: Known = (cloud, call) => {
  guard(call.caller.admin, 'list_projects');
  const fits = (asked: string | null, held: string) => asked === null || asked === held;
  const wanted = ({ name }: Project) =>
    fits(call.query.get('name'), name) && fits(call.query.get('domain_id'), domain.id);
  return projectList(call, cloud.people.all.map(({ project }) => project).filter(wanted));
};

/** GET /v3/domains */
export const listDomains: Known = (_cloud, call) => {
  guard(call.caller.admin, 'list_domains');
  const { origin, path, query } = call;
  const wanted = query.get('name') ?? domain.name;
  const view = { ...domain, description: '', enabled: true, tags: [], options: {} };
  const links = { self: `${origin}/v3/domains/${domain.id}` };
  return json(200, {
    domains: wanted === domain.name ? [{ ...view, links }] : [],
    links: { self: `${origin}${path}`, next: null, previous: null },
  });
};

/** GET /v3/projects/:id */
export const showProject: Known = (cloud, call) => {
  const id = param(call, 'id');
  guard(call.caller.admin || call.caller.projectId === id, 'get_project');
  const project = cloud.people.all.map((person) => person.project).find((it) => it.id === id);
  if (project === undefined) throw refuse(404, `Could not find project: ${id}.`);
  return json(200, { project: projectView(call.origin, project) });
};

function guard(isAllowed: boolean, action: string): void {
  if (!isAllowed)
    throw refuse(403, `You are not authorized to perform the requested action: identity:${action}.`);
}

const malformed = (what: string, where: string) =>
  refuse(
    400,
    `Expecting to find ${what} in ${where}. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.`,
  );

async function authOf(call: Call): Promise<Record<string, unknown>> {
  const invalid = () => malformed('valid JSON', 'request body');
  if (!/^application\/json\b/.test(call.headers['content-type'] ?? '')) {
    throw malformed('application/json', 'Content-Type header');
  }
  const body = await readJson(call.body).catch((error: unknown) => {
    throw error instanceof Refusal && error.status === 400 ? invalid() : error;
  });
  if (body !== undefined && !isObject(body)) throw invalid();
  return need(body ?? {}, 'auth', 'request body');
}

function need(parent: Record<string, unknown>, key: string, where: string): Record<string, unknown> {
  const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (!isObject(value)) throw malformed(key, where);
  return value;
}

function tokenFrom(cloud: Cloud, { id }: Record<string, unknown>): Token {
  const token = typeof id === 'string' ? findToken(cloud, id) : undefined;
  if (token === undefined) throw unknownToken();
  return token;
}

const unknownToken = () => refuse(404, 'Could not recognize Fernet token');

function byPassword(cloud: Cloud, user: Record<string, unknown>): Person {
  const { id, name, password } = user;
  if (id === undefined && !isDomain(need(user, 'domain', 'user'))) throw refuse(401);
  const person = cloud.people.all.find((it) => (id === undefined ? it.name === name : it.id === id));
  if (person === undefined || typeof password !== 'string' || !isEqual(password, person.password))
    throw refuse(401);
  return person;
}

/** Takes the same time whatever is equal. */
function isEqual(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

const isDomain = ({ id, name }: Record<string, unknown>) =>
  id === undefined ? name === domain.name : id === domain.id;

function personOf(cloud: Cloud, token: Token | undefined): Person {
  const person = cloud.people.all.find(({ id }) => id === token?.userId);
  if (person === undefined) throw refuse(401);
  return person;
}

/** Whether the token is for the person's project; without a scope it is, because it is their default one. */
function scopeOf(scope: unknown, { project }: Person): boolean {
  if (scope === undefined) return true;
  if (scope === 'unscoped') return false;
  if (!isObject(scope)) throw malformed('project', 'scope');
  if (Object.hasOwn(scope, 'project')) {
    const { id, name, ...rest } = need(scope, 'project', 'scope');
    if (id === undefined && !isDomain(need(rest, 'domain', 'project'))) throw refuse(401);
    if (id === undefined ? name !== project.name : id !== project.id) throw refuse(401);
    return true;
  }
  const others = ['system', 'domain', 'OS-TRUST:trust'];
  if (!others.some((kind) => Object.hasOwn(scope, kind))) {
    throw malformed('system, project, domain, OS-TRUST:trust or unscoped', 'scope');
  }
  // nobody has roles on anything but a project
  throw refuse(401);
}

function subject(cloud: Cloud, { headers, caller }: KnownCall, action: string): Token {
  const secret = headers['x-subject-token'];
  if (secret === undefined) {
    guard(caller.admin, action);
    throw refuse(404, 'No token in the request');
  }
  const token = findToken(cloud, secret);
  if (token === undefined) throw unknownToken();
  guard(caller.admin || token.userId === caller.userId, action);
  return token;
}

function tokenView(cloud: Cloud, { origin, query }: Call, token: Token) {
  const { id, name, project, roles } = personOf(cloud, token);
  const scope = {
    is_domain: false,
    project: { ...project, domain },
    roles,
    ...(query.has('nocatalog') ? {} : { catalog: catalog(cloud, origin, project.id) }),
  };
  return {
    token: {
      methods: token.methods,
      user: { id, name, domain, password_expires_at: null },
      audit_ids: token.auditIds,
      issued_at: preciseTime(token.issued),
      expires_at: preciseTime(token.expires),
      ...(token.scoped ? scope : {}),
    },
  };
}

const preciseTime = (time: number) => new Date(time).toISOString().replace('Z', '000Z');

function catalog({ people }: Cloud, origin: string, projectId = '') {
  const service = (type: string, name: string, url: string) => ({
    type,
    name,
    id: people.idOf(`service ${type}`),
    endpoints: ['public', 'internal', 'admin'].map((side) => ({
      id: people.idOf(`endpoint ${type} ${side}`),
      interface: side,
      region,
      region_id: region,
      url,
    })),
  });
  return [
    service('identity', 'keystone', `${origin}/v3`),
    service('image', 'glance', `${origin}/image`),
    service('volumev3', 'cinder', `${origin}/volume/v3/${projectId}`),
  ];
}

function projectList({ origin, path }: Call, projects: readonly Project[]): Reply {
  const links = { self: `${origin}${path}`, next: null, previous: null };
  return json(200, { projects: projects.map((project) => projectView(origin, project)), links });
}

const projectView = (origin: string, { id, name }: Project) => ({
  id,
  name,
  description: '',
  enabled: true,
  domain_id: domain.id,
  parent_id: domain.id,
  is_domain: false,
  tags: [],
  options: {},
  links: { self: `${origin}/v3/projects/${id}` },
});
