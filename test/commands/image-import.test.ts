import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { bytes, it } from '../support/disk-on-the-web.ts';

const sha512 = createHash('sha512').update(bytes).digest('hex');
const formats = '--disk-format raw --container-format bare';
type Image = Record<string, unknown> & { id: string };

describe('image-create-via-import', () => {
  it('without data makes a record', async ({ cloud }) => {
    expect(await cloud.json('image-create-via-import --name one')).toMatchObject({ status: 'queued' });
  });

  it('stages a file, imports it, waits for it and compares the hash', async ({ cloud, disk }) => {
    const made = await cloud.json(`image-create-via-import --name one ${formats} --file ${disk} --wait`);
    expect(made).toMatchObject({ status: 'active', size: bytes.length, os_hash_value: sha512 });
  });

  it('ignored data on standard input beside --file', async ({ cloud, disk, path }) => {
    const words = `image-create-via-import --name one ${formats} --file`;
    execFileSync('mkfifo', [path('pipe')]);
    const pipe = openSync(path('pipe'), constants.O_RDONLY | constants.O_NONBLOCK);
    for (const stdin of [pipe, openSync(disk, 'r')]) {
      const { err, code } = await cloud.run(`${words} ${disk}`, { stdin });
      expect(code).toBe(2);
      expect(err).toContain('You cannot use both --file and stdin with the glance-direct import method.');
      closeSync(stdin);
    }
    expect(await cloud.json('image-list')).toEqual([]);
    writeFileSync(path('nothing'), '');
    for (const nobody of ['/dev/null', path('nothing')]) {
      expect(await cloud.run(`${words} ${disk}`, { stdin: openSync(nobody, 'r') })).toMatchObject({
        code: 0,
      });
    }
    expect(await cloud.run(`${words} -`, { stdin: openSync(disk, 'r') })).toMatchObject({ code: 0 });
  });

  it('lets the cloud fetch a URL into several stores', async ({ cloud, web }) => {
    const words = `image-create-via-import --name one ${formats} --import-method web-download --uri ${web}/disk`;
    const made = await cloud.json<Image>(`${words} --stores fast,cheap --wait`);
    expect(made).toMatchObject({ status: 'active', os_hash_value: sha512 });
    expect(String(made.stores).split(',').sort()).toEqual(['cheap', 'fast']);
  });

  it("ends with the service's reason when the import failed, and leaves no record", async ({
    cloud,
    web,
  }) => {
    const words = `image-create-via-import --name one ${formats} --import-method web-download --uri ${web}/nope --wait`;
    const { out, err, code } = await cloud.run(words);
    expect({ out, code }).toEqual({ out: '', code: 1 });
    expect(err).toMatch(/Importing image .* failed: .+/);
    expect(await cloud.json('image-list')).toEqual([]);
  });

  it.for([
    ['--import-method copy-image', "Import method 'copy-image' cannot be used while creating the image."],
    ['--import-method nonsense', "Import method 'nonsense' is not valid for this cloud."],
    ['--uri http://x', 'You cannot use --uri without specifying an import method.'],
    ['--import-method web-download', 'URI is required for web-download import method.'],
    ['--import-method glance-direct', 'You must specify a --file or provide data via stdin'],
    ['--import-method glance-direct --uri http://x', 'You cannot specify a --uri with the glance-direct'],
    ['--import-method web-download --uri http://x --file package.json', 'You cannot specify a --file'],
    ['--import-method glance-download', 'REMOTE GlANCE REGION and REMOTE IMAGE ID are required'],
    ['--import-method web-download --uri http://x --store a --stores b', 'Only one of --store, --stores'],
    ['--import-method web-download --uri http://x --stores fast,nope', "Store 'nope' is not valid"],
  ])('P37: %s is refused and creates nothing', async ([words, message], { cloud }) => {
    const { err, code } = await cloud.run(`image-create-via-import ${words}`);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(await cloud.json('image-list')).toEqual([]);
  });
});

describe('image-stage and image-import', () => {
  it('bring data in by two steps', async ({ cloud, disk }) => {
    await cloud.run(`image-create --name one ${formats}`);
    expect(await cloud.run('image-stage one', { stdin: openSync(disk, 'r') })).toMatchObject({
      err: '',
      code: 0,
    });
    expect(await cloud.json('image-show one')).toMatchObject({ status: 'uploading' });
    expect(await cloud.json('image-import one --wait')).toMatchObject({
      status: 'active',
      os_hash_value: sha512,
    });
  });

  it('copy an image into another store', async ({ cloud, disk }) => {
    const admin = cloud.as('admin');
    await admin.run(`image-create --name one ${formats} --file ${disk} --store fast`);
    const copied = await admin.json<Image>(
      'image-import one --import-method copy-image --stores cheap --wait',
    );
    expect(String(copied.stores).split(',').sort()).toEqual(['cheap', 'fast']);
  });

  it.for([
    ['--import-method web-download', 'Provide URI for web-download import method.'],
    ['--uri http://x', "Import method should be 'web-download' if URI is provided."],
    ['--import-method glance-download', 'Provide REMOTE_IMAGE_ID and remote-region'],
    ['--remote-region x', "Import method should be 'glance-download' if REMOTE REGION is provided."],
    ['--remote-image-id x', "Import method should be 'glance-download' if REMOTE IMAGE ID is provided."],
    ['--import-method copy-image', "Provide either --stores or --all-stores for 'copy-image'"],
    ['', "The 'glance-direct' import method can only be applied to an image in status 'uploading'"],
    ['--import-method copy-image --all-stores true', "can only be used on an image with status 'active'"],
  ])('P37: image-import %s is refused', async ([words, message], { cloud }) => {
    await cloud.run(`image-create --name one ${formats}`);
    const { err, code } = await cloud.run(`image-import one ${words}`);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('image-import wants both formats first', async ({ cloud }) => {
    await cloud.run('image-create --name one');
    const { err } = await cloud.run('image-import one');
    expect(err).toContain("The 'container_format' and 'disk_format' properties must be set");
  });
});
