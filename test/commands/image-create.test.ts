import { createHash } from 'node:crypto';
import { openSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { on, refused } from '../../src/sandbox/faults.ts';
import { startCloud } from '../support/cloud.ts';
import { bytes, it } from '../support/disk-on-the-web.ts';

const hex = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');
const formats = '--disk-format raw --container-format bare';

describe('the words of version 1', () => {
  it('--copy-from lets the cloud fetch the data', async ({ cloud, web }) => {
    const { out, err, code } = await cloud.run(
      `image-create --name one ${formats} --copy-from ${web}/disk -f value -c status -c checksum`,
    );
    expect({ out, code }).toEqual({ out: `${hex('md5')}\nactive\n`, code: 0 });
    expect(err).toContain("--copy-from is a word of the Image API's version 1");
  });

  it('--copy-from fetches them itself where the cloud does not', async ({ path, web }) => {
    const faults = [on('POST /v2/images/:id/import', refused(400))];
    const cloud = await startCloud({ dir: path('other'), faults });
    const made = await cloud.json(`image-create --name one ${formats} --copy-from ${web}/disk`);
    expect(made).toMatchObject({ status: 'active', os_hash_value: hex('sha512') });
    await cloud.stop();
  });

  it('--copy-from of nothing leaves no record', async ({ cloud, web }) => {
    const { code } = await cloud.run(`image-create --name one ${formats} --copy-from ${web}/nope`);
    expect(code).toBe(1);
    expect(await cloud.json('image-list')).toEqual([]);
  });

  it('--checksum is compared before anything is created, and after the data are there', async ({
    cloud,
    disk,
  }) => {
    const create = `image-create --name one ${formats}`;
    const wrong = '0'.repeat(32);
    const refusal = await cloud.run(`${create} --file ${disk} --checksum ${wrong}`);
    expect(refusal.code).toBe(7);
    expect(refusal.err).toContain(`is ${hex('md5')}, not ${wrong}`);
    expect(await cloud.json('image-list')).toEqual([]);
    const stdin = openSync(disk, 'r');
    expect((await cloud.run(`${create} --checksum ${hex('md5').toUpperCase()}`, { stdin })).code).toBe(0);
  });

  it.for([
    ['--location http://x --copy-from http://y', '--location and --copy-from cannot be used together'],
    ['--checksum abc', '--checksum is the MD5 of data'],
    ['--copy-from http://y', 'Must provide --disk-format, --container-format when using --copy-from.'],
    ['--is-protected perhaps', "'perhaps' is not a boolean"],
  ])('P37: %s is refused and creates nothing', async ([words, message], { cloud }) => {
    const { err, code } = await cloud.run(`image-create ${words}`);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(await cloud.json('image-list')).toEqual([]);
  });

  it('--is-protected is taken as --protected, with a warning', async ({ cloud }) => {
    const { out, err } = await cloud.run('image-create --is-protected true -f value -c protected');
    expect(out).toBe('True\n');
    expect(err).toContain('it is taken as --protected true');
  });
});

it('--tags a --tags b made an image with both tags, where the last use counts', async ({ cloud }) => {
  expect(await cloud.json('image-create --tags a x --name one --tags b')).toMatchObject({ tags: ['b'] });
  const both = 'md-namespace-create N --resource-type-associations A --resource-type-associations B C';
  const made = await cloud.as('admin').json<{ resource_type_associations: { name: string }[] }>(both);
  expect(made.resource_type_associations.map(({ name }) => name)).toEqual(['B', 'C']);
});

it('advice about roles followed the refusal of an attribute that nobody may set', async ({ cloud }) => {
  for (const word of ['status=active', 'deleted=true']) {
    const { err, code } = await cloud.as('admin').run(`image-create --property ${word}`);
    expect(code).toBe(3);
    expect(err).toMatch(/^HTTP 403 Forbidden: .*Attribute '\w+' is \S+\n$/);
  }
  const { err } = await cloud.run('image-create --owner 00000000000000000000000000000000');
  expect(err).toMatch(/You are not permitted to create images owned by .*\nYour roles in this project/);
});
