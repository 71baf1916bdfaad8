import { AnswerError, UsageError } from '../errors.ts';
import { caps, readJson } from '../http/body.ts';
import type { Response } from '../http/message.ts';
import type { AuthType } from './auth-types.ts';
import type { CatalogService } from './catalog.ts';
import type { Credentials } from './credentials.ts';
import { dig, digList, digText } from './dig.ts';
import { needSecret } from './need.ts';
import type { Desk, Pass } from './pass.ts';
import { knownUser } from './proofs.ts';
import { loginRefusal } from './refusal.ts';
import { identityRoot } from './root.ts';
import { lifetime } from './token-request.ts';

type Json = Readonly<Record<string, unknown>>;

/** A password at Identity v2, which knows no domains. https://docs.openstack.org/keystone/pike/api_curl_examples.html#v2-api-examples-using-curl */
export const password: AuthType = olderLogin(async (given, desk) => {
  knownUser(given);
  const { user_id: userId, username } = given;
  const secret = await needSecret(given, desk, 'password', 'OS Password');
  return { passwordCredentials: { ...(userId === undefined ? { username } : { userId }), password: secret } };
});

/** A token at Identity v2, for another project. */
export const token: AuthType = olderLogin(async (given, desk) => ({
  token: { id: await needSecret(given, desk, 'auth_token', 'Token') },
}));

function olderLogin(prove: (given: Credentials, desk: Desk) => Promise<Json>): AuthType {
  return {
    logIn: async (given, desk, signal) => {
      const root = identityRoot(given.auth_url);
      const auth = { ...(await prove(given, desk)), ...scopeOf(given) };
      const response = await desk.send({
        method: 'POST',
        url: new URL(`${root}/v2.0/tokens`),
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify({ auth }),
        signal,
        repeatable: true,
      });
      if (response.status !== 200) throw await loginRefusal(response);
      return passIn(await readJson(response, caps.token), response, root, desk);
    },
  };
}

function scopeOf(given: Credentials): Json {
  const { project_id: tenantId, project_name: tenantName, trust_id } = given;
  for (const name of ['system_scope', 'domain_id', 'domain_name'] as const) {
    if (given[name] !== undefined) throw new UsageError(`Version 2 of the Identity API knows no ${name}`);
  }
  // its only domain is what v3 calls the default one
  for (const name of [
    'user_domain_id',
    'user_domain_name',
    'project_domain_id',
    'project_domain_name',
  ] as const) {
    if (/^default$/i.test(given[name] ?? 'default')) continue;
    throw new UsageError(`Version 2 of the Identity API knows no domains, but ${name} is ${given[name]}`);
  }
  return {
    ...(tenantId === undefined ? tenantName !== undefined && { tenantName } : { tenantId }),
    ...(trust_id !== undefined && { trust_id }),
  };
}

function passIn(answer: unknown, response: Response, root: string, desk: Desk): Pass {
  const token = digText(answer, 'access', 'token', 'id');
  if (token === undefined) {
    throw new AnswerError(`${root} answered the login without a token: is this a Keystone v2?`);
  }
  desk.hide(token);
  const about = dig(answer, 'access', 'token');
  const end = digText(about, 'expires');
  return {
    token,
    ...lifetime(end, undefined, response, desk),
    catalog: digList(answer, 'access', 'serviceCatalog').map(newerService),
    about: {
      methods: ['password'],
      expires_at: end,
      project: named(dig(about, 'tenant')),
      user: named(dig(answer, 'access', 'user')),
      roles: digList(answer, 'access', 'user', 'roles').map(named),
    },
  };
}

const named = (it: unknown) => ({ id: digText(it, 'id'), name: digText(it, 'name') });

/** One endpoint of v2 holds what v3 has three of. */
const newerService = (service: unknown): CatalogService => ({
  type: digText(service, 'type') ?? '',
  name: digText(service, 'name') ?? '',
  endpoints: digList(service, 'endpoints').flatMap((endpoint) =>
    ['public', 'internal', 'admin'].flatMap((side) => {
      const url = digText(endpoint, `${side}URL`);
      return url === undefined ? [] : { interface: side, region: digText(endpoint, 'region') ?? null, url };
    }),
  ),
});
