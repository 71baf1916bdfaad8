import { AnswerError, NotFound, ServiceError } from '../errors.ts';
import { caps, errorDetail, readJson } from '../http/body.ts';
import type { Request, Response, Send } from '../http/message.ts';

/** What commands ask the Block Storage service for. */
export interface Volumes {
  /** The ID of the volume that a person means; an ID is believed without asking. */
  idOf(word: string): Promise<string>;
  /** Has an image made of a volume, and gives the ID of the image, which gets its data later. */
  upload(id: string, wish: ImageWish): Promise<string>;
}

/** https://docs.openstack.org/api-ref/block-storage/v3/#upload-volume-to-image */
export interface ImageWish {
  readonly image_name: string;
  readonly disk_format: string;
  readonly container_format: string;
  /** Also of a volume that is in use, where the service is set up to allow it. */
  readonly force: boolean;
  /** These two are newer than the rest. */
  readonly visibility?: string;
  readonly protected?: boolean;
}

/** Block Storage v3 at `endpoint`, as the catalog has it, over a `send` that signs. */
export function createVolumes(send: Send, endpoint: () => Promise<URL>, signal: AbortSignal): Volumes {
  /** What the answer holds under `key`. */
  const ask = async (key: string, path: string, rest: Omit<Request, 'url' | 'signal'>): Promise<object> => {
    const url = new URL(third(await endpoint()) + path);
    const response = await send({ ...rest, url, signal });
    if (response.status !== 200 && response.status !== 202) throw await refusal(response);
    const answer = await readJson(response, caps.page);
    const value: unknown =
      typeof answer === 'object' && answer !== null ? Reflect.get(answer, key) : undefined;
    if (typeof value === 'object' && value !== null) return value;
    throw new AnswerError(`${url.origin}${url.pathname} answered without '${key}'`);
  };
  const json = { accept: 'application/json', 'content-type': 'application/json' };
  return {
    idOf: async (word) => {
      if (uuid.test(word)) return word;
      const path = `/volumes?${new URLSearchParams({ name: word })}`;
      return theOne(word, await ask('volumes', path, { method: 'GET', headers: { accept: json.accept } }));
    },
    upload: async (id, wish) => {
      const isNewer = wish.visibility !== undefined || wish.protected !== undefined;
      const headers = isNewer ? { ...json, 'openstack-api-version': 'volume 3.1' } : json;
      const path = `/volumes/${encodeURIComponent(id)}/action`;
      const body = JSON.stringify({ [action]: wish });
      const begun = await ask(action, path, { method: 'POST', headers, body });
      if ('image_id' in begun && typeof begun.image_id === 'string') return begun.image_id;
      throw new AnswerError(`The Block Storage service does not say which image it makes of volume ${id}`);
    },
  };
}

const action = 'os-volume_upload_image';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Catalogs have the address of version 3, mostly with a project behind it, or that of the service. */
function third({ origin, pathname }: URL): string {
  const path = pathname.replace(/\/+$/, '');
  return origin + (/\/v3(\/|$)/.test(path) ? path : `${path}/v3`);
}

function theOne(word: string, listed: object): string {
  // a server that does not filter must not make us read another volume
  const isMeant = (item: unknown): item is { id: string } =>
    typeof item === 'object' &&
    item !== null &&
    'name' in item &&
    item.name === word &&
    'id' in item &&
    typeof item.id === 'string';
  const ids = Object.values(listed)
    .filter(isMeant)
    .map(({ id }) => id);
  const [first, ...others] = ids;
  if (first === undefined) throw new NotFound(`No volume found with the name or ID '${word}'`);
  if (others.length > 0)
    throw new NotFound(`'${word}' is the name of several volumes: ${ids.join(', ')}`, ids);
  return first;
}

async function refusal(response: Response): Promise<ServiceError> {
  const detail = await errorDetail(response);
  const requestId = response.headers['x-openstack-request-id'];
  return new ServiceError(response.status, detail, `${detail} (HTTP ${response.status})`, requestId);
}
