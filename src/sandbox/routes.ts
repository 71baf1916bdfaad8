import { deactivate, reactivate } from './actions.ts';
import {
  cleanCache,
  clearCache,
  listCache,
  pruneCache,
  queueCopy,
  removeCached,
  showNodes,
} from './cache.ts';
import type { Known, Open } from './calls.ts';
import { download, stage, upload } from './data.ts';
import {
  imageVersions,
  importInfo,
  isVersion,
  removeCopy,
  showSchema,
  storesDetail,
  storesInfo,
  usageInfo,
} from './discovery.ts';
import * as identity from './identity.ts';
import { createImage, deleteImage, showImage } from './images.ts';
import { importImage } from './imports.ts';
import { listImages } from './listing.ts';
import { addLocation } from './location-import.ts';
import { showLocations } from './locations.ts';
import { addMember, answerMember, listMembers, removeMember, showMember } from './members.ts';
import { metadefRequests, metadefRequestsWithBody } from './metadefs-routes.ts';
import { metadefSchemas } from './metadefs-schemas.ts';
import { updateImage } from './patch.ts';
import { schemas } from './schema.ts';
import { addTag, removeTag } from './tags.ts';
import { createTask } from './task-import.ts';
import { deleteTask, imageTasks, listTasks, showTask } from './tasks.ts';
import { actOnVolume, listVolumes, showVolume } from './volumes.ts';

/** One line of the table: what is asked, and who answers. */
export type Route = Line & (OpenLine | KnownLine);

interface Line {
  /** Method and pattern, `:name` for what varies: how faults name a route. */
  readonly name: string;
  readonly method: string;
  readonly pattern: readonly string[];
  readonly service: 'identity' | 'image' | 'volume';
}

/** Answers without a token. */
interface OpenLine {
  readonly isOpen: true;
  readonly answer: Open;
}

interface KnownLine {
  readonly isOpen: false;
  readonly answer: Known;
  /** Glance refuses a body where it expects none. */
  readonly takesBody: boolean;
}

type Service = Route['service'];

/** Everything that can be asked of the sandbox. */
export const routes: readonly Route[] = [
  ...open('identity', {
    'GET /': identity.identityVersions,
    'GET /v3': identity.identityVersion,
    'GET /v3/': identity.identityVersion,
    'POST /v3/auth/tokens': identity.logIn,
  }),
  ...known('identity', {
    'GET /v3/auth/tokens': identity.showToken,
    'DELETE /v3/auth/tokens': identity.revokeToken,
    'GET /v3/auth/catalog': identity.showCatalog,
    'GET /v3/auth/projects': identity.ownProjects,
    'GET /v3/domains': identity.listDomains,
    'GET /v3/projects': identity.listProjects,
    'GET /v3/projects/:id': identity.showProject,
  }),
  ...known('image', {
    'GET /v2/schemas/:name': showSchema(schemas),
    'GET /v2/schemas/metadefs/:name': showSchema(metadefSchemas),
    'GET /v2/images': listImages,
    'GET /v2/images/:id': showImage,
    'DELETE /v2/images/:id': deleteImage,
    'GET /v2/images/:id/tasks': imageTasks,
    'GET /v2/images/:id/file': download,
    'POST /v2/images/:id/actions/deactivate': deactivate,
    'POST /v2/images/:id/actions/reactivate': reactivate,
    'PUT /v2/images/:id/tags/:tag': addTag,
    'DELETE /v2/images/:id/tags/:tag': removeTag,
    'GET /v2/images/:id/members': listMembers,
    'GET /v2/images/:id/members/:member': showMember,
    'DELETE /v2/images/:id/members/:member': removeMember,
    'DELETE /v2/stores/:store/:id': removeCopy,
    'GET /v2/images/:id/locations': showLocations,
    'GET /v2/cache': listCache,
    'GET /v2/cache/nodes/:id': showNodes,
    'GET /v2/tasks': listTasks,
    'GET /v2/tasks/:id': showTask,
    'DELETE /v2/tasks/:id': deleteTask,
    'GET /v2/info/import': importInfo,
    'GET /v2/info/stores': storesInfo,
    'GET /v2/info/stores/detail': storesDetail,
    'GET /v2/info/usage': usageInfo,
  }),
  ...known('volume', {
    'GET /v3/:project/volumes': listVolumes(false),
    'GET /v3/:project/volumes/detail': listVolumes(true),
    'GET /v3/:project/volumes/:id': showVolume,
  }),
  ...known('volume', { 'POST /v3/:project/volumes/:id/action': actOnVolume }, true),
  ...withBody({
    'POST /v2/images': createImage,
    'PATCH /v2/images/:id': updateImage,
    'PUT /v2/images/:id/file': upload,
    'PUT /v2/images/:id/stage': stage,
    'POST /v2/images/:id/import': importImage,
    'POST /v2/images/:id/locations': addLocation,
    'POST /v2/images/:id/members': addMember,
    'PUT /v2/images/:id/members/:member': answerMember,
    'POST /v2/tasks': createTask,
    'DELETE /v2/cache': clearCache,
    'PUT /v2/cache/:id': queueCopy,
    'DELETE /v2/cache/:id': removeCached,
    'POST /v2/cache/clean': cleanCache,
    'POST /v2/cache/prune': pruneCache,
  }),
  ...known('image', metadefRequests),
  ...withBody(metadefRequestsWithBody),
];

