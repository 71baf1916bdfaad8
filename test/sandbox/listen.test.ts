import { request } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { on, slow } from '../../src/sandbox/faults.ts';
import { routes } from '../../src/sandbox/routes.ts';
import { sandboxCloud } from '../support/sandbox.ts';
import { filled, freshSandbox, jsonOf, logIn, made, overPort, voices } from './talk.ts';

const images = '/image/v2/images';

async function served(options = {}) {
  const cloud = await sandboxCloud(options);
  return { ...cloud, ...(await voices(cloud.credentials, overPort(cloud.url))) };
}

it('P42: listens on 127.0.0.1 and on no other address', async () => {
  const { url } = await served();
  const port = Number(new URL(url).port);
  const elsewhere = new Promise((resolve, reject) => {
    connect(port, '127.0.0.2').on('connect', resolve).on('error', reject);
  });
  await expect(elsewhere).rejects.toThrow();
});

it('P42: answers only to its own name, and to no page of another origin', async () => {
  const { url, nobody } = await served();
  const { port, host } = new URL(url);
  for (const [headers, status] of [
    [{ host }, 200],
    [{ host: `localhost:${port}` }, 200],
    [{ host: `LOCALHOST:${port}` }, 200],
    [{ host: 'example.com' }, 421],
    [{ host: `example.com:${port}` }, 421],
    [{ host: '127.0.0.1' }, 421],
    [{ origin: url }, 200],
    [{ origin: 'http://example.com' }, 403],
    [{ origin: 'null' }, 403],
  ] as const) {
    const answer = await nobody('GET', '/v3', { headers: { ...headers } });
    expect([headers, answer.status]).toEqual([headers, status]);
  }
});

it('P42: asks for a token everywhere but at the door', async () => {
  const { nobody } = await freshSandbox();
  const open = routes.filter(({ isOpen }) => isOpen).map(({ name }) => name);
  expect(open).toEqual(['GET /', 'GET /v3', 'GET /v3/', 'POST /v3/auth/tokens']);
  for (const { name, method, service, isOpen } of routes) {
    if (isOpen) continue;
    const path = `${service === 'identity' ? '' : `/${service}`}${name.split(' ')[1]}`;
    for (const headers of [{}, { 'x-auth-token': 'guessed' }]) {
      expect([name, (await nobody(method, path, { headers })).status]).toEqual([name, 401]);
    }
  }
});

it('P42: takes nothing but UUIDs for ids', async () => {
  const { demo, admin } = await freshSandbox();
  for (const id of [
    '..',
    '%2e%2e',
    '..%2f..%2fetc%2fpasswd',
    '%00',
    'records.mdb',
    '__proto__',
    'x'.repeat(4000),
    '%zz',
  ]) {
    for (const path of [`${images}/${id}`, `${images}/${id}/file`, `${images}/${id}/members`]) {
      expect([path, (await demo('GET', path)).status]).toEqual([path, 404]);
    }
    expect((await admin('GET', `/image/v2/tasks/${id}`)).status).toBe(404);
    expect((await demo('PUT', `${images}/${id}/file`, { bytes: [Buffer.from('x')] })).status).toBe(404);
    expect((await demo('GET', `${images}?marker=${id}`)).status).toBe(400);
  }
});

it('P42: bounds bodies, their depth, and headers', async () => {
  const { demo, nobody } = await served();
  const nested = (depth: number) => Buffer.from(`{"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`);
  expect((await demo('POST', images, { bytes: [Buffer.alloc(1024 * 1024 + 1, 0x20)] })).status).toBe(413);
  for (const [depth, words] of [
    [100, 'does not match schema'],
    [101, 'Malformed JSON in request body.'],
    [100_000, 'Malformed JSON in request body.'],
  ] as const) {
    const answer = await demo('POST', images, { bytes: [nested(depth)] });
    expect([answer.status, answer.bytes.toString()]).toEqual([400, expect.stringContaining(words)]);
  }
  expect((await demo('POST', images, { json: { name: '[[[{{{"'.repeat(30) } })).status).toBe(201);
  const login = await nobody('POST', '/v3/auth/tokens', {
    bytes: [nested(101)],
    headers: { 'content-type': 'application/json' },
  });
  expect(login.status).toBe(400);
  expect((await demo('GET', images, { headers: { 'x-long': 'x'.repeat(17_000) } })).status).toBe(431);
});

it('P42: stops in the middle of transfers, and no upload that it breaks becomes active', async () => {
  const faults = [on('GET /v2/images/:id/file', slow(60_000))];
  const { url, stop, credentials, demo } = await served({ faults });
  const whole = await filled(demo);
  const id = await made(demo, { disk_format: 'raw', container_format: 'bare' });
  const headers = {
    'x-auth-token': await logIn(overPort(url), credentials.demo),
    'content-type': 'application/octet-stream',
  };
  const upload = request(`${url}${images}/${id}/file`, { method: 'PUT', headers });
  const download = request(`${url}${images}/${whole}/file`, { headers });
  const broken = [upload, download].map((it) => new Promise((resolve) => it.on('error', resolve)));
  upload.write('piece');
  download.end();
  while (jsonOf(await demo('GET', `${images}/${id}`)).status !== 'saving');
  await stop();
  for (const error of await Promise.all(broken)) expect(error).toBeInstanceOf(Error);
  await expect(demo('GET', images)).rejects.toThrow('ECONNREFUSED');
});

it('gives the variables that clients read, for each of its users', async () => {
  const { url, env, envOf, credentials } = await sandboxCloud();
  expect(env).toEqual({
    OS_AUTH_URL: `${url}/v3`,
    OS_IDENTITY_API_VERSION: '3',
    OS_USERNAME: 'demo',
    OS_PASSWORD: credentials.demo.password,
    OS_PROJECT_NAME: 'demo',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
    OS_REGION_NAME: 'RegionOne',
  });
  expect(envOf('admin')).toMatchObject({ OS_USERNAME: 'admin', OS_PROJECT_NAME: 'admin' });
});
