import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { authority, good, key } from '../http/certificates.ts';
import { it } from '../support/folder.ts';
import { tglance } from '../support/tglance.ts';
import { type Answer, inTurn, reply, wire } from '../support/wire.ts';

const empty = reply(200, { images: [] });

/** An Image service, and what a command's one request to it said. */
async function imageService(answer: Answer = empty) {
  const server = await wire(answer);
  const run = (env: Readonly<Record<string, string>>, words = 'image-list') =>
    tglance(words, { env: { OS_ENDPOINT: server.url, ...env } });
  return { ...server, run };
}

describe('without an Identity service the Image service is asked', () => {
  it.for<[string, Record<string, string>, Record<string, string | undefined>]>([
    ['nothing but the question', { OS_AUTH_TYPE: 'none' }, {}],
    ['the same by the other name', { OS_AUTH_TYPE: 'noauth' }, {}],
    [
      'with name and password',
      { OS_AUTH_TYPE: 'http_basic', OS_USERNAME: 'me', OS_PASSWORD: 'secret-password' },
      { authorization: `Basic ${Buffer.from('me:secret-password').toString('base64')}` },
    ],
    ['with a token', { OS_AUTH_TYPE: 'admin_token', OS_TOKEN: 'the-token' }, { 'x-auth-token': 'the-token' }],
    ['by the old name', { OS_AUTH_TYPE: 'token_endpoint', OS_TOKEN: 't-1' }, { 'x-auth-token': 't-1' }],
    ['with a token that says it all', { OS_TOKEN: 'the-token' }, { 'x-auth-token': 'the-token' }],
  ])('%s', async ([, env, headers]) => {
    const service = await imageService();
    expect(await service.run(env)).toMatchObject({ code: 0, err: '' });
    const { authorization, 'x-auth-token': token } = service.seen[0]?.headers ?? {};
    expect({ authorization, 'x-auth-token': token }).toEqual({
      authorization: undefined,
      'x-auth-token': undefined,
      ...headers,
    });
    expect(service.seen.length).toBe(1);
  });

  it.for(['none', 'http_basic', 'admin_token', 'v3tokenlessauth'])(
    '%s says so when nobody says where it is',
    async (type) => {
      const { err, code } = await tglance('image-list', { env: { OS_AUTH_TYPE: type, OS_TOKEN: 't' } });
      expect(code).toBe(3);
      expect(err).toContain('say where the Image service is with --os-endpoint, OS_ENDPOINT, or endpoint');
      expect(err).toContain(type);
    },
  );

  it('where clouds.yaml says it is', async ({ folder, path }) => {
    const service = await imageService();
    const auth = `username: me, password: secret-password, endpoint: '${service.url}/v2'`;
    writeFileSync(path('clouds.yaml'), `clouds: {box: {auth_type: http_basic, auth: {${auth}}}}`);
    expect(await tglance('--os-cloud box image-list', { cwd: folder })).toMatchObject({ code: 0, err: '' });
    expect(service.seen[0]?.path).toMatch(/^\/v2\/images/);
  });

  it('P23: keeping the password to itself though the server repeats what it was told', async () => {
    const words = Buffer.from('me:secret-password').toString('base64');
    const service = await imageService(reply(400, { message: `I do not like ${words}` }));
    const env = { OS_AUTH_TYPE: 'http_basic', OS_USERNAME: 'me', OS_PASSWORD: 'secret-password' };
    const { err } = await service.run(env, '--debug image-list');
    expect(err).toContain('I do not like ***');
    expect(err).not.toContain(words);
    expect(err).not.toContain('secret-password');
  });

  it('P18: not once more when it says no, as there is nothing else to show', async () => {
    const service = await imageService(inTurn(reply(401)));
    expect(await service.run({ OS_TOKEN: 'the-token' })).toMatchObject({ code: 3 });
    expect(service.seen.length).toBe(1);
  });
});

describe('a client certificate', () => {
  const mutual = (answer: Answer) =>
    wire(answer, { tls: { cert: good, key, ca: authority, requestCert: true, rejectUnauthorized: true } });
  const write = (path: (name: string) => string) => {
    for (const [name, text] of Object.entries({ ca: authority, cert: good, key }))
      writeFileSync(path(name), text);
    return { OS_CACERT: path('ca'), OS_CERT: path('cert'), OS_KEY: path('key') };
  };

  it.for<[string, Record<string, string>, Record<string, string>]>([
    ['a project by its ID', { OS_PROJECT_ID: 'p1' }, { 'x-project-id': 'p1' }],
    [
      'a project by its name',
      { OS_PROJECT_NAME: 'demo', OS_PROJECT_DOMAIN_NAME: 'People' },
      { 'x-project-name': 'demo', 'x-project-domain-name': 'People' },
    ],
    ['a domain by its ID', { OS_DOMAIN_ID: 'd1' }, { 'x-domain-id': 'd1' }],
    ['a domain by its name', { OS_DOMAIN_NAME: 'People' }, { 'x-domain-name': 'People' }],
  ])('is enough for %s', async ([, env, headers], { path }) => {
    const server = await mutual(empty);
    const place = { OS_AUTH_TYPE: 'v3tokenlessauth', OS_ENDPOINT: server.url, ...write(path) };
    const outcome = await tglance('--debug image-list', { env: { ...place, ...env } });
    expect(outcome.code).toBe(0);
    expect(server.seen[0]?.headers).toMatchObject(headers);
    // they are no secrets
    expect(outcome.err).toContain(Object.values(headers)[0]);
  });

  it('must be there, and so must something to work on', async ({ path }) => {
    const server = await mutual(empty);
    const place = { OS_AUTH_TYPE: 'v3tokenlessauth', OS_ENDPOINT: server.url };
    const without = await tglance('image-list', { env: place });
    expect([without.code, without.err]).toEqual([3, expect.stringContaining('This login needs cert')]);
    const nowhere = await tglance('image-list', { env: { ...place, ...write(path) } });
    expect([nowhere.code, nowhere.err]).toEqual([3, expect.stringContaining('needs a project or a domain')]);
  });
});
