import { randomUUID } from 'node:crypto';
import { request } from 'undici';
import type { Person } from './people.ts';

/** An image as the API gives it. */
export interface Image {
  readonly id: string;
  readonly name: string | null;
  readonly status: string;
  readonly [property: string]: unknown;
}

/** Vitest's `onTestFinished`, or a hook of that form for what a whole file shares. */
export type Later = (act: () => Promise<void>) => void;

/** Makes an image without the program under test, with data where they are given; it goes when the test is over. */
export async function make(
  who: Person,
  later: Later,
  fields: Readonly<Record<string, unknown>> & { readonly id?: string } = {},
  data?: Uint8Array,
): Promise<Image> {
  const formats = data === undefined ? {} : { disk_format: 'raw', container_format: 'bare' };
  const id = newId(who, later, fields.id);
  const created = await call(who, 'POST', '/v2/images', { ...formats, ...fields, id });
  if (data !== undefined) await call(who, 'PUT', `/v2/images/${id}/file`, data);
  return data === undefined ? (created as unknown as Image) : ((await look(who, id)) as Image);
}

/** An ID that nobody uses; whatever image gets it goes when the test is over. */
export function newId(who: Person, later: Later, id: string = randomUUID()): string {
  later(() => drop(who, id));
  return id;
}

/** The image as the cloud has it, or undefined where it has none. */
export async function look(who: Person, id: string): Promise<Image | undefined> {
  return (await call(who, 'GET', `/v2/images/${id}`)) as Image | undefined;
}

/** All images of a name. */
export async function named(who: Person, name: string): Promise<readonly Image[]> {
  const found = await call(who, 'GET', `/v2/images?limit=1000&name=${encodeURIComponent(name)}`);
  return found?.images as Image[];
}

/** Deletes an image, protected or not, if it is still there. */
export async function drop(who: Person, id: string): Promise<void> {
  const image = await look(who, id);
  if (image === undefined) return;
  if (image.protected === true) {
    await call(who, 'PATCH', `/v2/images/${id}`, [{ op: 'replace', path: '/protected', value: false }]);
  }
  await call(who, 'DELETE', `/v2/images/${id}`);
}

/** The ID of the person's project. */
export async function projectOf(who: Person): Promise<string> {
  return (await session(who)).project;
}

/** A token of the person's. */
export async function tokenOf(who: Person): Promise<string> {
  return (await session(who)).token;
}

/** Ends the life of a token of the person's. */
export async function revoke(who: Person, token: string): Promise<void> {
  const { statusCode, body } = await request(`${who.login.auth_url}/auth/tokens`, {
    method: 'DELETE',
    headers: { 'x-auth-token': await tokenOf(who), 'x-subject-token': token },
  });
  await body.dump();
  if (statusCode !== 204) throw new Error(`The token is not revoked: ${statusCode}`);
}

/** The address of the Image API in the person's catalog. */
export async function endpointOf(who: Person): Promise<string> {
  return (await session(who)).url;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Speaks the API plainly: JSON, a JSON patch (an array), or the bytes of an image. 404 gives undefined. */
async function call(
  who: Person,
  method: Method,
  path: string,
  body?: object,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { url, token } = await session(who);
  const type =
    body instanceof Uint8Array
      ? 'application/octet-stream'
      : Array.isArray(body)
        ? 'application/openstack-images-v2.1-json-patch'
        : 'application/json';
  const answer = await request(url + path, {
    method,
    headers: { 'x-auth-token': token, ...(body && { 'content-type': type }) },
    ...(body && { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  if (answer.statusCode === 404) return undefined;
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
  return text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
}

interface Session {
  readonly token: string;
  readonly project: string;
  readonly url: string;
}

const sessions = new Map<Person, Promise<Session>>();

function session(who: Person): Promise<Session> {
  const known = sessions.get(who) ?? logIn(who);
  sessions.set(who, known);
  return known;
}

interface Token {
  readonly project: { readonly id: string };
  readonly catalog: readonly { type: string; endpoints: readonly { interface: string; url: string }[] }[];
}

async function logIn({ login }: Person): Promise<Session> {
  const domain = (name: string) => ({ domain: { name } });
  const user = { name: login.username, password: login.password, ...domain(login.user_domain_name) };
  const project = { name: login.project_name, ...domain(login.project_domain_name) };
  const auth = { identity: { methods: ['password'], password: { user } }, scope: { project } };
  const answer = await request(`${login.auth_url}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth }),
  });
  const { token } = (await answer.body.json()) as { token: Token };
  const endpoints = token.catalog.find(({ type }) => type === 'image')?.endpoints ?? [];
  const url = endpoints.find((endpoint) => endpoint.interface === 'public')?.url;
  if (url === undefined) throw new Error('The catalog has no Image service');
  return { token: String(answer.headers['x-subject-token']), project: token.project.id, url };
}
