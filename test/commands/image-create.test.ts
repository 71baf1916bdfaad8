import { createHash, randomBytes } from 'node:crypto';
import { openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect } from 'vitest';
import { on, refused } from '../../src/sandbox/faults.ts';
import { it as inCloud, startCloud } from '../support/cloud.ts';

const bytes = randomBytes(1_200_000);
const hex = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');
const formats = '--disk-format raw --container-format bare';

/** A test with a web server that serves the bytes below /disk. */
const it = inCloud.extend<{ web: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs
  web: async ({}, use) => {
    const server = createServer((request, response) => {
      if (request.url === '/disk') response.end(bytes);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.close();
  },
});

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
    path,
  }) => {
    writeFileSync(path('disk'), bytes);
    const create = `image-create --name one ${formats}`;
    const wrong = '0'.repeat(32);
    const refusal = await cloud.run(`${create} --file ${path('disk')} --checksum ${wrong}`);
    expect(refusal.code).toBe(7);
    expect(refusal.err).toContain(`is ${hex('md5')}, not ${wrong}`);
    expect(await cloud.json('image-list')).toEqual([]);
    const stdin = openSync(path('disk'), 'r');
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
