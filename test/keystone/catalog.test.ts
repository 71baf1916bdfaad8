import { expect, it } from 'vitest';
import { type CatalogService, findEndpoint } from '../../src/keystone/catalog.ts';

const service = (type: string, url: string, side = 'public'): CatalogService => ({
  type,
  endpoints: [{ interface: side, region: 'one', url }],
});
const wish = { type: 'volumev3', interfaces: ['public'], region: undefined };

it('a service goes by its usual name, whatever stands before it in the catalog', () => {
  const catalog = [service('volume', 'http://v1/'), service('volumev3', 'http://v3/')];
  expect(findEndpoint(catalog, wish).href).toBe('http://v3/');
});

it.each(['block-storage', 'volume'])('Block Storage may go by the name of %s', (type) => {
  expect(findEndpoint([service('image', 'http://i/'), service(type, 'http://b/')], wish).href).toBe(
    'http://b/',
  );
});

it('the interface that is wanted counts for more than the name', () => {
  const catalog = [service('volumev3', 'http://v3/', 'internal'), service('block-storage', 'http://b/')];
  expect(findEndpoint(catalog, wish).href).toBe('http://b/');
  expect(findEndpoint(catalog, { ...wish, interfaces: ['internalURL', 'public'] }).href).toBe('http://v3/');
});

it.each(['__proto__', 'constructor', 'toString'])('P36: a service called %s is not there', (type) => {
  expect(() => findEndpoint([service('image', 'http://i/')], { ...wish, type })).toThrow(
    `public endpoint for ${type} service not found; the catalog has no ${type} service, only image`,
  );
});
