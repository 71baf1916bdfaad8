import { expect, it } from 'vitest';
import type { Request, Send } from '../../src/http/message.ts';
import { findProject, listing } from '../../src/keystone/projects.ts';

/** An Identity service that has these answers, and remembers what it was asked. */
function identity(answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const send: Send = async ({ url }: Request) => {
    asked.push(url.pathname + url.search);
    const answer = answers[url.pathname];
    const body = Buffer.from(JSON.stringify(answer ?? { error: { message: 'not for you' } }));
    return {
      status: typeof answer === 'number' ? answer : answer === undefined ? 403 : 200,
      headers: { 'content-type': 'application/json' },
      url,
      body: { each: async (see) => see(body), drop: () => {} },
    };
  };
  const listed = listing(send, 'http://identity.test/identity');
  const projectId = (word: string, domain?: string) => findProject(listed, word, domain);
  return { projectId, asked };
}

const project = (id: string, name: string, domain_id = 'default') => ({ id, name, domain_id });
const at = '/identity/v3';

it.each(['0123456789abcdef0123456789abcdef', '01234567-89ab-cdef-0123-456789ABCDEF'])(
  'believes %s without asking',
  async (id) => {
    const { projectId, asked } = identity({});
    expect(await projectId(id)).toBe(id);
    expect(asked).toEqual([]);
  },
);

it('asks for a name once', async () => {
  const { projectId, asked } = identity({ [`${at}/projects`]: { projects: [project('p', 'a b&c')] } });
  expect(await projectId('a b&c')).toBe('p');
  expect(asked).toEqual([`${at}/projects?name=a+b%26c`]);
});

it('takes no project of another name, whatever the service lists', async () => {
  const { projectId } = identity({
    [`${at}/projects`]: { projects: [project('p', 'Demo'), null, { id: 1 }] },
  });
  expect(await projectId('demo')).toBe('demo');
});

it('names the projects of one name, and chooses by their domain', async () => {
  const { projectId, asked } = identity({
    [`${at}/projects`]: { projects: [project('p', 'demo'), project('q', 'demo', 'd2')] },
    [`${at}/domains`]: { domains: [{ id: 'd2', name: 'Second' }] },
  });
  await expect(projectId('demo')).rejects.toMatchObject({
    message: "'demo' is the name of several projects: p in domain default, q in domain d2",
    candidates: ['p', 'q'],
  });
  expect(await projectId('demo', 'Second')).toBe('q');
  expect(asked.slice(1)).toEqual([`${at}/domains?name=Second`, `${at}/projects?name=demo&domain_id=d2`]);
});

it('where it may list none, knows its own', async () => {
  const { projectId, asked } = identity({ [`${at}/auth/projects`]: { projects: [project('p', 'demo')] } });
  expect(await projectId('demo')).toBe('p');
  expect(await projectId('demo', 'default')).toBe('p');
  expect(await projectId('stranger')).toBe('stranger');
  expect(asked[1]).toBe(`${at}/auth/projects`);
});

it('says so when the service is broken', async () => {
  const { projectId } = identity({ [`${at}/projects`]: 500 });
  await expect(projectId('demo')).rejects.toMatchObject({ status: 500 });
});

it('without an Identity service takes every word as it is', async () => {
  const refuse: Send = () => Promise.reject(new Error('nobody is to be asked'));
  expect(await findProject(listing(refuse, undefined), 'demo', 'Default')).toBe('demo');
});
