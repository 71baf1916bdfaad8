import { TglanceError } from '../errors.ts';
import { rangeOf, stretchOf } from '../http/stretch.ts';
import type { Ask } from '../transfer/stretch.ts';
import type { Api } from './api.ts';
import { path } from './path.ts';

/**
 * Asks for the bytes of an image or a span of them; refuses an image without data.
 * https://docs.openstack.org/api-ref/image/v2/#download-binary-image-data
 */
export const imageData =
  (api: Api, id: string, prefer?: string): Ask =>
  async (span, again) => {
    const query: [string, string][] = prefer === undefined ? [] : [['prefer', prefer]];
    const response = await api.download(path`/v2/images/${id}/file`, query, rangeOf(span), !again);
    if (response.status !== 204) return stretchOf(response);
    response.body.drop();
    throw new TglanceError(`Image ${id} has no data.`);
  };
