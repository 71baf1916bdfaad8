import { expect, it } from 'vitest';
import { freshSandbox, inProcess, jsonOf, passwordFor, voice } from './talk.ts';

interface TokenBody {
  readonly token: {
    readonly methods: string[];
    readonly project?: { id: string; name: string };
    readonly roles?: { name: string }[];
    readonly expires_at: string;
    readonly catalog?: { type: string; endpoints: { interface: string; region: string; url: string }[] }[];
  };
}

it('logs a member in to their project and lists the services at the address that was asked', async () => {
  const { sandbox, nobody } = await freshSandbox();
  const login = sandbox.credentials.demo;
  const headers = { host: '127.0.0.1:9' };
  const answer = await nobody('POST', '/v3/auth/tokens', { json: passwordFor(login), headers });
  expect(answer.status).toBe(201);
  const { token } = jsonOf<TokenBody>(answer);
  expect(token.project).toMatchObject({ id: login.projectId, name: 'demo' });
  expect(token.roles?.map(({ name }) => name)).toEqual(['member', 'reader']);
  const urls = token.catalog?.map(({ type, endpoints }) => [
    type,
    endpoints.map((it) => `${it.interface} ${it.region} ${it.url}`),
  ]);
  const sides = (path: string) =>
    ['public', 'internal', 'admin'].map((side) => `${side} RegionOne http://127.0.0.1:9${path}`);
  expect(urls).toEqual([
    ['identity', sides('/v3')],
    ['image', sides('/image')],
    ['volumev3', sides(`/volume/v3/${login.projectId}`)],
  ]);
});

it('gives URLs below a name that leads nowhere when there is no Host', async () => {
  const { demo, sandbox } = await freshSandbox();
  const { catalog } = jsonOf<{ catalog: { endpoints: { url: string }[] }[] }>(
    await demo('GET', '/v3/auth/catalog'),
  );
  expect(catalog.map(({ endpoints }) => endpoints[0]?.url)).toEqual([
    'http://sandbox.invalid/v3',
    'http://sandbox.invalid/image',
    `http://sandbox.invalid/volume/v3/${sandbox.credentials.demo.projectId}`,
  ]);
});

const refusal = {
  error: { code: 401, message: 'The request you have made requires authentication.', title: 'Unauthorized' },
};

it.each([
  ['a wrong password', { password: 'wrong' }, undefined],
  ['an unknown user', { name: 'nobody' }, undefined],
  ['a project without a role', {}, { project: { name: 'other', domain: { name: 'Default' } } }],
  ['a domain without a role', {}, { domain: { id: 'default' } }],
  ['a domain that is not there', { domain: { name: 'nowhere' } }, undefined],
])('refuses %s as Keystone does', async (_what, user, scope) => {
  const { sandbox, nobody } = await freshSandbox();
  const { auth } = passwordFor(sandbox.credentials.demo, scope);
  Object.assign(auth.identity.password.user, user);
  const answer = await nobody('POST', '/v3/auth/tokens', { json: { auth } });
  expect([answer.status, jsonOf(answer)]).toEqual([401, refusal]);
  expect(answer.headers['www-authenticate']).toBe('Keystone uri="http://sandbox.invalid/v3"');
});

it.each([
  ['auth in request body', {}],
  ['identity in auth', { auth: {} }],
  ['methods in identity', { auth: { identity: {} } }],
  ['password in identity', { auth: { identity: { methods: ['password'] } } }],
  ['domain in user', { auth: { identity: { methods: ['password'], password: { user: { name: 'demo' } } } } }],
  ['valid JSON in request body', []],
])('says that it expected to find %s', async (what, json) => {
  const { nobody } = await freshSandbox();
  const answer = await nobody('POST', '/v3/auth/tokens', { json });
  expect(answer.status).toBe(400);
  expect(jsonOf<{ error: { message: string } }>(answer).error.message).toContain(
    `Expecting to find ${what}.`,
  );
});

it('makes one token from another, with the same end', async () => {
  let now = Date.parse('2026-01-31T12:00:00Z');
  const { sandbox, nobody } = await freshSandbox({ clock: () => now });
  const first = await nobody('POST', '/v3/auth/tokens', {
    json: passwordFor(sandbox.credentials.demo, 'unscoped'),
  });
  expect(jsonOf<TokenBody>(first).token.project).toBeUndefined();
  now += 60_000;
  const identity = { methods: ['token'], token: { id: first.headers['x-subject-token'] } };
  const scope = { project: { name: 'demo', domain: { id: 'default' } } };
  const second = await nobody('POST', '/v3/auth/tokens', { json: { auth: { identity, scope } } });
  const { token } = jsonOf<TokenBody>(second);
  expect(token).toMatchObject({ methods: ['password', 'token'], expires_at: '2026-01-31T13:00:00.000000Z' });
  expect(token.project?.name).toBe('demo');
});

it('lets tokens end, and lets their holder end them', async () => {
  let now = 0;
  const { sandbox, demo, other, admin } = await freshSandbox({ clock: () => now, tokenSeconds: 10 });
  now = 9_999;
  expect((await demo('GET', '/image/v2/images')).status).toBe(200);
  now = 10_000;
  expect((await demo('GET', '/image/v2/images')).status).toBe(401);
  expect((await admin('GET', '/v3/auth/projects')).status).toBe(401);
  const login = { json: passwordFor(sandbox.credentials.demo) };
  const secret = (await other('POST', '/v3/auth/tokens', login)).headers['x-subject-token'] ?? '';
  const again = voice(inProcess(sandbox), secret);
  const subject = { headers: { 'x-subject-token': secret } };
  expect((await again('GET', '/v3/auth/tokens', subject)).status).toBe(200);
  expect((await again('DELETE', '/v3/auth/tokens', subject)).status).toBe(204);
  expect((await again('GET', '/image/v2/images')).status).toBe(401);
});

it('shows projects to admins only, and a token to its holder', async () => {
  const { sandbox, admin, demo } = await freshSandbox();
  const found = await admin('GET', '/v3/projects?name=other');
  expect(jsonOf<{ projects: { id: string }[] }>(found).projects).toMatchObject([
    { id: sandbox.credentials.other.projectId, domain_id: 'default' },
  ]);
  expect((await demo('GET', '/v3/projects')).status).toBe(403);
  expect((await demo('GET', `/v3/projects/${sandbox.credentials.demo.projectId}`)).status).toBe(200);
  const login = { json: passwordFor(sandbox.credentials.other) };
  const foreign = (await demo('POST', '/v3/auth/tokens', login)).headers['x-subject-token'] ?? '';
  const subject = { headers: { 'x-subject-token': foreign } };
  expect((await demo('GET', '/v3/auth/tokens', subject)).status).toBe(403);
  expect((await admin('GET', '/v3/auth/tokens', subject)).status).toBe(200);
});

it('says without a token which versions it speaks', async () => {
  const { nobody } = await freshSandbox();
  expect((await nobody('GET', '/')).status).toBe(300);
  expect(jsonOf(await nobody('GET', '/v3'))).toMatchObject({ version: { id: 'v3.14', status: 'stable' } });
  for (const [path, status] of [
    ['/image/versions', 200],
    ['/image/', 300],
    ['/image', 300],
    ['/image/v1/images', 300],
  ] as const) {
    const answer = await nobody('GET', path);
    expect([path, answer.status]).toEqual([path, status]);
    expect(jsonOf<{ versions: unknown[] }>(answer).versions[0]).toEqual({
      id: 'v2.18',
      status: 'CURRENT',
      links: [{ rel: 'self', href: 'http://sandbox.invalid/image/v2/' }],
    });
  }
});
