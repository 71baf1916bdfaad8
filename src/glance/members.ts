import type { Api } from './api.ts';
import { path } from './path.ts';
import type { Member } from './types.ts';

/** /v2/images/ID/members: the projects an image is shared with. https://docs.openstack.org/api-ref/image/v2/#sharing-images-between-projects */
export const members = (api: Api) => ({
  list: (image: string) => api.pages<Member>(path`/v2/images/${image}/members`, 'members', []),
  show: (image: string, project: string) => api.get<Member>(path`/v2/images/${image}/members/${project}`),
  add: (image: string, project: string) =>
    api.post<Member>(path`/v2/images/${image}/members`, { member: project }),
  /** What the project says to it: `accepted`, `rejected`, or `pending` again. */
  answer: (image: string, project: string, status: string) =>
    api.put<Member>(path`/v2/images/${image}/members/${project}`, { status }),
  remove: (image: string, project: string) => api.delete(path`/v2/images/${image}/members/${project}`),
});
