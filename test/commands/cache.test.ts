import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { json } from '../../src/sandbox/exchange.ts';
import { type Bend, on, refused } from '../../src/sandbox/faults.ts';
import { it as inCloud, startCloud, type TestCloud } from '../support/cloud.ts';

/** A test whose cloud holds one image with data, and where the administrator is logged in. */
const it = inCloud.extend<{ admin: TestCloud; id: string }>({
  admin: async ({ cloud }, use) => use(cloud.as('admin')),
  id: async ({ cloud, path }, use) => use(await filled(cloud, path('disk'))),
});

async function filled(cloud: TestCloud, file: string, name = 'one'): Promise<string> {
  writeFileSync(file, 'hello world');
  const words = `image-create --name ${name} --disk-format raw --container-format bare --file ${file}`;
  return (await cloud.json<{ id: string }>(words)).id;
}

const state = async (admin: TestCloud) => (await admin.run('cache-list -f value -c State')).out;

const answers =
  (value: unknown): Bend =>
  () =>
  async () =>
    json(200, value);

describe('cache-list', () => {
  it('is the one table that glance centres, in UTC and with microseconds where there are any', async ({
    path,
  }) => {
    const ids = ['a', 'b', 'c', 'd'].map((letter) => `${letter.repeat(8)}-0000-4000-8000-000000000000`);
    const [one, two, three, four] = ids;
    const cached_images = [
      {
        image_id: one,
        hits: 0,
        last_accessed: 1795302794.2754586,
        last_modified: 1795302794.2754586,
        size: 0,
      },
      { image_id: two, hits: 12, last_accessed: 0, last_modified: 1795302794, size: 3000000 },
      { image_id: three, hits: 1, last_accessed: 1.9999996, last_modified: 1.000001, size: 11 },
    ];
    const faults = [on('GET /v2/cache', answers({ cached_images, queued_images: [four] }))];
    const cloud = await startCloud({ dir: path('state'), faults });
    try {
      const { out } = await cloud.as('admin').run('cache-list');
      expect(out).toBe(
        [
          '+--------------------------------------+--------+----------------------------+----------------------------+---------+------+',
          '|                  ID                  | State  |    Last Accessed (UTC)     |    Last Modified (UTC)     |   Size  | Hits |',
          '+--------------------------------------+--------+----------------------------+----------------------------+---------+------+',
          `| ${one} | cached | 2026-11-21T23:13:14.275459 | 2026-11-21T23:13:14.275459 |    0    |  0   |`,
          `| ${two} | cached |            N/A             |    2026-11-21T23:13:14     | 3000000 |  12  |`,
          `| ${three} | cached |    1970-01-01T00:00:02     | 1970-01-01T00:00:01.000001 |    11   |  1   |`,
          `| ${four} | queued |            N/A             |            N/A             |   N/A   | N/A  |`,
          '+--------------------------------------+--------+----------------------------+----------------------------+---------+------+',
          '',
        ].join('\n'),
      );
      expect(await cloud.as('admin').json('cache-list')).toEqual([
        ...cached_images.map((image) => ({ ...image, state: 'cached' })),
        { image_id: four, state: 'queued' },
      ]);
    } finally {
      await cloud.stop();
    }
  });

  it('is for administrators', async ({ cloud }) => {
    const { out, err, code } = await cloud.run('cache-list');
    expect({ out, code }).toEqual({ out: '', code: 3 });
    expect(err).toContain('You are not authorized to complete cache_list action.');
  });
});

