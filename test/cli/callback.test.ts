import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { identity, type TestIdentity, token } from '../support/identity.ts';
import { freePort } from '../support/port.ts';
import type { Around, Outcome } from '../support/tglance.ts';
import { reply } from '../support/wire.ts';

const sso = { OS_AUTH_TYPE: 'v3websso', OS_IDENTITY_PROVIDER: 'my sso', OS_PROTOCOL: 'openid' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** Posts a token as the page does that Identity ends with, or as some other page might. */
const post = (url: string, body = `token=${token}`, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body, headers: { ...form, ...headers } });

/** Logs in, with somebody at the browser who does `there` at the page that is shown. */
async function withBrowser(
  service: TestIdentity,
  there: (page: URL) => Promise<void>,
  { env = {}, ...around }: Around & { words?: string } = {},
): Promise<Outcome> {
  let visit: Promise<void> | undefined;
  const browser = (page: string) => {
    visit = there(new URL(page));
  };
  const port = { OS_REDIRECT_PORT: String(await freePort()) };
  const outcome = await service.run({ ...sso, ...port, ...env }, { terminal: 100, browser, ...around });
  await visit;
  return outcome;
}

const back = (page: URL) => page.searchParams.get('origin') ?? '';

describe('single sign-on with a browser', () => {
  it('begins at the page of the provider, and takes the token that Identity lets it bring', async () => {
    const service = await identity();
    const { code, err } = await withBrowser(service, async (page) => {
      expect(page.href.split('?')[0]).toBe(
        `${service.url}/v3/auth/OS-FEDERATION/identity_providers/my%20sso/protocols/openid/websso`,
      );
      expect(back(page)).toMatch(/^http:\/\/localhost:[0-9]+\/auth\/websso\/$/);
      const answer = await post(back(page), undefined, { origin: service.url });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'");
      expect(await answer.text()).toContain('You can close this page');
    });
    expect(code).toBe(0);
    expect(err).toContain('Log in with a browser of this machine: http');
    expect(service.asked()).toEqual(['GET /v3/auth/tokens', 'GET /image/v2/images']);
  });

  it('is for a scope', async () => {
    const service = await identity();
    const env = { OS_PROJECT_ID: 'p1' };
    await withBrowser(service, async (page) => void (await post(back(page))), { env });
    expect(service.auths().at(-1)).toEqual({
      identity: { methods: ['token'], token: { id: token } },
      scope: { project: { id: 'p1' } },
    });
  });

  it('begins at the page of all providers where none is named', async () => {
    const service = await identity();
    const env = { OS_IDENTITY_PROVIDER: '' };
    const there = async (page: URL) => {
      expect(page.pathname).toBe('/v3/auth/OS-FEDERATION/websso/openid');
      await post(back(page));
    };
    expect(await withBrowser(service, there, { env })).toMatchObject({ code: 0 });
  });

  it('turns away whoever brings something else, or comes from elsewhere', async () => {
    const service = await identity();
    const { code } = await withBrowser(service, async (page) => {
      const here = back(page);
      const statuses = [
        await fetch(new URL('/favicon.ico', here)),
        await fetch(here),
        await post(here, 'error=no'),
        await post(here, undefined, { origin: 'https://evil.example' }),
        await post(here, undefined, { origin: 'null' }),
        await post(here, `token=${'x'.repeat(2_000_000)}`).catch(() => ({ status: 400 })),
      ].map(({ status }) => status);
      expect(statuses).toEqual([404, 405, 400, 403, 403, 400]);
      await post(here);
    });
    expect(code).toBe(0);
    expect(service.seen[0]?.headers['x-subject-token']).toBe(token);
  });

  it('P23: shows nobody the token', async () => {
    const service = await identity({
      'GET /v3/auth/tokens': reply(401, { error: { message: `not ${token}` } }),
    });
    const words = '--debug image-list';
    const { code, err } = await withBrowser(service, async (page) => void (await post(back(page))), {
      words,
    });
    expect(code).toBe(3);
    expect(err).toContain('not ***');
    expect(err).not.toContain(token);
  });

  it('P27: waits for nobody where there is no terminal', async () => {
    const service = await identity();
    const { code, err } = await service.run(sso);
    expect([code, service.asked()]).toEqual([3, []]);
    expect(err).toContain('This login needs a person with a browser: run it at a terminal');
  });

  it('says so when another program is where the browser would come back to', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : '';
    const { code, err } = await withBrowser(await identity(), async () => {}, {
      env: { OS_REDIRECT_PORT: String(port) },
    });
    expect(code).toBe(2);
    expect(err).toContain(`Cannot listen on port ${port} of this machine (EADDRINUSE); --os-redirect-port`);
  });

  it('P22: is given up when somebody presses Ctrl-C, and listens no longer', async () => {
    const stop = new AbortController();
    let here = '';
    const there = async (page: URL) => {
      here = back(page);
      stop.abort(new Error('interrupted'));
    };
    await withBrowser(await identity(), there, { signal: stop.signal });
    await expect(post(here)).rejects.toThrow();
  });
});

