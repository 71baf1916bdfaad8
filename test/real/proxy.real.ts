import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authority, good, key } from '../http/certificates.ts';
import { proxy } from '../support/proxy.ts';
import { hasGlance } from './support/beside.ts';
import { folder } from './support/disks.ts';
import { demo } from './support/people.ts';
import { endpointOf, make } from './support/witness.ts';

const data = Buffer.from(Array.from({ length: 5_000_000 }, (_, at) => (at * at) % 253));

describe('through a proxy', () => {
  it('images go up and down', async ({ onTestFinished: later }) => {
    const where = await folder(later);
    await writeFile(join(where, 'disk'), data);
    const { url, asked } = await proxy();
    const env = { ...demo.env, http_proxy: url.replace('//', '//me:secret@') };
    const run = (...words: string[]) => demo.tglance(words, { env });
    const { id } = await make(demo, later, { disk_format: 'raw', container_format: 'bare' });
    expect(await run('image-upload', id, '--file', join(where, 'disk'))).toMatchObject({ code: 0, err: '' });
    expect((await run('image-download', id)).bytes.equals(data)).toBe(true);
    expect(asked.map(({ line }) => line)).toContainEqual(expect.stringMatching(/^PUT http:.*\/file$/));
    const sent = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    expect(new Set(asked.map(({ headers }) => headers['proxy-authorization']))).toEqual(new Set([sent]));
  });

  it('an encrypted cloud is reached, and nobody between sees the token', async ({
    onTestFinished: later,
  }) => {
    const where = await folder(later);
    await writeFile(join(where, 'ca.pem'), authority);
    const { url, asked } = await proxy();
    const image = await encrypted(await endpointOf(demo));
    const identity = await encrypted(demo.env.OS_AUTH_URL ?? '');
    const env = {
      ...demo.env,
      OS_AUTH_URL: `${identity}/v3`,
      OS_IMAGE_ENDPOINT_OVERRIDE: image,
      OS_CACERT: join(where, 'ca.pem'),
      HTTPS_PROXY: url,
    };
    expect(await demo.tglance(['image-list', '--no-cache'], { env })).toMatchObject({ code: 0, err: '' });
    expect(new Set(asked.map(({ line }) => line))).toEqual(
      new Set([identity, image].map((it) => `CONNECT ${new URL(it).host}`)),
    );
  });

  it.runIf(hasGlance).each([
    [{}, true],
    [{ NO_PROXY: '127.0.0.1' }, false],
    [{ no_proxy: '127.0.0.0/8', NO_PROXY: '' }, false],
    [{ no_proxy: '*' }, false],
    [{ no_proxy: 'localhost' }, true],
    [{ REQUEST_METHOD: 'GET' }, false],
  ])('with %j a cloud is reached as glance reaches it', async (more, through) => {
    for (const program of [demo.tglance, demo.glance]) {
      const { url, asked } = await proxy();
      const env = { ...demo.env, ...more, HTTP_PROXY: url };
      expect((await program(['image-list'], { env })).code).toBe(0);
      expect(asked.length > 0).toBe(through);
    }
  });
});

/** The same place behind TLS: only what is unpacked goes on to it. */
async function encrypted(place: string): Promise<string> {
  const { hostname, port } = new URL(place);
  const server = createServer({ cert: good, key }, (socket) => {
    const on = connect(Number(port), hostname);
    socket.on('error', () => on.destroy());
    on.on('error', () => socket.destroy());
    socket.pipe(on).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
