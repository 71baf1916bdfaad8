import { type Known, type KnownCall, param } from './calls.ts';
import { empty, json } from './exchange.ts';
import { compare, limitOf, sortDirection } from './listing.ts';
import {
  breakDown,
  byName,
  fieldsOf,
  type Namespace,
  namespaceOf,
  ownTimes,
  refuseProtected,
  revise,
  type Tag,
  timesView,
} from './metadefs.ts';
import { newTags, tag as schema } from './metadefs-schemas.ts';
import { refuse } from './refusal.ts';
import { validate } from './validate.ts';

/** GET /v2/metadefs/namespaces/:namespace/tags */
export const listTags: Known = (cloud, call) => {
  const { query } = call;
  const direction = sortDirection(query.get('sort_dir') ?? 'desc');
  const limit = query.get('limit') ? limitOf(query.get('limit')) : undefined;
  const namespace = namespaceOf(cloud, call);
  const sorted = inOrder(namespace.tags, query.get('sort_key') ?? 'created_at', direction);
  const marker = query.get('marker');
  const start = marker ? sorted.indexOf(tagOf(namespace, marker)) + 1 : 0;
  const page = sorted.slice(start, limit === undefined ? undefined : start + limit);
  return json(200, { tags: page.map(({ name }) => ({ name })) });
};

/** The tags by age, or by something else and then by age. */
export function inOrder(tags: readonly Tag[], key: string, direction: 'asc' | 'desc'): readonly Tag[] {
  const place = new Map(tags.map((tag, at) => [tag, at]));
  const value = Object.hasOwn(keys, key) ? keys[key] : undefined;
  if (value === undefined) throw breakDown();
  const sorted = tags.toSorted(
    (one, other) => compare(value(one), value(other)) || compare(place.get(one) ?? 0, place.get(other) ?? 0),
  );
  return direction === 'asc' ? sorted : sorted.toReversed();
}

const keys: Readonly<Record<string, (tag: Tag) => string | number>> = {
  id: () => 0,
  name: ({ name }) => name,
  created_at: ({ created_at }) => created_at,
  updated_at: ({ updated_at }) => updated_at ?? '',
};

/** GET /v2/metadefs/namespaces/:namespace/tags/:tag */
export const showTag: Known = (cloud, call) =>
  json(200, tagView(tagOf(namespaceOf(cloud, call), param(call, 'tag'))));

/** POST /v2/metadefs/namespaces/:namespace/tags/:tag */
export const createTag: Known = (cloud, call) => {
  const name = param(call, 'tag');
  namespaceOf(cloud, call);
  validate(schema.name, schema, { name });
  return revise(cloud, call, 'add_metadef_tag', (old) => {
    const namespace = withTag(old, name, cloud.clock());
    return { namespace, reply: json(201, tagView(tagOf(namespace, name))) };
  });
};

/** POST /v2/metadefs/namespaces/:namespace/tags */
export const createTags: Known = async (cloud, call) => {
  const fields = await fieldsOf(call, newTags, ownTimes);
  const tags = fields.tags as readonly { name: string }[] | undefined;
  return revise(cloud, call, 'add_metadef_tags', (old) => {
    if (tags === undefined) throw breakDown();
    const start = tags.length === 0 || appends(call) ? old : { ...old, tags: [] };
    const namespace = tags.reduce((it, { name }) => withTag(it, name, cloud.clock()), start);
    return { namespace, reply: json(201, { tags }) };
  });
};

const appends = ({ headers }: KnownCall) =>
  ['1', 't', 'true', 'on', 'y', 'yes'].includes((headers['x-openstack-append'] ?? '').trim().toLowerCase());

/** The namespace with one tag more. */
export function withTag(namespace: Namespace, name: string, now: number): Namespace {
  refuseTaken(namespace, name);
  return { ...namespace, tags: [...namespace.tags, { name, created_at: now, updated_at: now }] };
}

/** PUT /v2/metadefs/namespaces/:namespace/tags/:tag */
export const updateTag: Known = async (cloud, call) => {
  const fields = await fieldsOf(call, schema, ownTimes);
  const name = String(fields.name);
  return revise(cloud, call, 'modify_metadef_tag', (namespace) => {
    const old = tagOf(namespace, param(call, 'tag'));
    if (name !== old.name) refuseTaken(namespace, name);
    const changed = { ...old, name, updated_at: cloud.clock() };
    const tags = namespace.tags.map((it) => (it === old ? changed : it));
    return { namespace: { ...namespace, tags }, reply: json(200, tagView({ ...old, name })) };
  });
};

function refuseTaken({ namespace, tags }: Namespace, name: string): void {
  if (byName(tags, name) === undefined) return;
  throw refuse(
    409,
    `A metadata tag with name=${name} already exists in namespace=${namespace}. (Please note that metadata tag names are case insensitive).`,
  );
}

/** DELETE /v2/metadefs/namespaces/:namespace/tags/:tag */
export const removeTag: Known = (cloud, call) =>
  revise(cloud, call, 'delete_metadef_tag', (namespace) => {
    const gone = tagOf(namespace, param(call, 'tag'));
    refuseProtected(namespace, `tag ${gone.name}`);
    const tags = namespace.tags.filter((it) => it !== gone);
    return { namespace: { ...namespace, tags }, reply: empty(204) };
  });

/** DELETE /v2/metadefs/namespaces/:namespace/tags */
export const removeTags: Known = (cloud, call) =>
  revise(cloud, call, 'delete_metadef_namespace', (namespace) => {
    refuseProtected(namespace);
    return { namespace: { ...namespace, tags: [] }, reply: empty(204) };
  });

function tagOf({ tags }: Namespace, name: string): Tag {
  const tag = byName(tags, name);
  if (tag === undefined) throw refuse(404, `Could not find metadata tag ${name}`);
  return tag;
}

const tagView = (tag: Tag) => ({ name: tag.name, ...timesView(tag) });
