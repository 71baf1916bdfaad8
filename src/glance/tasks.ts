import type { Api } from './api.ts';
import { path } from './path.ts';
import type { Task } from './types.ts';

/** /v2/tasks: work of the service in the background. https://docs.openstack.org/api-ref/image/v2/#tasks */
export const tasks = (api: Api) => ({
  list: (query: Iterable<readonly [string, string]>) => api.pages<Task>('/v2/tasks', 'tasks', query),
  show: (id: string) => api.get<Task>(path`/v2/tasks/${id}`),
  create: (type: string, input: object) => api.post<Task>('/v2/tasks', { type, input }),
});