/** These two answer every method, and whatever follows in the path. */
const [versions, choices] = open('image', {
  'GET /versions': imageVersions(200),
  'GET /': imageVersions(300),
});

function open(service: Service, answers: Readonly<Record<string, Open>>): readonly Route[] {
  return Object.entries(answers).map(([name, answer]) => ({ ...line(service, name), isOpen: true, answer }));
}
function known(
  service: Service,
  answers: Readonly<Record<string, Known>>,
  takesBody = false,
): readonly Route[] {
  return Object.entries(answers).map(([name, answer]) => ({
    ...line(service, name),
    isOpen: false,
    answer,
    takesBody,
  }));
}
function withBody(answers: Readonly<Record<string, Known>>): readonly Route[] {
  return known('image', answers, true);
}
function line(service: Service, name: string): Line {
  const [method = '', path = ''] = name.split(' ');
  return { name, method, pattern: path.split('/'), service };
}

/** Where a request leads: to a route, or to none, and then `allowed` says what else the path would take. */
export interface Match {
  readonly service: Service;
  readonly route: Route | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly allowed: readonly string[];
}

/** Finds the route for a decoded path. */
export function match(method: string, path: string): Match {
  const whole = path.split('/');
  const [, mount] = whole;
  const service = mount === 'image' || mount === 'volume' ? mount : 'identity';
  const segments = service === 'identity' ? whole : ['', ...whole.slice(2)];
  if (service === 'image') {
    const [, first = ''] = segments;
    const fixed = first === 'versions' ? versions : isVersion(first) ? undefined : choices;
    if (fixed !== undefined) return { service, route: fixed, params: {}, allowed: [] };
    segments[1] = 'v2';
  }
  const fitting = routes.filter((route) => route.service === service && fits(route.pattern, segments));
  // Keystone answers HEAD wherever it answers GET, Glance nowhere
  const wanted = service === 'identity' && method === 'HEAD' ? 'GET' : method;
  const route = fitting.find((it) => it.method === wanted);
  const names = (route?.pattern ?? []).flatMap((part, at) =>
    part.startsWith(':') ? [[part.slice(1), segments[at] ?? '']] : [],
  );
  const allowed = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((it) =>
    fitting.some((one) => one.method === it),
  );
  return { service, route, params: Object.fromEntries(names), allowed };
}

const fits = (pattern: readonly string[], segments: readonly string[]) =>
  pattern.length === segments.length &&
  pattern.every((part, at) => (part.startsWith(':') ? segments[at] !== '' : part === segments[at]));
