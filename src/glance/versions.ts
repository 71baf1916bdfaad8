import { ServiceError, TglanceError } from '../errors.ts';
import { caps, errorDetail, readJson } from '../http/body.ts';
import type { Request, Response, Send } from '../http/message.ts';
import { canRepeat } from '../http/retry.ts';
import type { Sends } from './api.ts';

/**
 * The address that the paths of the Image API begin at. Catalogs give it with and without a version, slashes, and
 * behind the version a project.
 */
export const imageRoot = ({ origin, pathname }: URL): string =>
  origin + pathname.replace(/(\/[vV][0-9][0-9.]*(\/([aA][uU][tT][hH]_)?[0-9a-fA-F-]{32,36})?)?\/*$/, '');

/**
 * The same ways to send, but where nothing like an Image API is at `root`, what is there is asked for the versions it
 * offers; a v2 on the same server is used from then on. https://docs.openstack.org/api-ref/image/versions/
 */
export function withVersions({ signed, data }: Sends, root: () => Promise<string>): Sends {
  let offer: Promise<Offer> | undefined;
  let isRight = false;
  const around =
    (send: Send): Send =>
    async (request) => {
      const from = await root();
      const { to } = (await offer) ?? {};
      if (to !== undefined) return send(moved(request, from, to));
      const response = await send(request);
      isRight ||= response.status < 300;
      if (isRight || !mayBeElsewhere(response, request, from)) return response;
      offer ??= offerAt(from, signed, request.signal);
      const found = await offer;
      if (found.to !== undefined && canRepeat(request.body)) {
        response.body.drop();
        return send(moved(request, from, found.to));
      }
      if (isElsewhere(response, request, from)) throw await explained(response, request, from, found);
      return response;
    };
  return { signed: around(signed), data: around(data) };
}

/** What the version list of a service says. */
interface Offer {
  /** Where else v2 is. */
  readonly to?: string | undefined;
  /** Where v2 is on another server. */
  readonly foreign?: URL | undefined;
  readonly versions: readonly string[];
}

/** Every Glance has a list of images, and gives a choice of versions only where it knows no path. */
const isElsewhere = ({ status }: Response, { url }: Request, root: string): boolean =>
  status === 300 || (status === 404 && url.origin + url.pathname === `${root}/v2/images`);

/** Whatever a Glance does not find, it says so with the request's ID. */
const mayBeElsewhere = (response: Response, request: Request, root: string): boolean =>
  isElsewhere(response, request, root) ||
  (response.status === 404 && response.headers['x-openstack-request-id'] === undefined);

const moved = (request: Request, from: string, to: string): Request =>
  request.url.href.startsWith(`${from}/`)
    ? { ...request, url: new URL(to + request.url.href.slice(from.length)) }
    : request;

async function offerAt(root: string, send: Send, signal: AbortSignal | undefined): Promise<Offer> {
  const url = new URL(`${root}/`);
  try {
    const response = await send({ method: 'GET', url, headers: { accept: 'application/json' }, signal });
    const versions = listAt(await readJson(response, caps.token), 'versions');
    const links = versions.filter((it) => /^v2\b/.test(textAt(it, 'id'))).flatMap((it) => linksOf(it, url));
    // servers behind others give the protocol and the port that they know; another name leads elsewhere
    const here = links.filter(({ hostname }) => hostname === url.hostname);
    const roots = here.map(({ pathname }) => imageRoot(new URL(url.origin + pathname)));
    return {
      to: roots.find((it) => it !== root),
      foreign: links.find((link) => !here.includes(link)),
      versions: versions.map((it) => textAt(it, 'id')).filter((id) => id !== ''),
    };
  } catch (error) {
    // the refusal that led here says more
    if (error instanceof TglanceError) return { versions: [] };
    throw error;
  }
}

const linksOf = (version: unknown, { href }: URL): URL[] =>
  listAt(version, 'links')
    .map((link) => textAt(link, 'href'))
    .filter((link) => URL.canParse(link, href))
    .map((link) => new URL(link, href));

async function explained(
  response: Response,
  { method, url }: Request,
  root: string,
  { versions, foreign }: Offer,
): Promise<ServiceError> {
  const detail = await errorDetail(response);
  const list = versions.length === 0 ? '' : `; what is there offers ${versions.join(', ')}`;
  const offered = foreign ? `; its version list leads to ${foreign}, which is not followed` : list;
  return new ServiceError(
    response.status,
    detail,
    `There is no Image API v2 at ${root}: ${method} ${url.origin}${url.pathname} gives HTTP ${detail}${offered}`,
    response.headers['x-openstack-request-id'],
  );
}

const at = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;

const listAt = (value: unknown, key: string): readonly unknown[] => {
  const list = at(value, key);
  return Array.isArray(list) ? list : [];
};

const textAt = (value: unknown, key: string): string => {
  const text = at(value, key);
  return typeof text === 'string' ? text : '';
};
