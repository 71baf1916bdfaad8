import { AnswerError, ServiceError } from '../errors.ts';
import type { Api } from './api.ts';
import { path } from './path.ts';
import { listIn, objectIn, wordsIn } from './shape.ts';
import type { Store } from './types.ts';

interface ImportInfo {
  readonly 'import-methods'?: { readonly value?: readonly string[] };
}

/** /v2/info and /v2/schemas: what this cloud's Image service offers. */
export const info = (api: Api) => ({
  stores: (detail: boolean) => api.get<{ stores: Store[] }>(`/v2/info/stores${detail ? '/detail' : ''}`),
  imports: () => api.get<ImportInfo>('/v2/info/import'),
  /** The methods that an import may name. */
  importMethods: async (): Promise<readonly string[]> => {
    try {
      return wordsIn(objectIn(await api.get('/v2/info/import'), 'import-methods'), 'value');
    } catch (error) {
      if (!(error instanceof ServiceError && error.status === 404)) throw error;
      const meaning = 'Target Glance does not support Image Import workflow';
      throw new ServiceError(404, error.detail, meaning, error.requestId);
    }
  },
  usage: async () => objectIn<Record<string, object>>(await api.get('/v2/info/usage'), 'usage'),
  /** The fields of a model: `image`, `member`, `metadefs/namespace`… */
  schema: (model: string) =>
    api.get<{ properties?: Readonly<Record<string, { description?: string }>> }>(
      `/v2/schemas/${model
        .split('/')
        .map((word) => path`${word}`)
        .join('/')}`,
    ),
  /**
   * Whether the service says that it speaks exactly this version, `v2.14`: what it offers is not ordered by number.
   * One that does not tell is taken to.
   */
  speaks: async (version: string): Promise<boolean> => {
    try {
      const { versions } = await api.get<{ versions?: readonly ({ id?: string } | null)[] }>('/versions');
      return Array.isArray(versions) && versions.some((it) => it?.id === version);
    } catch (error) {
      if (error instanceof ServiceError || error instanceof AnswerError) return true;
      throw error;
    }
  },
  /** The ids of the stores that may be named, or undefined where the cloud has one store without a name. */
  storeIds: async (): Promise<readonly string[] | undefined> => {
    try {
      return listIn<Store>(await api.get('/v2/info/stores'), 'stores').map(({ id }) => id);
    } catch (error) {
      if (error instanceof ServiceError && error.status === 404) return undefined;
      throw error;
    }
  },
});
