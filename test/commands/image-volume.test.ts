import { openSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { Dropped, on, refused } from '../../src/sandbox/faults.ts';
import { it, startCloud } from '../support/cloud.ts';

interface Image {
  readonly id: string;
  readonly [field: string]: unknown;
}

describe('image-create --volume', () => {
  it('has an image made of a volume, and prints its record', async ({ cloud }) => {
    const image = await cloud.json<Image>('image-create --name copy --volume spare');
    expect(image).toMatchObject({ name: 'copy', disk_format: 'raw', container_format: 'bare' });
    expect(await cloud.json('image-show copy')).toMatchObject({ id: image.id });
  });

  it('with --wait comes back when the image is active', async ({ cloud }) => {
    const image = await cloud.json('image-create --name copy --volume spare --wait --container-format ovf');
    expect(image).toMatchObject({
      ...{ status: 'active', size: 2 ** 20, visibility: 'shared', protected: false, container_format: 'ovf' },
    });
  });

  it('says visibility and protection to clouds that understand them', async ({ cloud }) => {
    const make = (words: string) => cloud.json(`image-create --name copy --volume spare ${words}`);
    expect(await make('--visibility community')).toMatchObject({ visibility: 'community', protected: false });
    expect(await make('--shared --protected')).toMatchObject({ visibility: 'shared', protected: true });
    expect(await make('--unprotected')).toMatchObject({ protected: false });
  });

  it('reads a volume that is in use only with --force', async ({ cloud }) => {
    const { out, err, code } = await cloud.run('image-create --name copy --volume busy');
    expect({ out, code }).toEqual({ out: '', code: 1 });
    expect(err).toMatch(/^Invalid volume: Volume [0-9a-f-]{36} status must be available \(HTTP 400\)\n$/);
    expect(await cloud.json('image-create --name copy --volume busy --force')).toMatchObject({
      name: 'copy',
    });
  });

  it('takes no notice of standard input, which in a loop is the list of volumes', async ({ cloud }) => {
    const around = { stdin: openSync('package.json', 'r') };
    expect(await cloud.json('image-create --name copy --volume spare --wait', around)).toMatchObject({
      size: 2 ** 20,
    });
  });

  it.for<[string, string, number]>([
    ['--volume spare', 'An image of a volume needs a --name', 2],
    ['--name x --volume nobody', "No volume found with the name or ID 'nobody'", 4],
    [
      '--name x --volume 00000000-0000-4000-8000-000000000000',
      'Volume 00000000-0000-4000-8000-000000000000 could not be found. (HTTP 404)',
      4,
    ],
    ['--name x --volume spare --visibility public', "Policy doesn't allow", 3],
    ['--name x --volume spare --public --private', 'Only one visibility can be said', 2],
    ['--name x --volume spare --disk-format qcow2', "'qcow2' is not one of", 1],
    ['--name x --force', '--force says something only of a --volume', 2],
    ['--name x --volume spare --file LICENSE', '--file cannot be said of an image', 2],
    [
      '--name x --volume spare --min-disk 1 --hidden --tag a --property a=b --store fast',
      '--min-disk, --hidden, --property, --tag, --store cannot be said of an image that is made of a --volume',
      2,
    ],
    ['--name x --volume spare --is-public true', '--is-public cannot be said', 2],
    [
      '--name x --volume spare --sign-key-path a --sign-cert-id b',
      '--sign-key-path, --sign-cert-id cannot',
      2,
    ],
  ])('P37: %s creates nothing', async ([words, message, expected], { cloud }) => {
    const { out, err, code } = await cloud.run(`image-create ${words}`);
    expect({ out, code }).toEqual({ out: '', code: expected });
    expect(err).toContain(message);
    expect(await cloud.json('image-list')).toEqual([]);
  });

  it('that cannot be filled, and that the cloud removed, is a failure of --wait', async ({ path }) => {
    const cloud = await startCloud({
      dir: path('failing'),
      faults: [on('GET /v2/images/:id', refused(404))],
    });
    const { out, err, code } = await cloud.run('image-create --name copy --volume spare --wait');
    await cloud.stop();
    expect({ out, code }).toEqual({ out: '', code: 1 });
    expect(err).toMatch(
      /^Volume spare could not be read into image [0-9a-f-]{36}, which the cloud removed\n$/,
    );
  });

  it('P15: is not asked for twice when the answer is lost', async ({ path }) => {
    let asked = 0;
    const count = on('POST /v3/:project/volumes/:id/action', (next) => async (request) => {
      asked += 1;
      await next(request);
      throw new Dropped();
    });
    const cloud = await startCloud({ dir: path('lossy'), faults: [count] });
    const { code } = await cloud.run('image-create --name copy --volume spare');
    await cloud.stop();
    expect({ asked, code }).toEqual({ asked: 1, code: 6 });
  });
});
