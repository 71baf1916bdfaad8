import { expect, it } from 'vitest';
import { corrupt, cut, hangUp, ignoreRange, on, refused, slow } from '../../src/sandbox/faults.ts';
import { sandboxCloud } from '../support/sandbox.ts';
import { filled, freshSandbox, jsonOf, made, overPort, voices } from './talk.ts';

const images = '/image/v2/images';
const get = 'GET /v2/images/:id/file';
const put = 'PUT /v2/images/:id/file';

it('breaks a download after so many bytes, so many times', async () => {
  const cloud = await sandboxCloud({ faults: [on(get, cut(4), 2)] });
  const { demo } = await voices(cloud.credentials, overPort(cloud.url));
  const path = `${images}/${await filled(demo)}/file`;
  for (let time = 0; time < 2; time += 1) await expect(demo('GET', path)).rejects.toThrow('aborted');
  expect((await demo('GET', path)).bytes.toString()).toBe('hello world');
});

it('refuses in the words of the service, with headers of its own', async () => {
  const headers = { 'retry-after': '1' };
  const faults = [
    on('GET /v2/images', refused(503, headers), 1),
    on('POST /v3/auth/tokens', refused(429), 1),
  ];
  const { sandbox, nobody } = await freshSandbox();
  expect(sandbox).toBeDefined();
  const cloud = await sandboxCloud({ faults });
  const send = overPort(cloud.url);
  const answer = await send({
    method: 'POST',
    path: '/v3/auth/tokens',
    headers: {},
    body: (async function* () {})(),
  });
  expect([answer.status, jsonOf<{ error: { code: number } }>(answer).error.code]).toEqual([429, 429]);
  const { demo } = await voices(cloud.credentials, send);
  const busy = await demo('GET', images);
  expect([busy.status, busy.headers['retry-after']]).toEqual([503, '1']);
  expect((await demo('GET', images)).status).toBe(200);
  expect((await nobody('GET', images)).status).toBe(401);
});

it('hangs up while data come in, and the image can be filled again', async () => {
  const cloud = await sandboxCloud({ faults: [on(put, hangUp(3), 1)] });
  const { demo } = await voices(cloud.credentials, overPort(cloud.url));
  const id = await made(demo, { disk_format: 'raw', container_format: 'bare' });
  const send = () => demo('PUT', `${images}/${id}/file`, { bytes: [Buffer.from('hello')] });
  await expect(send()).rejects.toThrow();
  expect((await send()).status).toBe(204);
});

it('turns over one bit, or forgets that only a part was asked for', async () => {
  const { demo } = await freshSandbox({ faults: [on(get, corrupt, 1), on(get, ignoreRange)] });
  const path = `${images}/${await filled(demo)}/file`;
  expect((await demo('GET', path)).bytes.toString()).toBe('iello world');
  const { status, bytes } = await demo('GET', path, { headers: { range: 'bytes=1-2' } });
  expect([status, bytes.toString()]).toEqual([200, 'hello world']);
});

it('takes its time, and says the same', async () => {
  const { demo } = await freshSandbox({ faults: [on(get, slow(1))] });
  expect((await demo('GET', `${images}/${await filled(demo)}/file`)).bytes.toString()).toBe('hello world');
});