describe('an authorization code of the browser', () => {
  const env = async ({ url }: TestIdentity) => ({
    ...sso,
    OS_AUTH_TYPE: 'v3oidcauthcode',
    OS_CLIENT_ID: 'me',
    OS_REDIRECT_PORT: '',
    OS_DISCOVERY_ENDPOINT: `${url}/about`,
  });
  const provider = () =>
    identity((url) => ({
      'GET /about': reply(200, {
        authorization_endpoint: `${url}/login?theme=dark`,
        token_endpoint: `${url}/token`,
      }),
      'POST /token': reply(200, { access_token: 'access-token-of-it' }),
      'POST /v3/OS-FEDERATION/identity_providers/my%20sso/protocols/openid/auth': reply(
        201,
        {
          token: { catalog: [{ type: 'image', endpoints: [{ interface: 'public', url: `${url}/image` }] }] },
        },
        { 'x-subject-token': token },
      ),
    }));
  const come = (page: URL, fields: Record<string, string>) =>
    fetch(`${page.searchParams.get('redirect_uri')}?${new URLSearchParams(fields)}`);

  it('comes to an address of this machine that is free, with the word that it was sent off with', async () => {
    const service = await provider();
    const { code } = await withBrowser(
      service,
      async (page) => {
        const { redirect_uri = '', state = '', ...wish } = Object.fromEntries(page.searchParams);
        expect(wish).toMatchObject({
          theme: 'dark',
          response_type: 'code',
          client_id: 'me',
          scope: 'openid profile',
          code_challenge_method: 'S256',
        });
        expect(redirect_uri).toMatch(/^http:\/\/127\.0\.0\.1:[1-9][0-9]+\/callback$/);
        expect((await come(page, { code: 'of-somebody-else', state: 'guessed' })).status).toBe(400);
        expect((await come(page, { code: 'of-somebody-else' })).status).toBe(400);
        expect((await come(page, { code: 'the-code', state })).status).toBe(200);
      },
      { env: await env(service) },
    );
    expect(code).toBe(0);
    const said = Object.fromEntries(
      new URLSearchParams(service.seen.find(({ path }) => path === '/token')?.body),
    );
    expect(said).toMatchObject({ grant_type: 'authorization_code', code: 'the-code' });
    expect(said.redirect_uri).toMatch(/^http:\/\/127/);
    expect(said.code_verifier).toMatch(/^[\w-]{43}$/);
  });

  it('is refused by the provider in its own words', async () => {
    const service = await provider();
    const { code, err } = await withBrowser(
      service,
      async (page) => {
        const state = page.searchParams.get('state') ?? '';
        await come(page, { error: 'access_denied', error_description: 'Not you.', state });
      },
      { env: await env(service) },
    );
    expect(code).toBe(3);
    expect(err).toContain(`${service.url}: access_denied: Not you.`);
  });

  it.for(['https://127.0.0.1:9/x', 'http://0.0.0.0:9/x', 'http://elsewhere.example/x', 'nowhere'])(
    'cannot come to %s',
    async (uri) => {
      const service = await provider();
      const { code, err } = await withBrowser(service, async () => {}, {
        env: { ...(await env(service)), OS_REDIRECT_URI: uri },
      });
      expect(code).toBe(2);
      expect(err).toContain(`redirect_uri: '${uri}' is not a http URL of this machine`);
    },
  );
});
