/** The images whose data are moved: one with its hash, the same without any, and one that is still to be uploaded. */
export const hashed = 'be4c0000-0000-4000-8000-00000000aaaa';
export const unhashed = 'be4c0000-0000-4000-8000-00000000bbbb';
export const queued = 'be4c0000-0000-4000-8000-00000000cccc';

const idOf = (number) => `be4c0000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A record as large as those of real clouds. https://docs.openstack.org/api-ref/image/v2/#show-image */
export const record = (id, { size, sha512, md5 }, more = {}) => ({
  hw_disk_bus: 'virtio',
  os_distro: 'debian',
  os_version: '12',
  name: 'benchmark',
  disk_format: 'raw',
  container_format: 'bare',
  visibility: 'public',
  size,
  virtual_size: null,
  status: 'active',
  checksum: md5,
  protected: false,
  min_ram: 512,
  min_disk: 10,
  owner: '4b1e0e4f6f0a4d0f9c7f0d3a2b1c0d9e',
  os_hidden: false,
  os_hash_algo: 'sha512',
  os_hash_value: sha512,
  id,
  created_at: '2025-01-01T12:00:00Z',
  updated_at: '2025-01-02T12:00:00Z',
  tags: ['stable'],
  self: `/v2/images/${id}`,
  file: `/v2/images/${id}/file`,
  schema: '/v2/schemas/image',
  ...more,
});

/** Unlike any other text in a listing. */
export const listedName = (number) => `listed-image-${number}`;

const mostPerPage = 1000;
const usualPage = 25;

/** So many images are written down once; of more, each page when it is asked for, or the server would need their memory. */
const mostKept = 10_000;

/** The pages of a cloud with `total` images, as text. As in Glance, a full page leads to another one, which may be empty. */
export function pagesOf(total) {
  const hashes = { sha512: 'ab'.repeat(64), md5: 'cd'.repeat(16) };
  // an image's text is that of this one with its number in three places
  const parts = JSON.stringify(record(idOf(0), { size: '0', ...hashes }, { name: listedName(0) }))
    .replaceAll(idOf(0), '\0id')
    .replace(`"${listedName(0)}"`, '"\0name"')
    .split('\0');
  const text = (number) =>
    parts
      .map((part) => part.replace(/^id/, idOf(number)).replace(/^name/, listedName(number)))
      .join('')
      .replace('"size":"0"', `"size":${2 ** 30 + number}`);
  const page = (limit, start) => {
    const length = Math.max(0, Math.min(limit, total - start));
    const images = Array.from({ length }, (_, at) => text(start + at)).join(',');
    const full = start + limit <= total;
    const next = `,"next":"/v2/images?limit=${limit}&marker=${idOf(start + limit - 1)}"`;
    return `{"images":[${images}],"first":"/v2/images","schema":"/v2/schemas/images"${full ? next : ''}}`;
  };
  const written = new Map();
  return (query) => {
    const limit = Math.min(Number(query.get('limit') ?? usualPage), mostPerPage);
    const marker = query.get('marker');
    const start = marker === null ? 0 : Number(marker.slice(-12)) + 1;
    const key = `${limit} ${start}`;
    const known = written.get(key) ?? Buffer.from(page(limit, start));
    if (total <= mostKept) written.set(key, known);
    return known;
  };
}

/** A token's details with a catalog that leads to `image`. https://docs.openstack.org/api-ref/identity/v3/ */
export const login = (identity, image) => ({
  token: {
    methods: ['password'],
    user: { id: 'u', name: 'bench', domain: { id: 'default', name: 'Default' } },
    project: { id: 'p', name: 'bench', domain: { id: 'default', name: 'Default' } },
    roles: [{ id: 'r', name: 'member' }],
    issued_at: '2025-01-01T00:00:00.000000Z',
    expires_at: '2099-01-01T00:00:00.000000Z',
    audit_ids: ['a'],
    catalog: [service('identity', 'keystone', identity), service('image', 'glance', image)],
  },
});

const service = (type, name, url) => ({
  id: type,
  type,
  name,
  endpoints: ['public', 'internal', 'admin'].map((name) => ({
    id: `${type}-${name}`,
    interface: name,
    region: 'RegionOne',
    region_id: 'RegionOne',
    url,
  })),
});

/** What other clients ask before they ask for anything. */
export const identityVersion = (url) => ({
  version: {
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{ rel: 'self', href: url }],
  },
});

export const imageVersions = (url) => ({
  versions: [{ id: 'v2.16', status: 'CURRENT', links: [{ rel: 'self', href: `${url}/v2/` }] }],
});

export const schema = {
  name: 'image',
  properties: Object.fromEntries(
    Object.entries(record(hashed, { size: 0, sha512: '', md5: '' })).map(([key, value]) => [
      key,
      { type: typeOf(value) },
    ]),
  ),
  additionalProperties: { type: 'string' },
  links: [],
};

function typeOf(value) {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return ['null', 'integer'];
  return typeof value === 'boolean' ? 'boolean' : ['null', 'string'];
}
