import { tglance } from './tglance.ts';
import { type Answer, byPath, reply, type Wire, wire } from './wire.ts';

/** What it gives to whoever logs in. */
export const token = 'gAAAA-the-token-of-these-tests';
/** A list of one image. */
export const images = reply(200, { images: [{ id: 'i1', name: 'found' }] });

/** What logs in at the Identity service of `url`. */
export const login = (url: string) => ({
  OS_AUTH_URL: `${url}/v3`,
  OS_USERNAME: 'me',
  OS_PASSWORD: 'a-password-to-keep',
  OS_PROJECT_NAME: 'p',
  OS_PROJECT_DOMAIN_ID: 'default',
  OS_USER_DOMAIN_ID: 'default',
});

/** Identity, whose catalog has these endpoints of the Image service, or is quite another. */
export const identity =
  (endpoints: () => readonly object[], catalog?: unknown): Answer =>
  (call) =>
    reply(
      201,
      {
        token: {
          expires_at: '2999-01-01T00:00:00.000000Z',
          catalog: catalog ?? [{ type: 'image', name: 'glance', endpoints: endpoints() }],
        },
      },
      { 'x-subject-token': token },
    )(call);

/** An endpoint of a catalog. */
export const at = (url: string, more: object = {}) => ({
  interface: 'public',
  region: 'RegionOne',
  url,
  ...more,
});

/** A cloud on one port, whose Image service the catalog puts at `place`, and which answers as told. */
export async function cloud(place: string, answers: Readonly<Record<string, Answer>>, more: object = {}) {
  const server: Wire = await wire(
    byPath({ 'POST /v3/auth/tokens': identity(() => [at(server.url + place, more)]), ...answers }),
  );
  const run = (words: string, env: Record<string, string> = {}) =>
    tglance(words, { env: { ...login(server.url), ...env } });
  const asked = () => server.seen.slice(1).map(({ method, path }) => `${method} ${path.split('?')[0]}`);
  return { server, run, asked };
}

/** What `list` comes to where it works. */
export const found = { out: 'found\n', err: '', code: 0 };
export const list = 'image-list -f value -c Name';
