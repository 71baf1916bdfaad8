import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { on, refused } from '../../src/sandbox/faults.ts';
import { it as inCloud, startCloud } from '../support/cloud.ts';

const it = inCloud.extend<{ id: string }>({
  id: async ({ cloud, path }, use) => {
    writeFileSync(path('disk'), 'hello world');
    const words = `image-create --name one --disk-format raw --container-format bare --file ${path('disk')}`;
    const { id } = await cloud.json<{ id: string }>(words);
    const copy = `image-import ${id} --import-method copy-image --stores cheap --wait`;
    expect((await cloud.as('admin').run(copy)).code).toBe(0);
    await use(id);
  },
});

it('stores-delete deletes one copy of several, and says nothing to a script', async ({ cloud, id }) => {
  const admin = cloud.as('admin');
  expect(await admin.run('stores-delete one --store fast --wait')).toMatchObject({
    out: '',
    err: '',
    code: 0,
  });
  expect(await cloud.json(`image-show ${id}`)).toMatchObject({ stores: 'cheap', status: 'active' });
  const last = await admin.run(`stores-delete ${id} --store cheap`);
  expect(last).toMatchObject({ out: '', code: 3 });
  expect(last.err).toContain(
    `Unable to delete image '${id}' from store 'cheap'. (HTTP 403 Forbidden: Cannot delete image data from the only store`,
  );
});

it.for([
  ['stores-delete one', 2, "required option '--store <STORE>' not specified"],
  ['stores-delete one --store cheep', 2, "Store 'cheep' is not valid for this cloud. (Did you mean cheap?)"],
  ['stores-delete one --store web', 4, 'Multi Backend support is not enabled or Image/store not found.'],
  ['stores-delete two --store fast', 4, "No image found with the name or ID 'two'"],
] as const)('P37: %s is refused, and both copies stay', async ([words, code, message], { cloud, id }) => {
  const { out, err, code: ended } = await cloud.as('admin').run(words);
  expect({ out, code: ended }).toEqual({ out: '', code });
  expect(err).toContain(message);
  expect(await cloud.json(`image-show ${id}`)).toMatchObject({ stores: 'fast,cheap' });
});

it('stores-delete on a cloud with one store says that there are not several', async ({ path }) => {
  const faults = ['DELETE /v2/stores/:store/:id', 'GET /v2/info/stores'].map((it) => on(it, refused(404)));
  const cloud = await startCloud({ dir: path('state'), faults });
  try {
    const words = 'stores-delete 00000000-0000-4000-8000-000000000000 --store fast';
    const { err, code } = await cloud.as('admin').run(words);
    expect(code).toBe(4);
    expect(err).toMatch(/^Multi Backend support is not enabled or Image\/store not found\./);
  } finally {
    await cloud.stop();
  }
});
