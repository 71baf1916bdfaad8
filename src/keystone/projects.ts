import { NotFound } from '../errors.ts';
import { caps, readJson } from '../http/body.ts';
import type { Send } from '../http/message.ts';
import { identityRefusal } from './refusal.ts';

/**
 * The ID of the project that a person means, in a domain that is named by name or ID. What looks like an ID is
 * believed. So is a word that Identity knows no project by, or does not look up for this user: it may be an ID of
 * another kind. https://docs.openstack.org/api-ref/identity/v3/#list-projects
 */
export async function findProject(listed: Listed, word: string, domain?: string): Promise<string> {
  if (looksLikeId.test(word)) return word;
  const within = domain === undefined ? {} : { domain_id: await domainId(listed, domain) };
  return projectId(listed, word, within);
}

/** Asks Identity v3 below `root` (there may be none), over a `send` that signs, for things with names. */
export const listing =
  (send: Send, root: string | undefined, signal?: AbortSignal): Listed =>
  async (path, key, query = {}) => {
    if (root === undefined) return undefined;
    const url = new URL(root + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const response = await send({ method: 'GET', url, headers: { accept: 'application/json' }, signal });
    if (response.status === 403 || response.status === 404) {
      response.body.drop();
      return undefined;
    }
    if (response.status !== 200) throw await identityRefusal(response);
    return namedIn(await readJson(response, caps.page), key);
  };

/** What there is under a path, or undefined where this user may not ask. */
export type Listed = (
  path: string,
  key: string,
  query?: Readonly<Record<string, string>>,
) => Promise<readonly Named[] | undefined>;

interface Named {
  readonly id: string;
  readonly name: string;
  readonly domain_id?: unknown;
}

const looksLikeId = /^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function projectId(listed: Listed, word: string, within: { domain_id?: string }): Promise<string> {
  const all =
    (await listed('/v3/projects', 'projects', { name: word, ...within })) ??
    // everybody may list the projects they have roles in
    (await listed('/v3/auth/projects', 'projects')) ??
    [];
  const fits = ({ name, domain_id }: Named) =>
    name === word && (within.domain_id === undefined || within.domain_id === domain_id);
  const ids = all.filter(fits).map(({ id }) => id);
  if (ids.length > 1) {
    const places = all.filter(fits).map(({ id, domain_id }) => `${id} in domain ${domain_id}`);
    throw new NotFound(`'${word}' is the name of several projects: ${places.join(', ')}`, ids);
  }
  return ids[0] ?? word;
}

async function domainId(listed: Listed, word: string): Promise<string> {
  const found = looksLikeId.test(word) ? [] : await listed('/v3/domains', 'domains', { name: word });
  return found?.find(({ name }) => name === word)?.id ?? word;
}

function namedIn(answer: unknown, key: string): readonly Named[] {
  const items = typeof answer === 'object' && answer !== null ? Reflect.get(answer, key) : undefined;
  return Array.isArray(items) ? items.filter(isNamed) : [];
}

const isNamed = (item: unknown): item is Named =>
  typeof item === 'object' &&
  item !== null &&
  'id' in item &&
  'name' in item &&
  typeof item.id === 'string' &&
  typeof item.name === 'string';
