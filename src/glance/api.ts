import { AnswerError, ServiceError } from '../errors.ts';
import { caps, errorDetail, readJson } from '../http/body.ts';
import type { Payload, Request, Response, Send } from '../http/message.ts';
import { askedSeconds } from '../http/retry.ts';

type Words = Iterable<readonly [string, string]>;

type Headers = Readonly<Record<string, string>>;

interface PostOptions {
  /** Sending it twice does no more than sending it once. */
  readonly repeatable?: boolean;
  readonly headers?: Headers;
}

/** The Image API as paths and JSON, over any Send: https://docs.openstack.org/api-ref/image/v2/ */
export interface Api {
  get<T extends object>(path: string, query?: Words): Promise<T>;
  /** An answer that is a bare list. */
  list(path: string): Promise<readonly unknown[]>;
  post<T extends object>(path: string, body?: object, options?: PostOptions): Promise<T>;
  patch<T extends object>(path: string, operations: readonly object[]): Promise<T>;
  put<T extends object>(path: string, body?: object): Promise<T>;
  delete(path: string, headers?: Headers): Promise<void>;
  /** All items below `key`, or the first `most` of them. While a page is looked at, the next one is on its way. */
  pages<T extends object>(
    path: string,
    key: string,
    query: Words,
    most?: number,
  ): AsyncIterable<readonly T[]>;
  /** The raw answer to a GET, refused ones excepted; not `repeatable` when whoever asks repeats it by himself. */
  download(path: string, query: Words, headers: Headers, repeatable: boolean): Promise<Response>;
  upload(path: string, body: Payload, headers: Headers): Promise<void>;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: URL | undefined;
}

/** The ways to send: image data may come from other servers than records do. */
export interface Sends {
  readonly signed: Send;
  readonly data: Send;
}

