import { createHash } from 'node:crypto';
import { describe, expect } from 'vitest';
import { json } from '../../src/sandbox/exchange.ts';
import { on, refused } from '../../src/sandbox/faults.ts';
import { it as inCloud, startCloud, type TestCloud } from '../support/cloud.ts';
import { servePages } from '../support/web.ts';

const bytes = 'twelve bytes';
const sha512 = createHash('sha512').update(bytes).digest('hex');
type Image = Record<string, unknown> & { id: string };

/** A test on a cloud that shows locations, with a web server that has data at /a and /b. */
const it = inCloud.extend<{ open: TestCloud; web: string }>({
  open: async ({ path }, use) => {
    const cloud = await startCloud({ dir: path('open'), showsLocations: true });
    await use(cloud);
    await cloud.stop();
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
  web: async ({}, use) => use(await servePages({ '/a': bytes, '/b': bytes })),
});

describe('location-add', () => {
  it('gives an image data at an address, and prints every field of it', async ({ open, web }) => {
    await open.run('image-create --name one --disk-format raw --container-format bare');
    const words = ['location-add', 'one', '--url', `${web}/a`, '--metadata', '{"rack": "7"}'];
    const { out, code } = await open.run(words);
    expect(code).toBe(0);
    for (const field of ['file', 'schema', 'direct_url', 'locations', 'virtual_size']) {
      expect(out).toMatch(new RegExp(`^\\| ${field} `, 'm'));
    }
    expect(out).toMatch(/^\| virtual_size +\| None /m);
    expect(out).not.toMatch(/^\| self /m);
    expect(await open.json('image-show one')).toMatchObject({
      status: 'active',
      size: 12,
      locations: [{ url: `${web}/a`, metadata: { rack: '7', store: 'web' } }],
    });
    expect((await open.run('image-download one')).out).toBe(bytes);
  });

  it('says what the data hash to', async ({ open, web }) => {
    await open.run('image-create --name one --disk-format raw --container-format bare');
    const proof = `--checksum ${'0'.repeat(32)} --hash-algo sha512 --hash-value ${sha512}`;
    expect(await open.json(`location-add one --url ${web}/a ${proof}`)).toMatchObject({
      checksum: '0'.repeat(32),
      os_hash_value: sha512,
      locations: [{ url: `${web}/a`, metadata: { store: 'web' } }],
    });
  });

  it.for([
    ['location-add one', 2, "required option '--url <URL>' not specified"],
    ['location-add one --url x --metadata no', 2, 'Metadata is not a valid JSON object.'],
    ['location-add one --url x --metadata []', 2, 'Metadata is not a valid JSON object.'],
    ['location-add one --url ftp://127.0.0.1/x', 1, 'Invalid location'],
    ['location-add nobody --url x', 4, "No image found with the name or ID 'nobody'"],
  ] as const)('P37: %s is refused', async ([words, code, message], { open }) => {
    await open.run('image-create --name one --disk-format raw --container-format bare');
    const ran = await open.run(words);
    expect(ran).toMatchObject({ out: '', code });
    expect(ran.err).toContain(message);
    expect(await open.json('image-show one')).toMatchObject({ status: 'queued', locations: [] });
  });
});

describe('location-update and location-delete', () => {
  it('change what is noted of one location, and forget others', async ({ open, web }) => {
    await open.run('image-create --name one --disk-format raw --container-format bare');
    for (const page of ['a', 'b']) await open.run(`location-add one --url ${web}/${page}`);
    const admin = open.as('admin');
    const words = [
      'location-update',
      'one',
      '--url',
      `${web}/b`,
      '--metadata',
      '{"why":"near","store":"web"}',
    ];
    const { err, code } = await admin.run(words);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    const before = await admin.json<Image>('image-show one');
    expect(before.locations).toEqual([
      { url: `${web}/a`, metadata: { store: 'web' } },
      { url: `${web}/b`, metadata: { why: 'near', store: 'web' } },
    ]);
    // once more changes nothing
    expect(await admin.json<Image>(words)).toEqual(before);
    const emptied = await admin.run(`location-update one --url ${web}/b`);
    expect(emptied.err).toBe("WARNING -- The location's metadata will be updated to an empty JSON object.\n");
    expect(emptied.code).toBe(0);
    expect(await admin.run(`location-delete one --url ${web}/a`)).toMatchObject({
      out: '',
      err: '',
      code: 0,
    });
    expect((await admin.json<Image>('image-show one')).locations).toEqual([
      { url: `${web}/b`, metadata: { store: 'web' } },
    ]);
  });

  it('name an address that the image does not have', async ({ open, web }) => {
    await open.run('image-create --name one --disk-format raw --container-format bare');
    await open.run(`location-add one --url ${web}/a`);
    const updated = await open.run(`location-update one --url ${web}/b --metadata {"a":"b"}`);
    expect(updated).toMatchObject({
      out: '',
      code: 4,
      err: `Unknown URL: ${web}/b, the URL must be one of existing locations of current image\n`,
    });
    const deleted = await open.run(`location-delete one --url ${web}/a --url ${web}/b`);
    expect(deleted).toMatchObject({ out: '', code: 4, err: `Unknown URL(s): ${web}/b\n` });
    expect((await open.json<Image>('image-show one')).locations).toHaveLength(1);
  });

  it('say that the cloud does not show locations', async ({ cloud }) => {
    await cloud.run('image-create --name one --disk-format raw --container-format bare');
    for (const words of ['location-update one --url x --metadata {"a":"b"}', 'location-delete one --url x']) {
      expect(await cloud.run(words)).toMatchObject({
        out: '',
        code: 1,
        err: 'The administrator has disabled API access to image locations\n',
      });
    }
    const added = await cloud.run('location-add one --url x');
    expect(added).toMatchObject({ out: '', code: 3 });
    expect(added.err).toContain("It's not allowed to add locations if locations are invisible.");
  });
});

describe('add-location', () => {
  it('gives a new image the address of its data, and waits until they are verified', async ({
    cloud,
    web,
  }) => {
    await cloud.run('image-create --name one --disk-format raw --container-format bare');
    const proof = JSON.stringify({ os_hash_algo: 'sha512', os_hash_value: sha512 });
    const made = await cloud.json([
      ...['add-location', 'one', '--url', `${web}/a`, '--validation-data', proof, '--wait'],
    ]);
    expect(made).toMatchObject({ status: 'active', os_hash_value: sha512, size: 12 });
    expect((await cloud.run('image-download one')).out).toBe(bytes);
  });

  it('prints the image as image-show does', async ({ cloud, web }) => {
    await cloud.run('image-create --name one --disk-format raw --container-format bare');
    const { out } = await cloud.run(`add-location one --url ${web}/a --wait`);
    expect(out).toBe((await cloud.run('image-show one')).out);
    expect(out).not.toMatch(/^\| (self|file|schema) /m);
  });

  it("ends with the service's reason when the data are others", async ({ cloud, web }) => {
    await cloud.run('image-create --name one --disk-format raw --container-format bare');
    const proof = JSON.stringify({ os_hash_algo: 'md5', os_hash_value: '0'.repeat(32) });
    const words = ['add-location', 'one', '--url', `${web}/a`, '--validation-data', proof, '--wait'];
    const { out, err, code } = await cloud.run(words);
    expect({ out, code }).toEqual({ out: '', code: 1 });
    expect(err).toContain('Task failed');
    expect(await cloud.json('image-show one')).toMatchObject({ status: 'queued' });
  });

  it.for([
    ['no', 'validation-data is not a valid JSON object.'],
    [
      '{"checksum":"x"}',
      'Validation Data should contain only os_hash_algo and os_hash_value. `checksum` is not',
    ],
    [
      '{"os_hash_algo":"crc"}',
      'os_hash_algo: `crc` is incorrect, allowed hashing algorithms: sha512, sha256, sha1',
    ],
  ] as const)('P37: refuses the validation data %s', async ([data, message], { cloud }) => {
    await cloud.run('image-create --name one --disk-format raw --container-format bare');
    const { out, err, code } = await cloud.run([
      'add-location',
      'one',
      '--url',
      'x',
      '--validation-data',
      data,
    ]);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain(message);
    expect(await cloud.json('image-show one')).toMatchObject({ status: 'queued' });
  });

  it('tells a server that cannot do it by its exact versions', async ({ path }) => {
    const versions = { versions: [{ id: 'v2.16', status: 'CURRENT' }] };
    const faults = [
      on('POST /v2/images/:id/locations', refused(404)),
      on('GET /versions', () => async () => json(200, versions)),
    ];
    const cloud = await startCloud({ dir: path('state'), faults });
    try {
      await cloud.run('image-create --name one --disk-format raw --container-format bare');
      expect(await cloud.run('add-location one --url x')).toMatchObject({
        out: '',
        code: 1,
        err: 'HTTP This operation is not supported by Glance.\n',
      });
    } finally {
      await cloud.stop();
    }
  });
});
