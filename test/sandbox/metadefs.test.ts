import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { conversation } from './metadefs/conversation.ts';
import type { Line } from './metadefs/line.ts';
import { freshSandbox, jsonOf, said, type Voice } from './talk.ts';

const metadefs = '/image/v2/metadefs';
const namespaces = `${metadefs}/namespaces`;

/** Says a line; names stand for themselves here, where nobody else makes namespaces. */
const say = (voices: Readonly<Record<Line['who'], Voice>>, { who, ask, json, headers = {} }: Line) => {
  const plain = (text: string) => text.replace(/\{(\w+)\}/g, '$1');
  const [method = '', path = ''] = plain(ask).split(' ');
  const body = json === undefined ? {} : { json: JSON.parse(plain(JSON.stringify(json))) };
  return voices[who](method, metadefs + path, { ...body, headers });
};

it('answers every request as the real service does', async () => {
  const voices = await freshSandbox();
  for (const line of conversation) {
    const answer = await say(voices, line);
    expect([line.ask, line.json, answer.status]).toEqual([line.ask, line.json, line.status]);
    if (line.words !== undefined) expect(said(answer)).toBe(line.words.replace(/\{(\w+)\}/g, '$1'));
  }
});

const namesOf = async (user: Voice, query = 'limit=1000') =>
  jsonOf<{ namespaces: { namespace: string }[] }>(await user('GET', `${namespaces}?${query}`)).namespaces.map(
    ({ namespace }) => namespace,
  );

it('has what Glance ships, once: what was deleted is not there again after the next start', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tglance-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const first = await freshSandbox({ dir });
  const [some, ...others] = await namesOf(first.admin);
  expect(others).toHaveLength(32);
  await first.admin('PUT', `${namespaces}/${some}`, { json: { namespace: some } });
  expect((await first.admin('DELETE', `${namespaces}/${some}`)).status).toBe(204);
  await first.sandbox.close();
  expect(await namesOf((await freshSandbox({ dir })).admin)).toEqual(others);
});

interface Page {
  readonly namespaces: readonly { readonly namespace: string }[];
  readonly next?: string;
}

it('lists page after page by the links that it gives', async () => {
  const { demo } = await freshSandbox();
  const found: string[] = [];
  for (let next: string | undefined = '/v2/metadefs/namespaces?limit=10&sort_key=namespace'; next; ) {
    const page: Page = jsonOf(await demo('GET', `/image${next}`));
    found.push(...page.namespaces.map(({ namespace }) => namespace));
    next = page.next;
  }
  expect(found).toHaveLength(31);
  expect(found).toEqual([...found].sort().reverse());
});

it('P42: takes any name as data, and looks none up as anything else', async () => {
  const { admin } = await freshSandbox();
  for (const name of ['__proto__', 'constructor', '..', 'a b', '漢字'.repeat(40), '\u0000']) {
    const properties = Object.fromEntries([[name, { title: 'T', type: 'string' }]]);
    const made = await admin('POST', namespaces, {
      json: { namespace: name, properties, tags: [{ name }], objects: [{ name, properties }] },
    });
    expect(made.status).toBe(201);
    const shown = await admin('GET', `${namespaces}/${encodeURIComponent(name)}`);
    expect(jsonOf(shown)).toMatchObject({ namespace: name, properties, objects: [{ name, properties }] });
  }
  for (const name of ['toString', 'x'.repeat(5000), '%']) {
    expect((await admin('GET', `${namespaces}/${name}`)).status).toBe(404);
    expect((await admin('GET', `${namespaces}/__proto__/properties/${name}`)).status).toBe(404);
  }
});

it('P42: a namespace that cannot be made whole is not made', async () => {
  const { admin } = await freshSandbox();
  const twice = [{ name: 'My::Type' }, { name: 'My::Type' }];
  const made = await admin('POST', namespaces, {
    json: { namespace: 'N', resource_type_associations: twice },
  });
  expect(made.status).toBe(409);
  expect((await admin('GET', `${namespaces}/N`)).status).toBe(404);
  expect((await admin('GET', `${metadefs}/resource_types`)).bytes.toString()).not.toContain('My::Type');
});
