import { type Around, type Outcome, tglance } from './tglance.ts';
import { type Answer, byPath, reply, type Seen, wire } from './wire.ts';

/** What Identity gives in `passes`. */
export const token = 'token-that-identity-gave';

/** An Identity service that lets everybody in, and an Image service without images. */
export interface TestIdentity {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** What was asked of it, as `METHOD /path`. */
  asked(): string[];
  /** What the requests for tokens said under `auth`. */
  auths(): Record<string, unknown>[];
  /** Runs a command that logs in here. */
  run(env: Readonly<Record<string, string>>, around?: Around & { words?: string }): Promise<Outcome>;
}

/** Starts one; `answers` stand before the usual ones. */
export async function identity(
  answers: Readonly<Record<string, Answer>> | ((url: string) => Readonly<Record<string, Answer>>) = {},
): Promise<TestIdentity> {
  let dispatch: Answer = reply(503);
  const server = await wire((call) => dispatch(call));
  const own = typeof answers === 'function' ? answers(server.url) : answers;
  dispatch = byPath({ ...usual(server.url), ...own });
  const asked = () => server.seen.map(({ method, path }) => `${method} ${path.split('?')[0]}`);
  return {
    url: server.url,
    seen: server.seen,
    asked,
    auths: () =>
      server.seen
        .filter(({ path }) => path.endsWith('/tokens'))
        .map(({ body }) => JSON.parse(Buffer.from(body, 'latin1').toString() || '{}').auth),
    run: (env, { words = 'image-list', ...around } = {}) =>
      tglance(words, { ...around, env: { OS_AUTH_URL: server.url, ...env } }),
  };
}

/** What Identity says of a token, and the token. */
export const passes = (url: string, about: object = {}): Answer =>
  reply(201, { token: { ...pass(url), ...about } }, { 'x-subject-token': token });

const usual = (url: string): Record<string, Answer> => ({
  'POST /v3/auth/tokens': passes(url),
  'GET /v3/auth/tokens': reply(200, { token: pass(url) }),
  'GET /image/v2/images': reply(200, { images: [] }),
});

const pass = (url: string) => ({
  methods: ['password'],
  issued_at: '2026-01-01T00:00:00Z',
  expires_at: '2026-01-01T01:00:00Z',
  user: { id: 'u1', name: 'demo' },
  catalog: [{ type: 'image', endpoints: [{ interface: 'public', region: 'here', url: `${url}/image` }] }],
});
