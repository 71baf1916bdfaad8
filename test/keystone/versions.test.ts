import { describe, expect, it } from 'vitest';
import { identity, passes, token } from '../support/identity.ts';
import { type Answer, reply } from '../support/wire.ts';

const user = { OS_USERNAME: 'demo', OS_PASSWORD: 'secret-password', OS_PROJECT_NAME: 'demo' };

/** What Identity says of its versions: each by its URL, or by an inner name of its own. */
const versions = (links: Readonly<Record<string, string>>): Answer =>
  reply(300, {
    versions: {
      values: Object.entries(links).map(([id, href]) => ({ id, links: [{ rel: 'self', href }] })),
    },
  });

/** What version 2 gives. */
const older = (url: string): Answer =>
  reply(200, {
    access: {
      token: { id: token, expires: '2126-01-01T00:00:00Z', tenant: { id: 'p1', name: 'demo' } },
      user: { id: 'u1', name: 'demo', roles: [{ name: 'member' }] },
      serviceCatalog: [{ type: 'image', endpoints: [{ region: 'here', publicURL: `${url}/image` }] }],
    },
  });

const absent = reply(404);
const tenant = { tenantName: 'demo' };
const credentials = { username: 'demo', password: 'secret-password' };

describe('P36: no request is spent on finding out where Identity is', () => {
  it.for(['', '/', '/v3', '/v3/', '/v2.0', '/v2.0/'])('when its URL ends in "%s"', async (end) => {
    const service = await identity();
    const env = { ...user, OS_AUTH_URL: `${service.url}${end}` };
    expect(await service.run(env)).toMatchObject({ code: 0, err: '' });
    expect(service.asked()).toEqual(['POST /v3/auth/tokens', 'GET /image/v2/images']);
  });
});

describe('P36: when Identity is not where its URL says', () => {
  it('the version list of the same server leads there, whatever name it gives itself', async () => {
    const service = await identity((url) => ({
      'POST /v3/auth/tokens': absent,
      'GET /': versions({ 'v2.0': `${url}/old`, 'v3.14': `${url}/identity/v3/` }),
      'POST /identity/v3/auth/tokens': passes(url),
    }));
    expect(await service.run(user)).toMatchObject({ code: 0, err: '' });
    expect(service.asked()).toEqual([
      'POST /v3/auth/tokens',
      'GET /',
      'POST /identity/v3/auth/tokens',
      'GET /image/v2/images',
    ]);
  });

  it('no link to another server is followed', async () => {
    const elsewhere = await identity();
    const service = await identity({
      'POST /v3/auth/tokens': absent,
      'GET /': versions({ 'v3.14': `${elsewhere.url}/v3/` }),
    });
    expect(await service.run(user)).toMatchObject({ code: 3, err: '404 Not Found (HTTP 404)\n' });
    expect(elsewhere.asked()).toEqual([]);
  });

  it.for<[string, Answer]>([
    ['HTML', reply(200, '<html>hello</html>', { 'content-type': 'text/html' })],
    ['nothing', reply(200, '')],
    ['lists of nothing', reply(200, { versions: [null, 1, { id: 3 }, { links: 'x' }] })],
    ['a refusal', reply(401, { error: 'no' })],
  ])('and its version list is %s, its own refusal stands', async ([, list]) => {
    const service = await identity({ 'POST /v3/auth/tokens': absent, 'GET /': list });
    expect(await service.run(user)).toMatchObject({ code: 3, err: '404 Not Found (HTTP 404)\n' });
  });
});

describe('version 2 of the Identity API', () => {
  it.for<[string, Record<string, string>, Record<string, Answer>, string[]]>([
    ['the version is named', { OS_IDENTITY_API_VERSION: '2.0' }, {}, []],
    ['the auth type is', { OS_AUTH_TYPE: 'v2password' }, {}, []],
    [
      'there is nothing newer',
      {},
      {
        'POST /v3/auth/tokens': reply(300, { choices: [] }),
        'GET /': versions({ 'v2.0': 'http://inside.example/v2.0/' }),
      },
      ['POST /v3/auth/tokens', 'GET /'],
    ],
  ])('is spoken when %s', async ([, env, answers, before]) => {
    const service = await identity((url) => ({ ...answers, 'POST /v2.0/tokens': older(url) }));
    expect(await service.run({ ...user, ...env })).toMatchObject({ code: 0, err: '' });
    expect(service.asked()).toEqual([...before, 'POST /v2.0/tokens', 'GET /image/v2/images']);
    expect(service.auths().at(-1)).toEqual({ passwordCredentials: credentials, ...tenant });
    expect(service.seen.at(-1)?.headers).toMatchObject({ 'x-auth-token': token });
  });

  it('is spoken when the URL names it and nothing else is there', async () => {
    const service = await identity((url) => ({
      'POST /v3/auth/tokens': absent,
      'POST /v2.0/tokens': older(url),
    }));
    expect(await service.run({ ...user, OS_AUTH_URL: `${service.url}/v2.0/` })).toMatchObject({ code: 0 });
  });

  it('takes IDs, trusts and tokens', async () => {
    const service = await identity((url) => ({ 'POST /v2.0/tokens': older(url) }));
    const ids = { OS_USER_ID: 'u1', OS_PASSWORD: 'secret-password', OS_TENANT_ID: 'p1' };
    await service.run({ ...ids, OS_AUTH_TYPE: 'v2password' });
    await service.run({ OS_AUTH_TYPE: 'v2token', OS_TOKEN: 'earlier-token', OS_TRUST_ID: 't1' });
    expect(service.auths()).toEqual([
      { passwordCredentials: { userId: 'u1', password: 'secret-password' }, tenantId: 'p1' },
      { token: { id: 'earlier-token' }, trust_id: 't1' },
    ]);
  });

  it('is told by whoami as version 3 is', async () => {
    const service = await identity((url) => ({ 'POST /v2.0/tokens': older(url) }));
    const env = { ...user, OS_AUTH_TYPE: 'v2password' };
    const { out } = await service.run(env, { words: 'whoami -f json' });
    expect(JSON.parse(out)).toMatchObject({
      user: 'demo',
      project: 'demo',
      project_id: 'p1',
      roles: ['member'],
    });
  });

  it.for<[Record<string, string>, string]>([
    [{ OS_USER_DOMAIN_NAME: 'People' }, 'knows no domains, but user_domain_name is People'],
    [{ OS_PROJECT_NAME: '', OS_SYSTEM_SCOPE: 'all' }, 'knows no system_scope'],
  ])('is sent no password of a login it cannot know: %o', async ([env, message]) => {
    const service = await identity((url) => ({ 'POST /v2.0/tokens': older(url) }));
    const { err, code } = await service.run({ ...user, ...env, OS_AUTH_TYPE: 'v2password' });
    expect([code, service.asked()]).toEqual([2, []]);
    expect(err).toContain(message);
  });

  it('is not enough for an auth type of version 3, which says so', async () => {
    const service = await identity((url) => ({
      'POST /v3/auth/tokens': absent,
      'GET /': versions({ 'v2.0': `${url}/v2.0/` }),
    }));
    const { err, code } = await service.run({ ...user, OS_AUTH_TYPE: 'v3password' });
    expect(code).toBe(6);
    expect(err).toContain('speaks only version 2 of the Identity API: use auth type v2password');
  });
});
