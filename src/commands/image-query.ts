import {
  beyond,
  leniently,
  many,
  on,
  oneOf,
  pairs,
  text,
  usually,
  type Values,
  whole,
} from '../define/option.ts';
import { UsageError } from '../errors.ts';
import { visibilityOf, visibilitySwitches } from './visibility.ts';
import { ownerOptions } from './whose.ts';

/** What a list of images can be sorted by. */
export const sortKeys = [
  'name',
  'status',
  'container_format',
  'disk_format',
  'size',
  'id',
  'created_at',
  'updated_at',
] as const;

const states = [
  ...['queued', 'saving', 'uploading', 'importing', 'active', 'deactivated'],
  ...['killed', 'deleted', 'pending_delete'],
];

/** The filters, the order and the paging of a list of images. */
export const queryOptions = {
  limit: whole('--limit <N>', 'Stop after N images; 0 is no limit'),
  page_size: whole('--page-size <N>', 'Images to ask for in one request'),
  visibility: usually('--visibility <SCOPE>', 'Only public, private, community or shared ones, or all', [
    'public',
    'private',
    'community',
    'shared',
    'all',
  ]),
  member_status: usually(
    '--member-status <STATUS>',
    'Only images shared with you and accepted, pending, rejected or all',
    ['accepted', 'pending', 'rejected', 'all'],
  ),
  owner: text('--owner <PROJECT>', 'Only images of this project, by name or ID'),
  property_filter: pairs('--property-filter <KEY=VALUE>', 'Only images with this value; repeatable'),
  checksum: text('--checksum <MD5>', 'Only images with this MD5 checksum'),
  hash: text('--hash <HASH>', 'Only images with this hash value'),
  tag: many(text('--tag <TAG>', 'Only images with this tag; repeatable, all must fit')),
  sort_key: many(oneOf('--sort-key <KEY>', 'Sort by this; repeatable', sortKeys)),
  sort_dir: many(oneOf('--sort-dir <DIRECTION>', 'Direction of each sort key', ['asc', 'desc'])),
  sort: text('--sort <KEY[:DIRECTION],…>', 'Sort keys and directions in one word'),
  hidden: leniently('--hidden [BOOL]', 'Only hidden images'),
  ...visibilitySwitches,
  ...ownerOptions,
  ...beyond({
    all: on('--all', 'Images of every visibility that you may see, community ones too'),
    name: text('--name <NAME>', 'Only images of this name'),
    status: usually('--status <STATUS>', 'Only images in this state: active, queued, deactivated…', states),
    size_min: whole('--size-min <BYTES>', 'Only images of at least this size'),
    size_max: whole('--size-max <BYTES>', 'Only images of at most this size'),
    created_at: text('--created-at <OPERATOR:TIME>', 'Only images made then: gt:2026-01-31T12:00:00Z'),
    updated_at: text('--updated-at <OPERATOR:TIME>', 'Only images changed then: lt:2026-01-31T12:00:00Z'),
    marker: text('--marker <IMAGE>', 'Begin behind this image', { complete: 'image' }),
    max_items: whole('--max-items <N>', 'Stop after N images'),
  }),
};

type Query = (readonly [string, string])[];

/** The largest page that Glance gives. */
const fullPage = 1000;

/** The query of `GET /v2/images`: https://docs.openstack.org/api-ref/image/v2/#list-images */
export function imageQuery(options: Values<typeof queryOptions>): Query {
  const { page_size, owner, member_status, checksum, hidden, hash, tag, name, status, marker } = options;
  const { size_min, size_max, created_at, updated_at } = options;
  const limit = options.limit || options.max_items;
  const page = page_size || fullPage;
  const size = limit !== undefined && limit !== 0 && limit < page ? limit : page;
  const given = {
    visibility: visibilityOf(options),
    member_status,
    owner,
    checksum,
    os_hidden: hidden === undefined ? undefined : hidden ? 'True' : 'False',
    os_hash_value: hash,
    name,
    status,
    size_min: size_min?.toString(),
    size_max: size_max?.toString(),
    created_at,
    updated_at,
    marker,
  };
  return [
    ...Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined),
    ...(options.property_filter ?? []),
    ['limit', String(size)] as const,
    ...(tag ?? []).map((word) => ['tag', word] as const),
    ...order(options),
  ];
}

function order({ sort, sort_key = [], sort_dir = [] }: Values<typeof queryOptions>): Query {
  if (sort !== undefined) {
    if (sort_key.length + sort_dir.length > 0) {
      throw new UsageError("The 'sort' argument is not supported with 'sort_key' or 'sort_dir'.");
    }
    checkSort(sort);
    return [['sort', sort]];
  }
  const saysNothing = sort_key.length + sort_dir.length === 0;
  const [keys, directions] = saysNothing ? [['name'], ['asc']] : [sort_key, sort_dir];
  if (directions.length > 1 && directions.length !== keys.length) {
    throw new UsageError(
      'Unexpected number of sort directions: either provide a single sort direction or an equal number of sort keys and sort directions.',
    );
  }
  return [
    ...keys.map((key) => ['sort_key', key] as const),
    ...directions.map((direction) => ['sort_dir', direction] as const),
  ];
}

function checkSort(sort: string): void {
  for (const word of sort.split(',')) {
    const [key = '', direction = 'asc', ...rest] = word.split(':').map((part) => part.trim());
    if (!(sortKeys as readonly string[]).includes(key)) {
      throw new UsageError(
        `Invalid sort key: ${key}. It must be one of the following: ${sortKeys.join(', ')}.`,
      );
    }
    if (rest.length > 0 || !['asc', 'desc'].includes(direction)) {
      throw new UsageError(`Invalid sort direction: ${word}. It must be one of the following: asc, desc.`);
    }
  }
}
