import { AnswerError, MissingSetting, ServiceError } from '../errors.ts';
import { caps, errorDetail, readJson } from '../http/body.ts';
import type { Request, Response, Send } from '../http/message.ts';
import { type CatalogService, type EndpointWish, findEndpoint } from './catalog.ts';
import { type Credentials, tokenRequest } from './methods.ts';

/** A login that lasts for the run: the token is asked for once, and again when it was refused or is about to expire. */
export interface Session {
  current(signal?: AbortSignal): Promise<string>;
  forget(token: string): void;
  endpoint(wish: EndpointWish, signal?: AbortSignal): Promise<URL>;
}

interface Token {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  readonly catalog: readonly CatalogService[];
}

/** A token that lives less than this long is replaced before it is used (ms). */
const margin = 120_000;

/** Logs in at Identity v3 with a token request made of `credentials`, over `send` (which signs nothing). */
export function createSession(send: Send, credentials: Credentials, clock: () => number = Date.now): Session {
  let login: Promise<Token> | undefined;
  let newest: string | undefined;

  const token = async (signal?: AbortSignal): Promise<Token> => {
    if (login !== undefined) {
      const held = await login;
      if (held.expires - clock() > margin) return held;
    }
    login = logIn(send, credentials, clock, signal);
    try {
      const fresh = await login;
      newest = fresh.value;
      return fresh;
    } catch (error) {
      login = undefined;
      throw error;
    }
  };

  return {
    current: async (signal) => (await token(signal)).value,
    forget: (refused) => {
      if (refused === newest) login = undefined;
    },
    endpoint: async (wish, signal) => findEndpoint((await token(signal)).catalog, wish),
  };
}

async function logIn(
  send: Send,
  credentials: Credentials,
  clock: () => number,
  signal?: AbortSignal,
): Promise<Token> {
  const body = JSON.stringify(tokenRequest(credentials));
  if (credentials.auth_url === undefined) {
    throw new MissingSetting('You must provide an auth url via either --os-auth-url or via env[OS_AUTH_URL]');
  }
  const root = identityRoot(credentials.auth_url);
  const response = await postToken(send, new URL(`${root}/v3/auth/tokens`), body, signal);
  if (response.status !== 201 && response.status !== 200) throw await identityRefusal(response);
  const value = response.headers['x-subject-token'];
  const answer = await readJson(response, caps.token);
  const { expires_at, catalog } = details(answer);
  if (value === undefined || value === '') {
    throw new AnswerError(`${root} answered the login without a token: is this a Keystone v3?`);
  }
  const expires = typeof expires_at === 'string' ? Date.parse(expires_at) : Number.NaN;
  return {
    value,
    expires: Number.isNaN(expires) ? clock() + 3_600_000 : expires,
    catalog: Array.isArray(catalog) ? (catalog as CatalogService[]) : [],
  };
}

/** The service's root, whatever version the URL ends in: no request is spent on finding out. */
export function identityRoot(authUrl: string): string {
  const url = URL.canParse(authUrl) ? new URL(authUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new MissingSetting(
      `The auth url '${authUrl}' is not a http or https URL (--os-auth-url, OS_AUTH_URL)`,
    );
  }
  return `${url.origin}${url.pathname.replace(/(\/v[0-9.]+)?\/*$/, '')}`;
}

const postToken = (send: Send, url: URL, body: string, signal?: AbortSignal): Promise<Response> => {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const request: Request = { method: 'POST', url, headers, body, signal, repeatable: true };
  return send(request);
};

/** The Identity service's own words, with the ID that its operators find the request by. */
export async function identityRefusal(response: Response): Promise<ServiceError> {
  const requestId = response.headers['x-openstack-request-id'];
  const detail = await errorDetail(response);
  const id = requestId === undefined ? '' : ` (Request-ID: ${requestId})`;
  return new ServiceError(response.status, detail, `${detail} (HTTP ${response.status})${id}`, requestId);
}

function details(answer: unknown): { expires_at?: unknown; catalog?: unknown } {
  const token = typeof answer === 'object' && answer !== null && 'token' in answer ? answer.token : undefined;
  return typeof token === 'object' && token !== null ? token : {};
}
