import { expect, it } from 'vitest';
import { identity } from '../support/identity.ts';
import { type Answer, reply } from '../support/wire.ts';

const html = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const plain = { 'content-type': 'text/plain' };

/** A service that repeats what it was told, in ways that hide a secret from who looks for it too late. */
const echoes: readonly [string, (password: string) => Answer][] = [
  ['as text', (password) => reply(401, `You said ${password}, no?`, plain)],
  ['in JSON', (password) => reply(401, { error: { message: `You said ${password}, no?` } })],
  [
    'in HTML',
    (password) => reply(401, `<p>You said ${html(password)}, no?</p>`, { 'content-type': 'text/html' }),
  ],
  [
    'where words are cut',
    (password) => reply(401, { error: { message: `${'x'.repeat(391)} ${password} y` } }),
  ],
];

it.for(
  ['Xk<7>pq!92', 'correct  horse  battery', 'a&b <c>  "d"\u00e9'].flatMap((password) =>
    echoes.map(([where, echo]) => [password, where, echo] as const),
  ),
)(
  'P23: a password that looks like markup, or has blanks, is not shown collapsed: %s, %s',
  async ([password, , echo]) => {
    const cloud = await identity({ 'POST /v3/auth/tokens': echo(password) });
    const { err, code } = await cloud.run({
      ...{ OS_USERNAME: 'u', OS_USER_DOMAIN_ID: 'default', OS_PROJECT_ID: 'p', OS_PASSWORD: password },
    });
    expect(code).toBe(3);
    for (const piece of ['Xk', 'pq!', 'correct', 'horse', 'battery', 'a&b', '"d"']) {
      expect(err).not.toContain(piece);
    }
  },
);

it.for(['se"cret-zq', 'pä-zq-wörd', 'sl/as\\h<"&é-zq'])(
  'P23: a request that is quoted inside of an answer does not show its password with --debug: %s',
  async (password) => {
    const ascii = (text: string) =>
      text.replace(/[^ -~]/g, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`);
    const upper = (text: string) =>
      ascii(text).replace(/\\u..../g, (it) => `\\u${it.slice(2).toUpperCase()}`);
    const request = JSON.stringify({ auth: { name: 'u', pin: password } });
    const spelled = [
      request,
      ascii(request),
      upper(request),
      encodeURIComponent(password),
      encodeURIComponent(password).replace(/%../g, (it) => it.toLowerCase()),
      Buffer.from(password).toString('base64'),
      Buffer.from(`u:${password}`).toString('base64'),
      Buffer.from(`us:${password}`).toString('base64url'),
    ];
    const body = ascii(JSON.stringify({ error: { message: spelled.join(' ') } }));
    const answer = reply(401, body, { 'content-type': 'application/json' });
    const cloud = await identity({ 'POST /v3/auth/tokens': answer });
    const { err } = await cloud.run(
      { OS_USERNAME: 'u', OS_USER_DOMAIN_ID: 'default', OS_PROJECT_ID: 'p', OS_PASSWORD: password },
      { words: '--debug image-list' },
    );
    expect(err).toContain('***');
    for (const piece of ['zq', ...spelled.slice(3)]) expect(err).not.toContain(piece);
  },
);
