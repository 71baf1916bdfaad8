import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { filled, freshSandbox, made } from '../sandbox/talk.ts';
import { type Answer, ask } from './support/ask.ts';
import { servePages } from './support/pages.ts';
import { admin, demo, other } from './support/people.ts';
import { make, projectOf } from './support/witness.ts';

const people = { admin, demo, other };
type Name = keyof typeof people;

/** One cloud: what is said to it, and how images get there. */
interface Side {
  say(who: Name, what: string, json?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  image(fields: object, data?: string): Promise<string>;
  readonly theirs: string;
}

const patch = { 'content-type': 'application/openstack-images-v2.1-json-patch' };
const clear = (target: string) => ({ 'x-image-cache-clear-target': target });
const formats = { name: 'made', disk_format: 'raw', container_format: 'bare' };
const add = (path: string, metadata: object = {}, more: object = {}) => [
  { op: 'add', path: '/locations/-', value: { url: `{web}${path}`, metadata, ...more } },
];
const at = (place: string) => [
  { op: 'add', path: `/locations/${place}`, value: { url: '{web}/b', metadata: {} } },
];
const remove = (place: string) => [{ op: 'remove', path: `/locations/${place}` }];
const proof = (os_hash_algo: string, os_hash_value: string, more: object = {}) => ({
  validation_data: { os_hash_algo, os_hash_value, ...more },
});
const task = (input: unknown, type: unknown = 'import') => ({ type, input });

type Line = readonly [who: Name, what: string, json?: unknown, headers?: Readonly<Record<string, string>>];

/** Said to both clouds in this order; braces stand for images and for a web server. */
const conversation: readonly Line[] = [
  ['demo', 'POST /v2/images/{queued}/members', { member: '{theirs}' }],
  ['demo', 'POST /v2/images/{queued}/members', { member: '{theirs}' }],
  ['demo', 'POST /v2/images/{queued}/members', {}],
  ['demo', 'POST /v2/images/{private}/members', { member: 'x' }],
  ['other', 'POST /v2/images/{queued}/members', { member: 'x' }],
  ['demo', 'GET /v2/images/{queued}/members'],
  ['demo', 'GET /v2/images/{private}/members'],
  ['other', 'GET /v2/images/{queued}/members/{theirs}'],
  ['other', 'GET /v2/images/{queued}/members/x'],
  ['demo', 'PUT /v2/images/{queued}/members/{theirs}', { status: 'accepted' }],
  ['other', 'PUT /v2/images/{queued}/members/{theirs}', { status: 'perhaps' }],
  ['other', 'PUT /v2/images/{queued}/members/{theirs}', {}],
  ['other', 'PUT /v2/images/{queued}/members/{theirs}', { status: 'accepted' }],
  ['other', 'DELETE /v2/images/{queued}/members/{theirs}'],
  ['demo', 'DELETE /v2/images/{queued}/members/{theirs}'],
  ['demo', 'DELETE /v2/images/{queued}/members/{theirs}'],
  ['other', 'GET /v2/images/{queued}/members'],

  ['demo', 'PATCH /v2/images/{bare}', add('/a'), patch],
  ['demo', 'PATCH /v2/images/{queued}', add('/missing'), patch],
  ['demo', 'PATCH /v2/images/{queued}', add('/empty'), patch],
  ['demo', 'PATCH /v2/images/{queued}', at('x'), patch],
  ['demo', 'PATCH /v2/images/{queued}', add('/a', {}, proof('md5', '00')), patch],
  ['demo', 'PATCH /v2/images/{queued}', add('/a', {}, proof('sha512', 'zz')), patch],
  ['demo', 'PATCH /v2/images/{queued}', add('/a', {}, proof('sha512', '00')), patch],
  ['demo', 'PATCH /v2/images/{queued}', add('/a', {}, proof('sha512', '00', { other: '1' })), patch],
  ['demo', 'PATCH /v2/images/{queued}', add('/a', {}, { validation_data: { os_hash_algo: 'md5' } }), patch],
  ['demo', 'PATCH /v2/images/{queued}', [{ op: 'add', path: '/locations/-', value: {} }], patch],
  ['demo', 'PATCH /v2/images/{queued}', [{ op: 'add', path: '/locations', value: [] }], patch],
  ['demo', 'PATCH /v2/images/{queued}', [{ op: 'replace', path: '/locations', value: [] }], patch],
  ['other', 'PATCH /v2/images/{queued}', add('/a'), patch],
  ['admin', 'PATCH /v2/images/{queued}', remove('0'), patch],
  ['demo', 'PATCH /v2/images/{queued}', add('/a', { note: 'x' }), patch],
  ['demo', 'PATCH /v2/images/{queued}', add('/a', { note: 'x' }), patch],
  ['demo', 'PATCH /v2/images/{queued}', add('/a', { note: 'x', store: 'fast' }), patch],
  ['demo', 'PATCH /v2/images/{queued}', add('/b', { number: 1 }), patch],
  ['demo', 'PATCH /v2/images/{queued}', at('9'), patch],
  [
    'demo',
    'PATCH /v2/images/{queued}',
    [
      {
        op: 'replace',
        path: '/locations',
        value: [
          { url: '{web}/a', metadata: { note: 'y' } },
          { url: '{web}/b', metadata: {} },
        ],
      },
    ],
    patch,
  ],
  ['demo', 'GET /v2/images/{queued}'],
  ['demo', 'PATCH /v2/images/{queued}', remove('0'), patch],
  ['admin', 'PATCH /v2/images/{queued}', remove('9'), patch],
  ['admin', 'PATCH /v2/images/{queued}', remove('-'), patch],
  ['admin', 'PATCH /v2/images/{queued}', remove('0'), patch],
  ['demo', 'PATCH /v2/images/{active}', add('/a', {}, proof('sha512', '00')), patch],
  ['demo', 'PATCH /v2/images/{active}', add('/a'), patch],
  [
    'demo',
    'PATCH /v2/images/{active}',
    [{ op: 'replace', path: '/locations', value: [{ url: '{web}/b', metadata: {} }] }],
    patch,
  ],
  ['demo', 'GET /v2/images/{active}'],

  ['demo', 'DELETE /v2/stores/web/{active}'],
  ['admin', 'DELETE /v2/stores/nowhere/{active}'],
  ['admin', 'DELETE /v2/stores/cheap/{active}'],
  ['admin', 'DELETE /v2/stores/web/{active}'],
  ['admin', 'DELETE /v2/stores/fast/{active}'],
  ['admin', 'DELETE /v2/stores/fast/{private}'],
  ['admin', 'DELETE /v2/stores/fast/{nobody}'],
  ['demo', 'GET /v2/info/stores'],

  ['demo', 'POST /v2/tasks', task({})],
  ['demo', 'GET /v2/tasks'],
  ['admin', 'POST /v2/tasks', []],
  ['admin', 'POST /v2/tasks', { input: {} }],
  ['admin', 'POST /v2/tasks', { type: 'import' }],
  ['admin', 'POST /v2/tasks', task({}, 'bogus')],
  ['admin', 'POST /v2/tasks', task('x')],
  ['admin', 'POST /v2/tasks', { ...task({}), extra: 1 }],
  ['admin', 'POST /v2/tasks', task({})],
  ['admin', 'POST /v2/tasks', task({ import_from: 'file:///etc/passwd' })],
  ['admin', 'POST /v2/tasks', task({ import_from: 'ftp://127.0.0.1/x' })],
  ['admin', 'POST /v2/tasks', task({ import_from: 'http://192.0.2.1/x' })],
  ['admin', 'POST /v2/tasks', task({ import_from: '{web}/a' })],
  ['admin', 'POST /v2/tasks', task({}, 'api_image_import')],
  ['admin', 'GET /v2/tasks?type=bogus'],
  ['admin', 'GET /v2/tasks?status=bogus'],
  ['admin', 'GET /v2/tasks/{nobody}'],
  ['admin', 'DELETE /v2/tasks/{nobody}'],
  ['demo', 'GET /v2/images/{active}/tasks'],
  ['demo', 'GET /v2/images/{nobody}/tasks'],

  ['demo', 'GET /v2/cache'],
  ['demo', 'DELETE /v2/cache'],
  ['demo', 'PUT /v2/cache/{active}'],
  ['demo', 'DELETE /v2/cache/{active}'],
  ['demo', 'PUT /v2/cache/{nobody}'],
  ['admin', 'PUT /v2/cache/{nobody}'],
  ['admin', 'PUT /v2/cache/{private}'],
  ['admin', 'PUT /v2/cache/junk'],
  ['admin', 'DELETE /v2/cache/{nobody}'],
  ['admin', 'DELETE /v2/cache', undefined, clear('bogus')],
  ['admin', 'DELETE /v2/cache', undefined, clear('queue')],
  ['admin', 'PUT /v2/cache/{active}'],
  ['admin', 'DELETE /v2/cache/{active}'],
  ['admin', 'DELETE /v2/cache/{active}'],
  ['admin', 'POST /v2/cache'],
];

const real: Side = {
  say: (who, ...request) => ask(people[who], ...request),
  image: async (fields, data) =>
    (await make(demo, onTestFinished, { ...fields }, data === undefined ? undefined : Buffer.from(data))).id,
  theirs: await projectOf(other),
};

async function sandbox(): Promise<Side> {
  const { sandbox: it, ...voices } = await freshSandbox({ showsLocations: true });
  return {
    say: async (who, what, json, headers = {}) => {
      const [method = '', path = ''] = what.split(' ');
      const more = {
        headers: { accept: 'application/json', ...headers },
        ...(json !== undefined && { json }),
      };
      const { status, bytes } = await voices[who](method, `/image${path}`, more);
      return { status, body: bytes.toString() };
    },
    image: (fields, data) =>
      data === undefined ? made(voices.demo, fields) : filled(voices.demo, data, fields),
    theirs: it.credentials.other.projectId,
  };
}

/** Every answer of one cloud, free of what is another in each. */
async function answers(side: Side, web: string): Promise<unknown[]> {
  const words = new Map([
    ['web', web],
    ['theirs', side.theirs],
    ['nobody', randomUUID()],
    ['bare', await side.image({ name: 'made' })],
    ['queued', await side.image(formats)],
    ['private', await side.image({ ...formats, visibility: 'private' })],
    ['active', await side.image(formats, 'data')],
  ]);
  const spoken = <T>(value: T): T =>
    value === undefined
      ? value
      : JSON.parse(JSON.stringify(value).replace(/\{(\w+)\}/g, (_, name) => words.get(name) ?? ''));
  const plain = (text: string): string =>
    [...words].reduce((before, [name, word]) => before.replaceAll(word, `{${name}}`), text);
  const all: unknown[] = [];
  for (const [who, what, json, headers] of conversation) {
    const { status, body } = await side.say(who, spoken(what), spoken(json), headers);
    const told = body === '' ? undefined : JSON.parse(body);
    all.push([who, what, json, status, status < 400 ? shape(told) : plain(first(told.message))]);
  }
  return all;
}

/** What is said before a list of details, which each service has its own way to write. */
const first = (message: string): string => (message.split(/\n|<br/)[0] ?? '').replace(/: \[\{.*/, '');

/** Names and kinds of values; of a list its first. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, shape(of)]));
}

it('the sandbox answers what the real service answers', async () => {
  const web = await servePages({ '/a': 'twelve bytes', '/b': 'twelve bytes', '/empty': '' }, onTestFinished);
  const [ours, theirs] = [await answers(await sandbox(), web), await answers(real, web)];
  for (const [line, answer] of theirs.entries()) expect.soft(ours[line]).toEqual(answer);
});
