import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sandboxCloud } from '../support/sandbox.ts';
import { filled, freshSandbox, jsonOf, made, overPort, said, voices } from './talk.ts';

const images = '/image/v2/images';
const formats = { disk_format: 'raw', container_format: 'bare' };
const digits = Buffer.from('0123456789');

it('takes data of any size over a port, and gives the same bytes back', async () => {
  const cloud = await sandboxCloud();
  const { demo } = await voices(cloud.credentials, overPort(cloud.url));
  const id = await made(demo, formats);
  const pieces = Array.from({ length: 40 }, (_, at) => Buffer.alloc(100_003, at));
  const whole = Buffer.concat(pieces);
  expect((await demo('PUT', `${images}/${id}/file`, { bytes: pieces })).status).toBe(204);
  const md5 = createHash('md5').update(whole).digest('hex');
  expect(jsonOf(await demo('GET', `${images}/${id}`))).toMatchObject({
    status: 'active',
    size: whole.length,
    virtual_size: whole.length,
    checksum: md5,
    os_hash_algo: 'sha512',
    os_hash_value: createHash('sha512').update(whole).digest('hex'),
    stores: 'fast',
  });
  const { status, headers, bytes } = await demo('GET', `${images}/${id}/file`);
  expect([status, headers['content-type'], headers['content-md5']]).toEqual([
    200,
    'application/octet-stream',
    md5,
  ]);
  expect(headers['content-length']).toBeUndefined();
  expect(bytes.equals(whole)).toBe(true);
});

it.each([
  ['bytes=0-0', '0', '0-0'],
  ['bytes=2-4', '234', '2-4'],
  ['bytes=5-', '56789', '5-9'],
  ['bytes=-3', '789', '7-9'],
  ['bytes=-30', '0123456789', '0-9'],
  ['bytes=8-99', '89', '8-9'],
  ['BYTES = 0-1', '01', '0-1'],
])('answers %s with that part and says which one it is', async (range, part, span) => {
  const { demo } = await freshSandbox();
  const id = await filled(demo, digits);
  const { status, headers, bytes } = await demo('GET', `${images}/${id}/file`, { headers: { range } });
  expect([status, bytes.toString()]).toEqual([206, part]);
  expect(headers).toMatchObject({
    'content-range': `bytes ${span}/10`,
    'content-length': String(part.length),
    'content-md5': createHash('md5').update(digits).digest('hex'),
  });
});

it.each([
  ['bytes=10-', 416, 'Start position MUST be in the inclusive range [0, 9].'],
  ['bytes=4-2', 416, 'Invalid Range header.'],
  ['bytes=-', 416, 'Invalid Range header.'],
  ['lines=0-1', 416, 'Invalid Range header.'],
  ['bytes=0-1,3-4', 400, 'Requests with multiple ranges are not supported'],
])('refuses %s', async (range, status, words) => {
  const { demo } = await freshSandbox();
  const id = await filled(demo, digits);
  const answer = await demo('GET', `${images}/${id}/file`, { headers: { range } });
  expect([answer.status, answer.bytes.toString()]).toEqual([status, expect.stringContaining(words)]);
});

it('has an answer without content for an image without data, and an empty one for empty data', async () => {
  const { demo } = await freshSandbox();
  expect((await demo('GET', `${images}/${await made(demo)}/file`)).status).toBe(204);
  const id = await filled(demo, '');
  expect(jsonOf(await demo('GET', `${images}/${id}`))).toMatchObject({
    status: 'active',
    size: 0,
    virtual_size: null,
  });
  const { status, bytes } = await demo('GET', `${images}/${id}/file`);
  expect([status, bytes.length]).toEqual([200, 0]);
});

