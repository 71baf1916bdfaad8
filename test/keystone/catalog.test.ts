import { describe, expect, it } from 'vitest';
import { NoEndpoint } from '../../src/errors.ts';
import { type CatalogService, findEndpoint } from '../../src/keystone/catalog.ts';

const service = (type: string, url: string, side = 'public', region = 'one'): CatalogService => ({
  type,
  endpoints: [{ interface: side, region, url }],
});
const wish = { type: 'volumev3', interfaces: ['public'], region: undefined };
const image = { ...wish, type: 'image' };

it('a service goes by its usual name, whatever stands before it in the catalog', () => {
  const catalog = [service('volume', 'http://v1/'), service('volumev3', 'http://v3/')];
  expect(findEndpoint(catalog, wish).href).toBe('http://v3/');
});

it.each([
  ['volumev3', 'block-storage'],
  ['volumev3', 'volume'],
  ['image', 'glance'],
])('P36: %s may go by the name of %s', (type, alias) => {
  const catalog = [service('other', 'http://o/'), service(alias, 'http://a/')];
  expect(findEndpoint(catalog, { ...wish, type }).href).toBe('http://a/');
});

it('the interface that is wanted counts for more than the name', () => {
  const catalog = [service('volumev3', 'http://v3/', 'internal'), service('block-storage', 'http://b/')];
  expect(findEndpoint(catalog, wish).href).toBe('http://b/');
  expect(findEndpoint(catalog, { ...wish, interfaces: ['internalURL', 'public'] }).href).toBe('http://v3/');
});

describe('P36: of several endpoints', () => {
  const catalog = [
    service('image', 'http://public/', 'publicURL', 'one'),
    service('image', 'http://internal/', 'internal', 'one'),
    service('image', 'http://two/', 'public', 'two'),
  ];

  it.each<[string[], string | undefined, string]>([
    [['public'], undefined, 'http://public/'],
    [['publicURL'], 'two', 'http://two/'],
    [['internal', 'public'], 'one', 'http://internal/'],
    [['internal', 'public'], 'two', 'http://two/'],
    [['admin', ' internalURL '], undefined, 'http://internal/'],
    [['', 'admin', '', 'public'], 'two', 'http://two/'],
  ])('%j in %s is %s', (interfaces, region, url) => {
    expect(findEndpoint(catalog, { ...image, interfaces, region }).href).toBe(url);
  });

  it.each<[string[], string | undefined, string]>([
    [['public'], 'three', 'public endpoint for image service in three region not found'],
    [['admin'], undefined, 'admin endpoint for image service not found'],
    [['admin', 'internalURL'], 'two', 'admin or internal endpoint for image service in two region not found'],
  ])('none is %j in %s, and the choices are named', (interfaces, region, message) => {
    expect(() => findEndpoint(catalog, { ...image, interfaces, region })).toThrow(
      new NoEndpoint(`${message}; there is public in one, internal in one, public in two`),
    );
  });
});

it('a service may be wanted by its name', () => {
  const catalog = ['one', 'two'].map((name) => ({ ...service('image', `http://${name}/`), name }));
  expect(findEndpoint(catalog, { ...image, name: 'two' }).href).toBe('http://two/');
  expect(() => findEndpoint(catalog, { ...image, name: 'three' })).toThrow(
    'public endpoint for image service three not found; there is one, two',
  );
});

it('P36: a region goes by its ID and by its name', () => {
  const endpoint = { interface: 'public', region: 'North', region_id: 'n1', url: 'http://n/' };
  const catalog = [{ type: 'image', endpoints: [endpoint] }];
  for (const region of ['North', 'n1'])
    expect(findEndpoint(catalog, { ...image, region }).href).toBe('http://n/');
  expect(() => findEndpoint(catalog, { ...image, region: 'x' })).toThrow('; there is public in n1');
});

describe('P36: odd entries', () => {
  const odd = [
    null,
    7,
    [],
    {},
    { type: 5, endpoints: [] },
    { type: 'image' },
    { type: 'image', endpoints: 'none' },
    { type: 'image', endpoints: { 0: {} } },
    {
      type: 'image',
      endpoints: [
        null,
        3,
        'http://word/',
        {},
        { interface: 'public', url: null },
        { interface: 'public', url: 'no address' },
        { interface: 'public', url: 9292 },
        { interface: {}, region: [], url: 'http://bare/' },
      ],
    },
  ] as unknown as CatalogService[];

  it('do not hide a good one', () => {
    expect(findEndpoint([...odd, service('image', 'http://good/')], image).href).toBe('http://good/');
  });

  it('are told of as far as they go', () => {
    expect(() => findEndpoint(odd, image)).toThrow(
      new NoEndpoint('public endpoint for image service not found; there is an endpoint in no region'),
    );
    expect(() => findEndpoint(odd.slice(0, 8), image)).toThrow(
      '; the catalog gives no address of the image service',
    );
    expect(() => findEndpoint(odd.slice(0, 5), image)).toThrow(
      '; the catalog is empty: log in with a project',
    );
  });
});

it.each(['__proto__', 'constructor', 'toString'])('P36: a service called %s is not there', (type) => {
  expect(() => findEndpoint([service('image', 'http://i/')], { ...wish, type })).toThrow(
    `public endpoint for ${type} service not found; the catalog has no ${type} service, only image`,
  );
});
