import { mkdirSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { authority, good, key } from '../http/certificates.ts';
import { it as inCloud } from '../support/cloud.ts';
import { tglance } from '../support/tglance.ts';
import { type Answer, reply, wire } from '../support/wire.ts';

/** A vendor's own server, and the program at a place whose only cloud is that vendor's. */
const it = inCloud.extend<{
  vendor: (answer: Answer) => Promise<{
    url: string;
    paths: () => string[];
    run: (words: string, cacert?: boolean) => ReturnType<typeof tglance>;
  }>;
}>({
  vendor: async ({ path, cloud }, use) => {
    const home = path('home');
    mkdirSync(home);
    writeFileSync(path('ca.pem'), authority);
    await use(async (answer) => {
      const { url, seen } = await wire(answer, { tls: { cert: good, key } });
      const { OS_USERNAME: username, OS_PASSWORD: password, OS_PROJECT_NAME: project_name } = cloud.env;
      const domains = { user_domain_id: 'default', project_domain_id: 'default' };
      const prod = { profile: url, auth: { username, password, project_name, ...domains } };
      writeFileSync(path('home/clouds.yaml'), JSON.stringify({ clouds: { prod } }));
      return {
        url,
        paths: () => seen.map((it) => it.path),
        run: (words, cacert = true) =>
          tglance(words, { home, cwd: home, env: cacert ? { OS_CACERT: path('ca.pem') } : {} }),
      };
    });
  },
});

const said = (profile: object) => reply(200, JSON.stringify({ name: 'acme', profile }));
const where = '/.well-known/openstack/api';

it('a cloud is reached by what its vendor says of it, asked once', async ({ cloud, vendor }) => {
  await cloud.run('image-create --name one');
  const { run, paths, url } = await vendor(said({ auth: { auth_url: cloud.env.OS_AUTH_URL } }));
  const { out, err, code } = await run('image-list -f value -c Name');
  expect({ out, code }).toEqual({ out: 'one\n', code: 0 });
  expect(err).toBe(`${url}${where} leads to ${cloud.env.OS_AUTH_URL}, which is not encrypted\n`);
  expect(paths()).toEqual([where]);
});

it('P28: a vendor that nobody vouches for is not believed', async ({ vendor }) => {
  const { run, url } = await vendor(said({}));
  expect(await run('image-list', false)).toMatchObject({
    err: expect.stringContaining(`Cannot trust the certificate of ${url}`),
    code: 6,
  });
  expect((await run('--insecure image-list', false)).code).toBe(6);
});

it('a vendor that says nothing is an error', async ({ vendor }) => {
  const { run, url } = await vendor(reply(404));
  expect((await run('image-list')).err).toMatch(`Cannot get the profile ${url}${where}: HTTP 404`);
});

it('P29: a vendor cannot send elsewhere', async ({ vendor }) => {
  const { run } = await vendor(reply(302, '', { location: 'https://elsewhere.example/' }));
  expect(await run('image-list')).toMatchObject({
    err: expect.stringContaining('was redirected to https://elsewhere.example/, which is not followed'),
    code: 6,
  });
});

it('P34: a vendor cannot talk without end', async ({ vendor }) => {
  const { run } = await vendor(reply(200, `"${'x'.repeat(5 * 1024 * 1024)}"`));
  expect(await run('image-list')).toMatchObject({
    err: expect.stringContaining('answered with more than 4 MiB'),
    code: 6,
  });
});
