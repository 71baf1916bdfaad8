import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folder } from './support/disks.ts';
import { demo } from './support/people.ts';
import { look, make } from './support/witness.ts';

it('api makes, changes, fills, reads and deletes an image', async ({ onTestFinished: later }) => {
  const where = await folder(later);
  const data = Buffer.from(Array.from({ length: 5_000_000 }, (_, at) => (at * at) % 253));
  await writeFile(join(where, 'disk'), data);
  await writeFile(join(where, 'patch'), '[{"op": "replace", "path": "/name", "value": "new"}]');
  const fields = '{"name": "old", "disk_format": "raw", "container_format": "bare"}';
  const said = await demo.tglance(['api', 'post', 'v2/images', '--data', fields]);
  expect(said).toMatchObject({ code: 0, err: '' });
  const { id } = JSON.parse(said.out) as { id: string };
  await demo.says(`api PATCH v2/images/${id} --data @${join(where, 'patch')}`);
  expect(await demo.says(`api PUT v2/images/${id}/file --data @${join(where, 'disk')}`)).toBe('');
  expect(await look(demo, id)).toMatchObject({
    name: 'new',
    status: 'active',
    os_hash_value: createHash('sha512').update(data).digest('hex'),
  });
  expect((await demo.tglance(['api', 'GET', `v2/images/${id}/file`])).bytes.equals(data)).toBe(true);
  const part = await demo.tglance(['api', 'GET', `v2/images/${id}/file`, '-H', 'Range: bytes=1000-1999']);
  expect(part.bytes.equals(data.subarray(1000, 2000))).toBe(true);
  expect(await demo.says(`api DELETE v2/images/${id}`)).toBe('');
  expect(await look(demo, id)).toBeUndefined();
});

it('api shows what image-show does, and the versions of the service', async ({ onTestFinished: later }) => {
  const { id } = await make(demo, later, { name: 'shown' });
  expect(JSON.parse(await demo.says(`api GET /v2/images/${id}`))).toEqual(
    JSON.parse(await demo.says(`image-show ${id} -f json`)),
  );
  expect(JSON.parse(await demo.says('api GET /'))).toHaveProperty('versions');
});

it('api ends with the code of the refusal', async () => {
  const { code, out, err } = await demo.tglance([
    'api',
    'GET',
    'v2/images/00000000-0000-4000-8000-000000000000',
  ]);
  expect(code).toBe(4);
  expect(err).toMatch(/^HTTP 404 Not Found: /);
  expect(out).toContain('404');
});
