import { isId, isVisible, type Known, type KnownCall } from './calls.ts';
import type { Cloud } from './cloud.ts';
import { json } from './exchange.ts';
import { keeps } from './filters.ts';
import { type Image, imageView } from './image.ts';
import { refuse } from './refusal.ts';

const sortKeys = [
  'name',
  'status',
  'container_format',
  'disk_format',
  'size',
  'id',
  'created_at',
  'updated_at',
] as const;
type SortKey = (typeof sortKeys)[number];
type Direction = 'asc' | 'desc';

/** GET /v2/images, https://docs.openstack.org/api-ref/image/v2/#list-images */
export const listImages: Known = (cloud, call) => {
  const { query } = call;
  const limit = limitOf(query.get('limit'));
  const order = orderOf(query);
  const keep = keeps(query, call.caller);
  const marker = markerOf(cloud, call);
  const page = cloud.store.images
    .all()
    .filter((image) => keep(image) && (marker === undefined || order(image, marker) > 0))
    .sort(order)
    .slice(0, limit);
  return json(200, {
    images: page.map((image) => imageView(cloud, image, call.caller)),
    ...links('/v2/images', call, page.length === limit ? page.at(-1)?.id : undefined),
    schema: '/v2/schemas/images',
  });
};

const usualLimit = 25;
const mostPerPage = 1000;

/** How many records a page has. */
export function limitOf(word: string | null): number {
  if (word === null) return usualLimit;
  if (!/^\s*[+-]?\d+\s*$/.test(word)) throw refuse(400, 'limit param must be an integer');
  if (Number(word) < 0) throw refuse(400, 'limit param must be positive');
  return Math.min(Number(word), mostPerPage);
}

/** `first` and, when there may be more, `next`. Like Glance they keep only the last of a repeated parameter. */
export function links(path: string, { query }: KnownCall, marker: string | undefined) {
  const kept = new URLSearchParams(Object.fromEntries([...query].filter(([name]) => name !== 'marker')));
  const first = kept.size === 0 ? path : `${path}?${kept}`;
  if (marker === undefined) return { first };
  kept.set('marker', marker);
  return { first, next: `${path}?${kept}` };
}

function markerOf(cloud: Cloud, { query, caller }: KnownCall): Image | undefined {
  const id = query.get('marker');
  if (id === null) return undefined;
  const image = isId(id) ? cloud.store.images.get(id) : undefined;
  if (image === undefined) throw refuse(400, `No image found with ID ${id}`);
  if (!isVisible(image, caller)) throw refuse(403, `Forbidding request, image ${id} not visible`);
  return image;
}

/** What `sort`, or the older `sort_key` and `sort_dir`, ask for; ties are broken by age and id. */
function orderOf(query: URLSearchParams): (one: Image, other: Image) => number {
  const words = query.get('sort');
  const asked = words === null ? classic(query) : modern(query, words);
  const usual =
    asked.length === 1 || query.getAll('sort_dir').length === 1 ? (asked[0]?.[1] ?? 'desc') : 'desc';
  const keys = asked.map(([key]) => key);
  const rest = (['created_at', 'id'] as const)
    .filter((key) => !keys.includes(key))
    .map((key) => [key, usual] as const);
  const sorts = [...asked, ...rest];
  return (one, other) => {
    for (const [key, direction] of sorts) {
      const difference = compare(one[key] ?? '', other[key] ?? '');
      if (difference !== 0) return direction === 'asc' ? difference : -difference;
    }
    return 0;
  };
}

function modern(query: URLSearchParams, words: string): readonly (readonly [SortKey, Direction])[] {
  if (query.has('sort_key') || query.has('sort_dir')) {
    throw refuse(400, 'Old and new sorting syntax cannot be combined');
  }
  return words
    .trim()
    .split(',')
    .map((word) => {
      const [key = '', direction = ''] = word.split(':');
      return [sortKey(key.trim()), sortDirection(direction === '' ? 'desc' : direction.trim())] as const;
    });
}

function classic(query: URLSearchParams): readonly (readonly [SortKey, Direction])[] {
  const keys = query.getAll('sort_key').map((key) => sortKey(key.trim()));
  const directions = query.getAll('sort_dir').map((word) => sortDirection(word.trim()));
  if (directions.length > 1 && directions.length !== keys.length) {
    throw refuse(400, 'Number of sort dirs does not match the number of sort keys');
  }
  const all = keys.length === 0 ? (['created_at'] as const) : keys;
  return all.map((key, at) => [key, directions[directions.length === 1 ? 0 : at] ?? 'desc'] as const);
}

function sortKey(word: string): SortKey {
  const key = sortKeys.find((it) => it === word);
  if (key !== undefined) return key;
  throw refuse(400, `Invalid sort key: ${word}. It must be one of the following: ${sortKeys.join(', ')}.`);
}

/** `asc` or `desc`. */
export function sortDirection(word: string): Direction {
  if (word === 'asc' || word === 'desc') return word;
  throw refuse(400, `Invalid sort direction: ${word}`);
}

/** Numbers by value, words by their code units, and what is missing before both: the order of Glance's database. */
export function compare(one: string | number, other: string | number): number {
  if (one === other) return 0;
  if (typeof one !== typeof other) return one === '' ? -1 : 1;
  return one < other ? -1 : 1;
}
