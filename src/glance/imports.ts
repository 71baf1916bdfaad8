import type { Payload } from '../http/message.ts';
import type { Api } from './api.ts';
import { path } from './path.ts';
import { listIn } from './shape.ts';
import type { Task } from './types.ts';

/** What an import needs to know: https://docs.openstack.org/api-ref/image/v2/#import-an-image */
export interface ImportRequest {
  readonly method: { readonly name: string; readonly [detail: string]: string };
  readonly stores?: readonly string[];
  readonly all_stores?: true;
  readonly all_stores_must_succeed?: false;
}

/** Data that are staged first, or fetched by the cloud itself, and then imported. */
export const imports = (api: Api) => ({
  stage: (id: string, body: Payload) => api.upload(path`/v2/images/${id}/stage`, body, sizeOf(body)),
  start: (id: string, request: ImportRequest, store?: string) =>
    api.post(path`/v2/images/${id}/import`, request, {
      headers: store === undefined ? {} : { 'x-image-meta-store': store },
    }),
  /** The imports of an image, as far as the service tells; newer ones may stand anywhere. */
  tasks: async (id: string) => listIn<Task>(await api.get(path`/v2/images/${id}/tasks`), 'tasks'),
});

/** Newer servers check the size that is announced so; older ones do not look at it. */
export const sizeOf = ({ size }: Payload): Record<string, string> =>
  size === undefined ? {} : { 'x-openstack-image-size': String(size) };