describe('cache-queue, cache-delete and cache-clear', () => {
  it('copy images by name, wait until they are there, and forget them', async ({ admin, id }) => {
    expect(await admin.run('cache-queue one --wait')).toMatchObject({ out: '', code: 0 });
    expect(await admin.json('cache-list')).toMatchObject([{ image_id: id, state: 'cached', size: 11 }]);
    expect(await admin.run('cache-delete one')).toMatchObject({ out: '', err: '', code: 0 });
    expect(await state(admin)).toBe('');
    await admin.run(`cache-queue ${id} --wait`);
    expect(await admin.run('cache-clear --target queue')).toMatchObject({ out: '', err: '', code: 0 });
    expect(await state(admin)).toBe('cached\n');
    expect(await admin.run('cache-clear')).toMatchObject({ out: '', err: '', code: 0 });
    expect(await state(admin)).toBe('');
  });

  it('defect f: end with a failure after they did what they could', async ({ cloud, admin, id, path }) => {
    const other = await filled(cloud, path('disk'), 'two');
    const nobody = '00000000-0000-4000-8000-000000000000';
    const queued = await admin.run(`cache-queue ${id} ${nobody} ${other} --wait`);
    expect(queued).toMatchObject({ out: '', code: 4 });
    expect(queued.err).toContain(
      `'HTTP 404 Not Found: Image ${nobody} not found.': Unable to queue image '${nobody}' for caching.\n`,
    );
    expect(await state(admin)).toBe('cached\ncached\n');
    const deleted = await admin.run(`cache-delete ${nobody} ${other}`);
    expect(deleted).toMatchObject({ out: '', code: 4 });
    expect(deleted.err).toContain(`Unable to delete image '${nobody}' from cache.`);
    expect(await state(admin)).toBe('cached\n');
  });

  it.for([
    ['cache-queue one', "You are not permitted to queue the image 'one' for caching."],
    ['cache-delete one', "You are not permitted to delete the image 'one' from cache."],
    ['cache-clear', 'You are not permitted to delete image(s) from cache.'],
  ] as const)('defect f: %s is not permitted to everybody', async ([words, message], { cloud, id }) => {
    expect(id).toBeTruthy();
    const { out, err, code } = await cloud.run(words);
    expect({ out, code }).toEqual({ out: '', code: 3 });
    expect(err).toContain(message);
  });

  it('P37: refuse a target that there is not', async ({ admin }) => {
    const { err, code } = await admin.run('cache-clear --target quue');
    expect(code).toBe(2);
    expect(err).toContain("'quue' is not one of both, cache, queue (Did you mean queue?)");
  });
});

describe('cache-clean, cache-prune and cache-nodes', () => {
  it('do what newer servers can, and tell what came of it', async ({ admin, id }) => {
    expect(await admin.run('cache-clean')).toMatchObject({ out: '', err: '', code: 0 });
    expect(await admin.json('cache-prune')).toEqual({ total_files_pruned: 0, total_bytes_pruned: 0 });
    expect((await admin.run('cache-nodes one')).out).toBe('+-----+\n| URL |\n+-----+\n+-----+\n');
    await admin.run(`cache-queue ${id} --wait`);
    expect(await admin.json('cache-nodes one')).toEqual([{ url: expect.stringMatching(/\/image$/) }]);
  });

  it("say the service's reason", async ({ path }) => {
    const faults = [on('GET /v2/cache/nodes/:id', refused(409))];
    const cloud = await startCloud({ dir: path('state'), faults });
    try {
      const { err, code } = await cloud.as('admin').run('cache-nodes 00000000-0000-4000-8000-000000000000');
      expect(code).toBe(5);
      expect(err).toContain('409 Conflict');
    } finally {
      await cloud.stop();
    }
  });
});

const old = { versions: ['v2.16', 'v2.15', 'v2.13'].map((id) => ({ id, status: 'SUPPORTED' })) };
const id = '00000000-0000-4000-8000-000000000000';

it.for([
  ['cache-list', 'GET /v2/cache', 'v2.14'],
  [`cache-queue ${id}`, 'PUT /v2/cache/:id', 'v2.14'],
  [`cache-delete ${id}`, 'DELETE /v2/cache/:id', 'v2.14'],
  ['cache-clear', 'DELETE /v2/cache', 'v2.14'],
  ['cache-clean', 'POST /v2/cache/clean', 'v2.18'],
  ['cache-prune', 'POST /v2/cache/prune', 'v2.18'],
  [`cache-nodes ${id}`, 'GET /v2/cache/nodes/:id', 'v2.18'],
] as const)(
  '%s tells a server that cannot do it by its exact versions, whatever it answers',
  async ([words, route, version], { path }) => {
    for (const status of [404, 405, 501]) {
      const faults = [on(route, refused(status)), on('GET /versions', answers(old))];
      const cloud = await startCloud({ dir: path(`state-${status}`), faults });
      try {
        const { out, err, code } = await cloud.as('admin').run(words);
        expect({ out, code }).toEqual({ out: '', code: 1 });
        expect(err).toMatch(new RegExp(`^HTTP Glance does not support .*\\(${version}\\)\n$`));
      } finally {
        await cloud.stop();
      }
    }
  },
);
