import { describe, expect, it } from 'vitest';
import { admin, demo } from './support/people.ts';

const json = async (line: string, who = demo): Promise<unknown> =>
  JSON.parse(await who.says(`${line} -f json`));

describe('stores-info', () => {
  it('tells where data can go', async () => {
    const { stores } = (await json('stores-info')) as { stores: { id: string }[] };
    expect(stores.map(({ id }) => id)).toEqual(['fast', 'cheap', 'web']);
  });

  it('tells administrators more with --detail, and nobody else', async () => {
    const { stores } = (await json('stores-info --detail', admin)) as {
      stores: { id: string; type: string }[];
    };
    expect(stores.map(({ type }) => type)).toEqual(['file', 'file', 'http']);
    expect(await demo.tglance('stores-info --detail')).toMatchObject({ code: 3, out: '' });
  });
});

describe('import-info', () => {
  it('tells how images can be imported', async () => {
    const methods = { value: ['glance-direct', 'web-download', 'copy-image'] };
    expect(await json('import-info')).toMatchObject({ 'import-methods': methods });
  });
});

describe('usage', () => {
  it('tells quotas and what is used of them', async () => {
    const rows = (await json('usage')) as Record<string, unknown>[];
    expect(rows).toContainEqual({ quota: 'image_size_total', limit: 10240, usage: expect.any(Number) });
    expect(rows).toHaveLength(4);
  });
});

describe('explain', () => {
  it.each(['image', 'images', 'member', 'task', 'metadefs/namespace'])(
    'tells the fields of the model %s',
    async (model) => {
      const rows = (await json(`explain ${model}`)) as { attribute: string }[];
      expect(rows.length).toBeGreaterThan(1);
    },
  );

  it('says that there is no such model', async () => {
    const unknown = await demo.tglance('explain weather');
    expect(unknown).toMatchObject({ code: 4, out: '', err: expect.stringContaining("'weather'") });
  });
});