/** `endpoint` is the address without version and final slash; it is asked for once, when the first request is made. */
export function createApi(
  { signed, data }: Sends,
  endpoint: () => Promise<string>,
  signal: AbortSignal,
): Api {
  let known: Promise<string> | undefined;
  const address = async (path: string, query: Words = []): Promise<URL> => {
    known ??= endpoint();
    const url = new URL((await known) + path);
    for (const [key, value] of query) url.searchParams.append(key, value);
    return url;
  };

  const ask = async (request: Omit<Request, 'signal'>, send = signed): Promise<Response> => {
    const response = await send({ ...request, signal });
    if (response.status < 200 || response.status >= 300) throw await refusal(response);
    return response;
  };
  const json = { accept: 'application/json', 'content-type': 'application/json' };
  const fetch = async (path: string, query?: Words): Promise<Response> =>
    ask({ method: 'GET', url: await address(path, query), headers: { accept: json.accept } });
  const read = async <T extends object>(response: Response, cap: number): Promise<T> =>
    objectIn(await readJson(response, cap), response.url) as T;
  /** An answer that may have nothing to say: then it is an object without fields. */
  const readAny = async <T extends object>(response: Response): Promise<T> => {
    const { status, headers } = response;
    if (status !== 202 && status !== 204 && headers['content-length'] !== '0') {
      return read(response, caps.page);
    }
    response.body.drop();
    return {} as never;
  };

  return {
    get: async (path, query) => read(await fetch(path, query), caps.page),
    list: async (path) => {
      const items = await readJson(await fetch(path), caps.page);
      if (Array.isArray(items)) return items;
      throw new AnswerError(`${await endpoint()} sent JSON of an unexpected shape for ${path}`);
    },
    post: async (path, body, { repeatable = false, headers = {} } = {}) => {
      const url = await address(path);
      const content = body === undefined ? {} : { body: JSON.stringify(body) };
      return readAny(
        await ask({ method: 'POST', url, headers: { ...json, ...headers }, repeatable, ...content }),
      );
    },
    patch: async (path, operations) => {
      const headers = { ...json, 'content-type': 'application/openstack-images-v2.1-json-patch' };
      const url = await address(path);
      return read(await ask({ method: 'PATCH', url, headers, body: JSON.stringify(operations) }), caps.page);
    },
    put: async (path, body) => {
      const content = body === undefined ? '' : JSON.stringify(body);
      return readAny(await ask({ method: 'PUT', url: await address(path), headers: json, body: content }));
    },
    delete: async (path, headers = {}) => {
      const url = await address(path);
      (await ask({ method: 'DELETE', url, headers: { accept: '*/*', ...headers } })).body.drop();
    },
    pages: async function* <T extends object>(path: string, key: string, query: Words, most = Infinity) {
      const list = await address(path, query);
      const visited = new Set<string>();
      const page = async (url: URL): Promise<Page<T>> => {
        visited.add(url.href);
        const response = await ask({ method: 'GET', url, headers: { accept: json.accept } });
        const content = await read<Record<string, unknown>>(response, caps.page);
        const items: unknown = content[key];
        if (!Array.isArray(items)) throw new AnswerError(`${url.origin} sent a page without '${key}'`);
        const next = items.length === 0 ? undefined : nextPage(content.next, path, list);
        return { items: items.map((item) => objectIn(item, url) as T), next };
      };
      let coming: Promise<Page<T>> | undefined = page(list);
      let left = most;
      let before = '';
      while (coming !== undefined) {
        const { items, next }: Page<T> = await coming;
        // a server that gives the same page under ever new addresses would never come to an end
        const first = JSON.stringify(items[0]);
        if (first === before) return;
        before = first;
        left -= items.length;
        coming = left <= 0 || next === undefined || visited.has(next.href) ? undefined : page(next);
        // it is thrown when its turn comes
        coming?.catch(() => {});
        yield left < 0 ? items.slice(0, left) : items;
      }
    },
    download: async (path, query, headers, repeatable) => {
      const url = await address(path, query);
      return ask({ method: 'GET', url, headers: { accept: '*/*', ...headers }, repeatable }, data);
    },
    upload: async (path, body, headers) => {
      const type = { 'content-type': 'application/octet-stream' };
      const request = {
        method: 'PUT',
        url: await address(path),
        headers: { ...type, ...headers },
        body,
      } as const;
      (await ask(request)).body.drop();
    },
  };
}

/**
 * Where the next page is. Servers give a path without the prefix they are mounted at, or an address that
 * only they can reach, and Glance forgets all but the last of several tags; so no more is taken from it than
 * the marker.
 */
function nextPage(next: unknown, path: string, list: URL): URL | undefined {
  if (next === undefined || next === null || next === '') return undefined;
  const refused = (why: string) => new AnswerError(`The list's next page ${why}; it was not asked`);
  const link = typeof next === 'string' && URL.canParse(next, list.href) ? new URL(next, list) : undefined;
  if (link === undefined) throw refused('has no address');
  const marker = link.searchParams.get('marker');
  const url = new URL(list);
  if (marker !== null) url.searchParams.set('marker', marker);
  else if (link.origin !== list.origin)
    throw refused(`points to another server, ${link.protocol}//${link.host}`);
  else if (!link.pathname.endsWith(path)) throw refused(`is said to be at ${link.pathname}`);
  else url.search = link.search;
  return url;
}

function objectIn(value: unknown, from: URL): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new AnswerError(`${from.origin} sent JSON of an unexpected shape for ${from.pathname}`);
}

/** Why the service does not do what it was asked for, in its own words. */
export async function refusal(response: Response): Promise<ServiceError> {
  const detail = await errorDetail(response);
  const requestId = response.headers['x-openstack-request-id'];
  const meaning = response.status === 401 ? 'Invalid OpenStack Identity credentials: ' : '';
  const wait = askedSeconds(response);
  return new ServiceError(response.status, detail, `${meaning}HTTP ${detail}`, requestId, wait);
}
