import type { Payload } from '../http/message.ts';
import type { Api } from './api.ts';
import { findImage, isId } from './find.ts';
import { imageData } from './image-data.ts';
import { sizeOf } from './imports.ts';
import { patchOf } from './patch.ts';
import { path } from './path.ts';
import { imageIn } from './shape.ts';
import type { Image } from './types.ts';

/** /v2/images: records, their data, tags and states. https://docs.openstack.org/api-ref/image/v2/#images */
export const images = (api: Api) => ({
  list: (query: Iterable<readonly [string, string]>, most?: number) =>
    api.pages<Image>('/v2/images', 'images', query, most),
  /** By name or ID. */
  find: (word: string) => findImage(api, word),
  /** The ID of what a person names; an ID is believed without asking. */
  idOf: async (word: string) => (isId(word) ? word : (await findImage(api, word)).id),
  /** The same, among images that other projects offer too. */
  offeredId: async (word: string) => (isId(word) ? word : (await findImage(api, word, { offered: true })).id),
  show: async (id: string) => imageIn(await api.get<Image>(path`/v2/images/${id}`)),
  /** The client chooses the ID, so a repeated request never makes two images. */
  create: (fields: object & { id: string }) => api.post<Image>('/v2/images', fields, { repeatable: true }),
  /** Changes fields and custom properties, and removes properties that are there. */
  update: async (image: Image, changes: ReadonlyMap<string, unknown>, removed: readonly string[]) => {
    const operations = patchOf(image, changes, removed);
    if (operations.length === 0) return image;
    return imageIn(await api.patch<Image>(path`/v2/images/${image.id}`, operations));
  },
  delete: (id: string) => api.delete(path`/v2/images/${id}`),
  /** One copy of several. */
  deleteCopy: (id: string, store: string) => api.delete(path`/v2/stores/${store}/${id}`),
  deactivate: (id: string) => api.post(path`/v2/images/${id}/actions/deactivate`),
  reactivate: (id: string) => api.post(path`/v2/images/${id}/actions/reactivate`),
  addTag: (id: string, tag: string) => api.put(path`/v2/images/${id}/tags/${tag}`),
  removeTag: (id: string, tag: string) => api.delete(path`/v2/images/${id}/tags/${tag}`),
  /** Asks for the image's bytes, or some of them, from the stores that `prefer` names, best first. */
  data: (id: string, prefer?: string) => imageData(api, id, prefer),
  upload: (id: string, body: Payload, store?: string) =>
    api.upload(path`/v2/images/${id}/file`, body, {
      ...sizeOf(body),
      ...(store !== undefined && { 'x-image-meta-store': store }),
    }),
});