it('reads the size of a qcow2 disk from its header', async () => {
  const { demo } = await freshSandbox();
  const header = Buffer.alloc(1024);
  header.write('QFI\xfb', 0, 'latin1');
  header.writeUInt32BE(3, 4);
  header.writeBigUInt64BE(64n * 1024n * 1024n, 24);
  const sizeOf = async (fields: object, data: Buffer) =>
    jsonOf(await demo('GET', `${images}/${await filled(demo, data, fields)}`)).virtual_size;
  expect(await sizeOf({ disk_format: 'qcow2' }, header)).toBe(67_108_864);
  expect(await sizeOf({ disk_format: 'qcow2' }, digits)).toBeNull();
  expect(await sizeOf({ disk_format: 'raw', container_format: 'ovf' }, header)).toBeNull();
});

it('refuses data for an image that is not ready for them', async () => {
  const { demo } = await freshSandbox();
  const put = (id: string, headers = {}) => demo('PUT', `${images}/${id}/file`, { bytes: [digits], headers });
  const bare = await put(await made(demo));
  expect([bare.status, said(bare)]).toEqual([
    400,
    'Properties disk_format, container_format must be set prior to saving data.',
  ]);
  const half = await put(await made(demo, { disk_format: 'raw' }));
  expect([half.status, said(half)]).toEqual([
    400,
    'Property container_format must be set prior to saving data.',
  ]);
  const again = await put(await filled(demo));
  expect([again.status, said(again)]).toEqual([
    409,
    'Image status transition from active to saving is not allowed',
  ]);
  const id = await made(demo, formats);
  const lost = await put(id, { 'x-image-meta-store': 'nope' });
  expect([lost.status, said(lost)]).toEqual([400, 'Store for identifier nope not found']);
  expect((await put(id, { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await put(id, { 'x-image-meta-store': 'cheap' })).status).toBe(204);
  expect(jsonOf(await demo('GET', `${images}/${id}`)).stores).toBe('cheap');
});

it('checks the size that was announced, and lets the data be sent again', async () => {
  const { demo } = await freshSandbox();
  const id = await made(demo, formats);
  const put = (size: string) =>
    demo('PUT', `${images}/${id}/file`, { bytes: [digits], headers: { 'x-openstack-image-size': size } });
  for (const size of ['9', '11', 'ten']) expect((await put(size)).status).toBe(400);
  expect(jsonOf(await demo('GET', `${images}/${id}`))).toMatchObject({
    status: 'queued',
    size: null,
    checksum: null,
  });
  expect((await put('10')).status).toBe(204);
});

it('P42: a broken upload never becomes active, and leaves nothing', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const { demo } = await freshSandbox({ dir });
  for (const [kind, meanwhile] of [
    ['file', 'saving'],
    ['stage', 'uploading'],
  ] as const) {
    const id = await made(demo, formats);
    const seen: unknown[] = [];
    const torn = (async function* () {
      yield digits;
      seen.push(jsonOf(await demo('GET', `${images}/${id}`)).status);
      seen.push((await demo('PUT', `${images}/${id}/file`, { bytes: [digits] })).status);
      throw new Error('connection lost');
    })();
    await demo('PUT', `${images}/${id}/${kind}`, { bytes: torn });
    expect(seen).toEqual([meanwhile, 409]);
    expect(jsonOf(await demo('GET', `${images}/${id}`))).toMatchObject({
      status: 'queued',
      size: null,
      checksum: null,
    });
    const left = ['incoming', 'staging', 'fast', 'cheap'].flatMap((place) => readdirSync(join(dir, place)));
    expect(left).toEqual([]);
    expect((await demo('PUT', `${images}/${id}/file`, { bytes: [digits] })).status).toBe(204);
    await demo('DELETE', `${images}/${id}`);
  }
});

it('forgets the data of an image that is deleted, also while they come in', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const { demo } = await freshSandbox({ dir });
  const id = await made(demo, formats);
  const data = (async function* () {
    yield digits;
    expect((await demo('DELETE', `${images}/${id}`)).status).toBe(204);
    yield digits;
  })();
  expect((await demo('PUT', `${images}/${id}/file`, { bytes: data })).status).toBe(410);
  const whole = await filled(demo);
  expect(readdirSync(join(dir, 'fast'))).toHaveLength(1);
  await demo('DELETE', `${images}/${whole}`);
  expect(['incoming', 'fast'].flatMap((place) => readdirSync(join(dir, place)))).toEqual([]);
});
